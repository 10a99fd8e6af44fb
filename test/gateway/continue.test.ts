import {
  type ChatEvent,
  type ChatRequest,
  createFold,
  createGateway,
  createMemoryLedger,
  createMemoryVault,
  type GatewayPorts,
  type Key,
  type Ledger,
  type ModelChoice,
  type Vault,
} from '@patchbay/core';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Behaviour, startWireServer, type WireKind, type WireServer } from '../support/wire-servers.ts';

/** What comes after a failure, over three protocols and real HTTP: the next model, the same one again, a continuation. */

const KINDS: readonly WireKind[] = ['openai', 'anthropic', 'google'];
/** $1 and $10 a million tokens, at all of them. */
const PRICE = { input: '0.000001', output: '0.00001' };
const DOLLAR = 1_000_000_000n;
/** 100 tokens in, 20 out. */
const ANSWER = 300_000n;

let servers: Record<WireKind, WireServer>;
let keys: Record<WireKind, Key>;
let vault: Vault;
let ledger: Ledger;
let remembered: ModelChoice[];
let ids = 0;

beforeAll(async () => {
  const started = await Promise.all(KINDS.map(startWireServer));
  servers = Object.fromEntries(started.map((server) => [server.kind, server])) as Record<WireKind, WireServer>;
});
afterAll(async () => {
  await Promise.all(KINDS.map((kind) => servers[kind].close()));
});

beforeEach(async () => {
  vault = createMemoryVault({
    raisePolicy: (account, version) => ledger.raisePolicy(account, version),
    now: Date.now,
    newId: () => `key-${++ids}`,
  });
  ledger = createMemoryLedger();
  remembered = [];
  const added: [WireKind, Key][] = [];
  for (const kind of KINDS) {
    const { url: baseUrl, secret } = servers[kind];
    const caps = [{ limit: DOLLAR, window: 'day' as const }];
    added.push([kind, await vault.add({ label: kind, provider: kind, baseUrl, secret, caps })]);
    servers[kind].behave({ does: 'answer', pieces: ['OK.'] });
    (servers[kind].asked as unknown[]).length = 0;
  }
  keys = Object.fromEntries(added) as Record<WireKind, Key>;
});

const ports = (): GatewayPorts => ({
  fetch,
  vault,
  ledger,
  catalog: {
    find: async (provider, id) => ({ id, provider, source: 'live', price: PRICE, contextTokens: 200_000 }),
    list: async () => [],
  },
  blob: async () => undefined,
  wholeOnly: {
    has: async (choice) => remembered.some((one) => one.model === choice.model && one.keyId === choice.keyId),
    add: async (choice) => {
      remembered.push(choice);
    },
  },
  owner: { id: 'owner', leaseMs: 30_000 },
  now: Date.now,
  newId: () => `id-${++ids}`,
});

const at = (kind: WireKind): ModelChoice => ({
  provider: kind,
  model: servers[kind].model,
  keyId: keys[kind].id,
});

async function run(more: Partial<ChatRequest> & Pick<ChatRequest, 'choice'>, using = createGateway(ports())) {
  const events: ChatEvent[] = [];
  const request: ChatRequest = {
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'What are tides?' }] }],
    maxOutputTokens: 1_000,
    ...more,
  };
  const signal = new AbortController().signal;
  for await (const batch of using.chat(request, { runId: `run-${++ids}`, signal })) events.push(...batch);
  const fold = createFold();
  fold.push(events);
  const answer = fold.answer();
  const hops = events.flatMap((one) => (one.type === 'attempt-failed' ? [one] : []));
  return {
    events,
    hops,
    text: answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    finish: answer.finish,
    costs: events.flatMap((one) => (one.type === 'cost' ? [one] : [])),
  };
}

/** What is spent and what is held on each key, nano-USD; the ledger's books are in order. */
async function money(): Promise<Record<WireKind, { spent: bigint; reserved: bigint }>> {
  expect(await ledger.audit()).toEqual([]);
  const entries = await Promise.all(
    KINDS.map(async (kind) => {
      const { caps } = await ledger.status(keys[kind].fingerprint, keys[kind].policy.caps);
      return [kind, { spent: caps[0]?.spent ?? -1n, reserved: caps[0]?.reserved ?? -1n }] as const;
    }),
  );
  return Object.fromEntries(entries) as Record<WireKind, { spent: bigint; reserved: bigint }>;
}

/** Who speaks last in the first question that a server was asked. */
const lastRole = (kind: WireKind): string | undefined => {
  const json = servers[kind].asked[0]?.json ?? {};
  return ((json.messages ?? json.contents) as { readonly role: string }[]).at(-1)?.role;
};

const cut = (text: string): ChatRequest['messages'] => [
  { role: 'user', parts: [{ type: 'text', text: 'What are tides?' }] },
  { role: 'assistant', parts: [{ type: 'text', text, origin: { provider: 'openai', model: 'gpt-4.1' } }] },
];

const orders: readonly (readonly [WireKind, WireKind, WireKind])[] = [
  ['openai', 'anthropic', 'google'],
  ['anthropic', 'google', 'openai'],
  ['google', 'openai', 'anthropic'],
];

it.each(orders)('%s overloaded, %s killed in mid-stream, continued by %s', async (first, second, third) => {
  const [begun, rest] = ['Tides are the rise and fall of sea ', 'levels.\nThe moon makes them.'];
  servers[first].behave({ does: 'overloaded', retryAfter: '20' });
  servers[second].behave({ does: 'die', pieces: ['Tides are the rise and ', 'fall of sea '] });
  const answer = await run({ choice: at(first), fallbacks: [at(second), at(third)] });
  expect(answer.text).toBe(begun);
  expect(answer.finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'truncated' } });
  expect(answer.hops).toMatchObject([{ attempt: { number: 1, provider: first }, failure: { kind: 'overloaded' } }]);
  expect(servers[third].asked).toHaveLength(0);

  // It says again what it was asked to, unless it goes on by itself.
  const goesOn = third === 'anthropic';
  servers[third].behave({
    does: 'answer',
    pieces: [...(goesOn ? ` ${rest}` : `Tides are the rise and fall of sea ${rest}`)],
  });
  const continued = await run({ choice: at(third), messages: cut(answer.text) });
  expect(begun + continued.text).toBe(begun + rest);
  expect(continued.finish?.reason).toBe('stop');
  const sent = JSON.stringify(servers[third].asked[0]?.json);
  expect(sent.includes('Your last answer was cut off')).toBe(!goesOn);

  const spent = await money();
  expect(spent[first]).toEqual({ spent: 0n, reserved: 0n });
  expect(spent[third]).toEqual({ spent: ANSWER, reserved: 0n });
  // What the killed one cost nobody knows: all that could be.
  expect(spent[second].reserved).toBe(0n);
  expect(spent[second].spent).toBeGreaterThan(1_000n * 10_000n - 1n);
  expect(spent[second].spent).toBeLessThanOrEqual(DOLLAR);
});

describe('a continuation', () => {
  it.each(KINDS)('of an answer that was complete adds nothing, and is no failure: %s', async (kind) => {
    servers[kind].behave({ does: 'answer', pieces: [] });
    const { text, finish } = await run({ choice: at(kind), messages: cut('Tides come and go.') });
    expect(text).toBe('');
    expect(finish).toMatchObject({ reason: 'stop' });
    expect(finish).not.toHaveProperty('failure');
  });

  it('is asked for, not begun, where the model is to think first', async () => {
    await run({
      choice: at('anthropic'),
      messages: cut('Tides come'),
      reasoningEffort: 'high',
      maxOutputTokens: 4_000,
    });
    expect(servers.anthropic.asked[0]?.json).toMatchObject({ thinking: { type: 'enabled' } });
    expect(lastRole('anthropic')).toBe('user');
  });

  it('is gone on with in the words of a provider that wants the answer marked, whatever it says again (quirk 171)', async () => {
    const { url: baseUrl } = servers.openai;
    const secret = 'm'.repeat(32);
    const key = await vault.add({ label: 'Mistral', provider: 'mistral', baseUrl, secret, caps: [] });
    const choice = { provider: 'mistral', model: 'mistral-small-2506', keyId: key.id };
    servers.openai.behave({ does: 'answer', pieces: ['Tides', ' come', ' and go.'] });
    expect((await run({ choice, messages: cut('Tides ') })).text).toBe('come and go.');
    expect(servers.openai.asked[0]?.json.messages).toEqual([
      { role: 'user', content: 'What are tides?' },
      { role: 'assistant', content: 'Tides', prefix: true },
    ]);
    // JSON is not begun in the middle.
    await run({ choice, messages: cut('{'), responseFormat: { type: 'json' } });
    expect(servers.openai.asked[1]?.json.messages).toMatchObject([
      { role: 'system' },
      { role: 'user' },
      { role: 'assistant', content: '{' },
      { role: 'user' },
    ]);
  });

  it('falls back too, and each model is handed the cut answer in its own way', async () => {
    servers.anthropic.behave({ does: 'overloaded' });
    servers.google.behave({ does: 'answer', pieces: ['Tides come', ' and go.'] });
    const { text, hops } = await run({
      choice: at('anthropic'),
      fallbacks: [at('google')],
      messages: cut('Tides come'),
    });
    expect(text).toBe(' and go.');
    expect(hops).toHaveLength(1);
    expect([lastRole('anthropic'), lastRole('google')]).toEqual(['assistant', 'user']);
  });
});

it('a model that dies while it only repeats gives way to the next one: nobody has seen anything of it', async () => {
  servers.openai.behave({ does: 'die', pieces: ['Tides come', ' and '] });
  servers.google.behave({ does: 'answer', pieces: ['Tides come and go.'] });
  const { text, hops } = await run({
    choice: at('openai'),
    fallbacks: [at('google')],
    messages: cut('Tides come and '),
  });
  expect(text).toBe('go.');
  expect(hops).toMatchObject([{ failure: { kind: 'truncated' } }]);
  expect((await money()).openai.spent).toBeGreaterThan(0n);
});

describe('the same place again', () => {
  it('is asked after a wait that it named and that is short, once, and each attempt is admitted anew', async () => {
    servers.openai.behave({ does: 'overloaded', retryAfter: '0.02' });
    const { hops, finish } = await run({ choice: at('openai'), fallbacks: [at('anthropic')] });
    expect(finish?.reason).toBe('stop');
    expect(hops.map(({ attempt }) => [attempt.number, attempt.provider])).toEqual([
      [1, 'openai'],
      [2, 'openai'],
    ]);
    expect(servers.openai.asked).toHaveLength(2);
    expect((await ledger.history()).map(({ state }) => state).sort()).toEqual(['released', 'released', 'settled']);
  });

  it('is left alone where the wait is longer', async () => {
    servers.openai.behave({ does: 'overloaded', retryAfter: '3' });
    const { hops } = await run({ choice: at('openai'), fallbacks: [at('anthropic')] });
    expect(hops).toHaveLength(1);
    expect(servers.openai.asked).toHaveLength(1);
  });

  it('stops waiting when the user stops', async () => {
    servers.openai.behave({ does: 'overloaded', retryAfter: '1.9' });
    const stop = new AbortController();
    const events: ChatEvent[] = [];
    const messages = cut('x').slice(0, 1);
    const chat = createGateway(ports()).chat({ choice: at('openai'), messages }, { runId: 'r', signal: stop.signal });
    for await (const batch of chat) {
      events.push(...batch);
      if (batch.some(({ type }) => type === 'attempt-failed')) stop.abort();
    }
    expect(events.at(-1)).toMatchObject({ type: 'finish', failure: { kind: 'aborted' } });
    expect(servers.openai.asked).toHaveLength(1);
  });

  it.each(KINDS)(
    'is asked for an answer in one piece where it does not stream, from then on at once: %s',
    async (kind) => {
      servers[kind].behave({ does: 'refuse-streams', pieces: ['In one piece.'] });
      const streamed = () =>
        servers[kind].asked.map(({ json, path }) => json.stream === true || path.includes(':streamGenerateContent'));
      const first = await run({ choice: at(kind) });
      expect([first.text, first.finish?.reason, first.hops]).toEqual(['In one piece.', 'stop', []]);
      expect(first.costs).toMatchObject([{ usd: '0.0003', source: 'price-table' }]);
      expect(streamed()).toEqual([true, false]);
      expect(first.events).toContainEqual(expect.objectContaining({ type: 'notice', field: 'stream' }));
      // Another gateway: after a restart.
      const later = await run({ choice: at(kind) });
      expect(later.text).toBe('In one piece.');
      expect(later.hops).toEqual([]);
      expect(streamed()).toEqual([true, false, false]);
      expect((await money())[kind]).toEqual({ spent: 2n * ANSWER, reserved: 0n });
    },
  );
});

it.each(KINDS)('an answer that streams where it was asked for in one piece is read all the same: %s', async (kind) => {
  servers[kind].behave({ does: 'refuse-streams', pieces: ['In ', 'pieces.'], anyway: true });
  const { text, finish, costs } = await run({ choice: at(kind) });
  expect([text, finish?.reason]).toEqual(['In pieces.', 'stop']);
  expect(costs).toMatchObject([{ usd: '0.0003', source: 'price-table' }]);
});

const loops = KINDS.flatMap((kind) => [
  [kind, ['la '], /^(la ){1000,}$/] as const,
  [kind, ['I', ' am', ' so', 'rry. '], /^(I am sorry\. ){1001,}(I|I am|I am so)?$/] as const,
]);
it.each(loops)(
  'an answer that repeats itself without end is stopped, kept and settled (quirk 156): %s, %j',
  async (kind, pieces, kept) => {
    servers[kind].behave({ does: 'loop', pieces });
    const { text, finish } = await run({ choice: at(kind), fallbacks: [at(kind === 'openai' ? 'google' : 'openai')] });
    expect(finish).toMatchObject({
      reason: 'interrupted',
      failure: {
        kind: 'malformed-output',
        userAction: 'continue',
        message: expect.stringContaining('again and again'),
      },
    });
    expect(text).toMatch(kept);
    const { spent, reserved } = (await money())[kind];
    expect(reserved).toBe(0n);
    expect(spent).toBeGreaterThan(0n);
  },
);

it('whatever three providers do, in whatever order: one finish, every attempt settled, no cap passed', async () => {
  const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
    fc.constant({ does: 'overloaded' } as const),
    fc.constantFrom('0.01', '60').map((retryAfter) => ({ does: 'overloaded', retryAfter }) as const),
    fc
      .array(fc.constantFrom('Tides ', 'come ', 'and go.'), { maxLength: 3 })
      .map((pieces) => ({ does: 'answer', pieces }) as const),
    fc.array(fc.constantFrom('Tides ', 'come '), { maxLength: 2 }).map((pieces) => ({ does: 'die', pieces }) as const),
    fc.constant({ does: 'refuse-streams', pieces: ['At once.'] } as const),
  );
  const limit = fc.constantFrom(1_000_000n, 3_000_000n, DOLLAR);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...orders),
      fc.tuple(behaviour, behaviour, behaviour),
      fc.tuple(limit, limit, limit),
      fc.option(fc.constantFrom('Tides', 'Tides come and '), { nil: undefined }),
      async (order, behaviours, limits, begun) => {
        ledger = createMemoryLedger();
        for (const [index, kind] of order.entries()) {
          servers[kind].behave(behaviours[index] as Behaviour);
          const version = keys[kind].policy.version + 1;
          const caps = [{ limit: limits[index] as bigint, window: 'day' as const }];
          keys[kind] = await vault.setPolicy(keys[kind].id, { version, caps });
        }
        const [first, ...others] = order.map(at) as [ModelChoice, ...ModelChoice[]];
        const { events, finish } = await run({
          choice: first,
          fallbacks: others,
          ...(begun !== undefined && { messages: cut(begun) }),
        });
        expect(events.filter(({ type }) => type === 'finish')).toHaveLength(1);
        expect(events.at(-1)?.type).toBe('finish');
        expect(finish?.failure === undefined).toBe(['stop', 'length'].includes(finish?.reason ?? ''));
        const spent = await money();
        for (const [index, kind] of order.entries()) {
          expect(spent[kind].reserved).toBe(0n);
          expect(spent[kind].spent).toBeLessThanOrEqual(limits[index] as bigint);
        }
        for (const { state } of await ledger.history()) expect(['settled', 'released']).toContain(state);
      },
    ),
    { numRuns: 40 },
  );
});
