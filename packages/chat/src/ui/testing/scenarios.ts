import type {
  ChatEvent,
  ConversationRecord,
  Failure,
  HostState,
  KeyView,
  MessageRecord,
} from '../../contract/index.ts';
import { createFakeHost, type FakeHost, type FakeHostOptions, refusal, type Script } from './fake-host.ts';
import { BLOBS, MEDIA_PARTS } from './media.ts';
import { GUIDE_MODEL, KEY, MODELS, manyModels } from './models.ts';
import { ARABIC, HOSTILE, longAnswer, PLAIN, RICH, THINKING } from './samples.ts';

/** A text as batches of events, `size` characters each. */
export function batchesOf(text: string, size: number, part = 0): ChatEvent[][] {
  const batches: ChatEvent[][] = [];
  for (let at = 0; at < text.length; at += size)
    batches.push([{ type: 'text', part, text: text.slice(at, at + size) }]);
  return batches;
}

const ATTEMPT = { number: 1, provider: 'openrouter', model: 'anthropic/claude-sonnet-4', keyId: 'k1' };

const ENDING: readonly ChatEvent[] = [
  { type: 'usage', usage: { inputTokens: 1204, outputTokens: 612, reasoningTokens: 88, costUsd: '0.012792' } },
  { type: 'finish', reason: 'stop' },
  { type: 'cost', usd: '0.012792', source: 'provider', capLeftUsd: '4.569008' },
];

/** An answer with everything: a hop, a notice, thinking, a tool, text, sources, usage and cost. */
export function fullAnswer(text: string, everyMs: number): Script {
  return {
    everyMs,
    firstMs: 120,
    batches: [
      [
        { type: 'attempt-start', attempt: ATTEMPT, maxOutputTokens: 8192 },
        { type: 'response-start', responseId: 'gen-1', model: 'anthropic/claude-sonnet-4', provider: 'openrouter' },
      ],
      ...batchesOf(THINKING, 12).map((batch) =>
        batch.map((event) => (event.type === 'text' ? { ...event, type: 'reasoning' as const } : event)),
      ),
      ...batchesOf(text, 9, 1),
      [
        { type: 'citation', part: 2, url: 'https://man7.org/linux/man-pages/man2/rename.2.html', title: 'rename(2)' },
        {
          type: 'citation',
          part: 3,
          url: 'https://example.com/logrotate',
          title: 'logrotate manual',
          quote: 'copytruncate …',
        },
      ],
      ENDING,
    ],
  };
}

export const plainAnswer = (text: string, everyMs = 8, size = 24): Script => ({
  everyMs,
  batches: [[{ type: 'response-start', model: 'anthropic/claude-sonnet-4' }], ...batchesOf(text, size), ENDING],
});

const record = (
  id: string,
  title: string,
  minutesAgo: number,
  more: Partial<ConversationRecord> = {},
): ConversationRecord => ({
  v: 1,
  id,
  title,
  titled: true,
  createdAt: Date.now() - minutesAgo * 60_000,
  updatedAt: Date.now() - minutesAgo * 60_000,
  headId: null,
  parameters: {},
  draft: '',
  ...more,
});

const SONNET = (MODELS[0] as (typeof MODELS)[number]).choice;

export function userMessage(
  conversationId: string,
  id: string,
  parentId: string | null,
  text: string,
  at: number,
): MessageRecord {
  return {
    v: 1,
    id,
    conversationId,
    parentId,
    createdAt: at,
    role: 'user',
    parts: [{ type: 'text', text }],
    status: 'complete',
  };
}

export function assistantMessage(
  conversationId: string,
  id: string,
  parentId: string,
  text: string,
  at: number,
  more: Partial<MessageRecord> = {},
): MessageRecord {
  return {
    ...{ v: 1, id, conversationId, parentId, createdAt: at, role: 'assistant', status: 'complete', asked: SONNET },
    ...{ parts: text === '' ? [] : [{ type: 'text', text }], finishReason: 'stop' },
    answeredBy: { provider: 'openrouter', model: 'anthropic/claude-sonnet-4' },
    usage: { inputTokens: 812, outputTokens: 340 },
    cost: { usd: '0.003125', source: 'provider', capLeftUsd: '4.5818' },
    ...more,
  };
}

function richConversation() {
  const at = Date.now() - 600_000;
  const id = 'rich';
  const messages: MessageRecord[] = [
    userMessage(id, 'u1', null, 'How do I rotate logs without losing a line?', at),
    assistantMessage(id, 'a1', 'u1', RICH, at + 1000, {
      parts: [
        { type: 'reasoning', text: THINKING },
        {
          type: 'server-tool',
          callId: 's1',
          name: 'web_search',
          input: { query: 'logrotate copytruncate' },
          output: { hits: 3 },
        },
        { type: 'text', text: RICH },
        { type: 'citation', url: 'https://man7.org/linux/man-pages/man2/rename.2.html', title: 'rename(2)' },
        { type: 'citation', url: 'https://example.com/logrotate', title: 'logrotate manual' },
      ],
      hops: [
        {
          attempt: { number: 1, provider: 'openrouter', model: 'openai/gpt-5-mini', keyId: 'k1' },
          failure: refusal('rate-limit', 'GPT-5 mini takes no more requests for 20 s.'),
        },
      ],
      notices: [
        {
          code: 'max-tokens-shrunk',
          message: 'The answer was limited to 2,048 tokens, so that it fits under the cap of $5 a day.',
        },
      ],
      asked: (MODELS[1] as (typeof MODELS)[number]).choice,
    }),
    assistantMessage(id, 'a1b', 'u1', PLAIN, at + 2000),
    userMessage(id, 'u2', 'a1', 'And does the rename disturb a writer that has the file open?', at + 3000),
    assistantMessage(id, 'a2', 'u2', PLAIN, at + 4000),
  ];
  return { record: record(id, 'Rotating logs without losing a line', 10, { headId: 'a2', choice: SONNET }), messages };
}

function longConversation(turns: number) {
  const id = 'long';
  const messages: MessageRecord[] = [];
  let parent: string | null = null;
  for (let n = 0; n < turns; n += 1) {
    const at = Date.now() - (turns - n) * 60_000;
    messages.push(userMessage(id, `u${n}`, parent, `Question ${n}: what comes after ${n}?`, at));
    messages.push(
      assistantMessage(
        id,
        `a${n}`,
        `u${n}`,
        n % 4 === 0 ? longAnswer(1500) : `${n + 1} comes after ${n}. ${PLAIN}`,
        at + 1,
      ),
    );
    parent = `a${n}`;
  }
  return { record: record(id, 'A long conversation', 30, { headId: parent, choice: SONNET }), messages };
}

export const FAILURES: readonly Failure[] = [
  refusal(
    'auth',
    'OpenRouter refused the key “Personal” for Claude Sonnet 4: it is not valid. Nothing was charged. Check the key.',
    {
      userAction: 'check-key',
      status: 401,
      detail: 'No auth credentials found',
    },
  ),
  refusal('rate-limit', 'Claude Sonnet 4 takes no more requests right now. Nothing was charged. Try again in 20 s.', {
    userAction: 'wait',
    retryable: true,
    retryAfterMs: 20_000,
    status: 429,
  }),
  refusal(
    'cap',
    'Claude Sonnet 4 could cost up to $0.12 here, and $0.01 is left of the cap of $5 a day on “Personal”. Nothing was sent. An answer of at most 412 tokens would fit.',
    {
      userAction: 'raise-cap',
      affordableTokens: 412,
    },
  ),
  refusal(
    'model-gone',
    'OpenRouter does not offer “vendor/old-model” any more. Nothing was charged. Pick another model.',
    {
      userAction: 'other-model',
      status: 404,
    },
  ),
  refusal(
    'price-unknown',
    'Nobody publishes a price for Unknown One, so no cap can hold it. Nothing was sent. Set the most it may cost.',
    {
      userAction: 'set-price',
    },
  ),
  refusal(
    'context-length',
    'This conversation is longer than Claude Sonnet 4 can read. Nothing was charged. Shorten the message or pick a model with a larger context.',
    {
      userAction: 'shorten',
    },
  ),
  refusal(
    'truncated',
    'The connection to OpenRouter was cut while Claude Sonnet 4 was answering. What came is kept and was charged $0.002.',
    {
      userAction: 'continue',
    },
  ),
];

function failedConversation() {
  const id = 'errors';
  const messages: MessageRecord[] = [];
  let parent: string | null = null;
  FAILURES.forEach((failure, n) => {
    const at = Date.now() - 5000;
    messages.push(userMessage(id, `u${n}`, parent, `Try ${failure.kind}`, at + n * 2));
    const {
      cost: _cost,
      usage: _usage,
      finishReason: _reason,
      answeredBy: _by,
      ...bare
    } = assistantMessage(
      ...([id, `a${n}`, `u${n}`, failure.kind === 'truncated' ? PLAIN : '', at + n * 2 + 1] as const),
    );
    messages.push({ ...bare, status: failure.kind === 'truncated' ? 'interrupted' : 'failed', failure });
    parent = `a${n}`;
  });
  return { record: record(id, 'Everything that can go wrong', 5, { headId: parent, choice: SONNET }), messages };
}

/** An answer that two models failed to give, one that two models wrote, and one that was cut. */
function routeConversation() {
  const id = 'route';
  const at = Date.now() - 5000;
  const { choice: gpt } = MODELS[1] as (typeof MODELS)[number];
  const { choice: gemini } = MODELS[2] as (typeof MODELS)[number];
  const overloaded = refusal('overloaded', 'Claude Sonnet 4 did not answer: OpenRouter is overloaded.', {
    userAction: 'retry',
    status: 529,
  });
  const passed = refusal('scope', 'google/gemini-3-flash was passed over: it may cost more than Claude Sonnet 4.', {
    userAction: 'other-model',
  });
  const unreached = refusal('network', 'Claude Sonnet 4 did not answer: the connection to OpenRouter broke.');
  const byGpt = { answeredBy: { provider: 'openrouter', model: 'openai/gpt-5-mini' } };
  const paid = { cost: { usd: '0.0021', source: 'provider' } } as const;
  const hop = { attempt: ATTEMPT, failure: overloaded };
  const cutOff = refusal('truncated', 'The answer of GPT-5 mini is cut off: the connection ended before it was done.', {
    userAction: 'continue',
  });
  const messages: MessageRecord[] = [
    userMessage(id, 'u1', null, 'What makes the tides?', at),
    assistantMessage(id, 'a1', 'u1', PLAIN, at + 1, {
      ...byGpt,
      ...paid,
      hops: [hop, { attempt: { ...ATTEMPT, ...gemini, number: 2 }, failure: passed }],
    }),
    userMessage(id, 'u2', 'a1', 'And the moon?', at + 2),
    assistantMessage(id, 'begun', 'u2', PLAIN.slice(0, 60), at + 3, { status: 'interrupted', failure: cutOff }),
    assistantMessage(id, 'a2', 'u2', PLAIN, at + 4, {
      ...paid,
      ...byGpt,
      asked: gpt,
      earlier: [{ messageId: 'begun', asked: SONNET, cost: { usd: '0.012792', source: 'bound' } }],
    }),
    userMessage(id, 'u3', 'a2', 'And the wind?', at + 5),
    assistantMessage(id, 'cut', 'u3', PLAIN.slice(0, 80), at + 6, {
      ...byGpt,
      // Nobody knows what the first one cost; the message holds the sum.
      cost: { usd: '0.014892', source: 'provider' },
      hops: [{ attempt: ATTEMPT, failure: unreached, cost: { usd: '0.012792', source: 'bound' } }],
      status: 'interrupted',
      finishReason: 'interrupted',
      failure: cutOff,
    }),
  ];
  return { record: record(id, 'Three ways round a failure', 5, { headId: 'cut', choice: SONNET }), messages };
}

const others = () =>
  [
    ['Naming a variable', 50],
    ['Trip to Porto in May', 200],
    ['SQL: window functions against a self join, and when each of them wins', 1500],
    ['تدوير السجلات', 1700],
    ['Regex for ISO dates', 6000],
    ['Letter to the landlord', 40_000],
  ].map(([title, minutes], n) => ({ record: record(`other-${n}`, String(title), Number(minutes)), messages: [] }));

const settings: HostState['settings'] = {
  ...{ v: 1, id: 'settings', parameters: {}, theme: 'system', enterSends: true, choice: SONNET },
  pinned: ['anthropic/claude-sonnet-4', 'openai/gpt-5-mini', 'google/gemini-3-flash'].map((id) => `openrouter/${id}`),
};

const nearCap: KeyView = {
  ...KEY,
  caps: [{ ...(KEY.caps[0] as KeyView['caps'][number]), spentUsd: '4.1', reservedUsd: '0.45', leftUsd: '0.45' }],
};
const fullCap: KeyView = {
  ...KEY,
  caps: [{ ...(KEY.caps[0] as KeyView['caps'][number]), spentUsd: '5', reservedUsd: '0', leftUsd: '0' }],
};

const base: FakeHostOptions = {
  state: { keys: [KEY], settings },
  models: MODELS,
  conversations: others(),
  answer: ({ text, choice }) =>
    choice.provider === 'guide'
      ? plainAnswer(
          'I am the built-in guide. **Caps** hold because Patchbay reserves the most a message can cost before it sends a byte.',
          8,
        )
      : /hostile/i.test(text)
        ? plainAnswer(HOSTILE)
        : /slow/i.test(text)
          ? fullAnswer(longAnswer(6000), 40)
          : /long/i.test(text)
            ? plainAnswer(longAnswer(16_000), 16, 64)
            : fullAnswer(RICH, 12),
};

/** Worlds in which to look at the panel, by name. */
export const SCENARIOS: Readonly<Record<string, () => FakeHostOptions>> = {
  first: () => ({ ...base, state: {}, models: [GUIDE_MODEL], conversations: [] }),
  empty: () => ({ ...base, conversations: [] }),
  rich: () => ({ ...base, conversations: [richConversation(), ...others()] }),
  long: () => ({ ...base, conversations: [longConversation(120), ...others()] }),
  route: () => ({ ...base, conversations: [routeConversation()] }),
  errors: () => ({ ...base, conversations: [failedConversation()] }),
  media: () => {
    const at = Date.now() - 5000;
    const messages = [
      userMessage('media', 'u1', null, 'Say it, draw it, and hand me the file.', at),
      assistantMessage('media', 'a1', 'u1', '', at + 1, { parts: MEDIA_PARTS }),
    ];
    const conversation = { record: record('media', 'Sound and vision', 5, { headId: 'a1', choice: SONNET }), messages };
    return { ...base, blobs: BLOBS, conversations: [conversation] };
  },
  models: () => ({ ...base, models: manyModels(520), conversations: [richConversation(), ...others()] }),
  near: () => ({ ...base, state: { keys: [nearCap], settings }, conversations: [richConversation()] }),
  full: () => ({ ...base, state: { keys: [fullCap], settings }, conversations: [richConversation()] }),
  locked: () => ({
    ...base,
    state: { keys: [KEY], settings, vault: { mode: 'passphrase', locked: true } },
    conversations: [richConversation()],
  }),
  ledger: () => ({
    ...base,
    state: { keys: [KEY], settings, ledger: { state: 'missing' } },
    conversations: [richConversation()],
  }),
  ahead: () => ({
    ...base,
    state: {
      keys: [fullCap],
      settings,
      ledger: {
        state: 'ready',
        ahead: {
          message:
            'The record of what your keys have spent is about 73 years ahead of this computer’s clock. Caps hold, but none begins anew.',
          details:
            'It was written to when the clock said June 15, 2099. The entry before that is of August 19, 2026. Now the clock says August 20, 2026 at 9:41 AM. If that is wrong, correct the clock: nothing else is to be done.',
          remedy:
            'If that is right, set the record’s time back. It then goes on from now, and all that was recorded at a later time counts as spent now: today, this week and this month. Nothing that was spent is forgotten.',
        },
      },
    },
    conversations: [richConversation()],
  }),
  overrun: () => ({
    ...base,
    state: { keys: [{ ...KEY, locked: true }], settings },
    conversations: [richConversation()],
  }),
  rtl: () => {
    const { messages, record: rich } = richConversation();
    return {
      ...base,
      conversations: [
        {
          record: { ...rich, title: 'تدوير السجلات' },
          messages: messages.map((message) =>
            message.id === 'a2' ? { ...message, parts: [{ type: 'text', text: ARABIC }] } : message,
          ),
        },
        ...others(),
      ],
    };
  },
};

export const createScenario = (name: string): FakeHost =>
  createFakeHost((SCENARIOS[name] ?? SCENARIOS.rich)?.() ?? base);
