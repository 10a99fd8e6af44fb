import type { RecordKinds } from './migrations.ts';
import type { ConversationRecord, MessageRecord, RunRecord } from './records.ts';

/** One record of each kind with every field there is: what the current version's frozen fixture must hold. */
export const sample: { readonly [K in keyof RecordKinds]: Required<RecordKinds[K]> } = {
  conversation: {
    v: 1,
    id: 'c1',
    title: 'Tides',
    titled: true,
    createdAt: 1_767_225_600_000,
    updatedAt: 1_767_225_660_000,
    headId: 'm2',
    choice: { provider: 'openrouter', model: 'anthropic/claude-sonnet-4', keyId: 'k1' },
    system: 'Answer briefly.',
    parameters: {
      maxOutputTokens: 8192,
      temperature: 0.7,
      topP: 0.9,
      stop: ['END'],
      seed: 7,
      reasoningEffort: 'high',
    },
    draft: 'And the moon’s part?',
  },
  message: {
    v: 1,
    id: 'm2',
    conversationId: 'c1',
    parentId: 'm1',
    createdAt: 1_767_225_601_000,
    role: 'assistant',
    parts: [
      {
        type: 'reasoning',
        text: 'Two bulges …',
        origin: { provider: 'openrouter', model: 'anthropic/claude-sonnet-4' },
        raw: { type: 'reasoning.text', signature: 'EqQBCgIYAh==', index: 0 },
      },
      { type: 'text', text: 'Twice a day.', origin: { provider: 'openrouter', model: 'anthropic/claude-sonnet-4' } },
      { type: 'tool-call', callId: 'call_1', name: 'tide', arguments: '{"at":"Brest"}', repaired: true },
      {
        type: 'tool-result',
        callId: 'call_1',
        name: 'tide',
        content: [{ type: 'text', text: '6.1 m' }],
        isError: false,
      },
      {
        type: 'image',
        mediaType: 'image/png',
        source: { kind: 'blob', blobId: 'b1' },
        bytes: 3,
        alt: 'A chart of tides',
      },
      {
        type: 'file',
        name: 'tides.csv',
        mediaType: 'text/csv',
        source: { kind: 'url', url: 'https://example.org/tides.csv' },
        bytes: 12,
      },
      { type: 'citation', url: 'https://example.org/tides', title: 'Tides', quote: 'twice a day' },
      { type: 'server-tool', callId: 's1', name: 'web_search', input: { query: 'tides' }, output: [null, 1.5, true] },
    ],
    runId: 'r1',
    asked: { provider: 'openrouter', model: 'anthropic/claude-sonnet-4', keyId: 'k1' },
    answeredBy: { provider: 'Anthropic', model: 'anthropic/claude-4-sonnet-20250522' },
    status: 'interrupted',
    finishReason: 'interrupted',
    failure: {
      kind: 'truncated',
      retryable: true,
      fallbackable: true,
      status: 200,
      providerCode: 'stream_cut',
      message: 'The answer was cut off.',
      detail: 'connection reset',
      retryAfterMs: 1000,
      affordableTokens: 100,
      userAction: 'continue',
    },
    usage: {
      inputTokens: 12,
      outputTokens: 34,
      reasoningTokens: 5,
      cacheReadTokens: 6,
      cacheWriteTokens: 7,
      costUsd: '0.000123',
      upstreamCostUsd: '0.0001',
      byok: true,
      estimated: true,
    },
    cost: { usd: '0.000123', source: 'provider', capLeftUsd: '0.99' },
    notices: [{ code: 'max-tokens-shrunk', message: 'The answer was limited to 100 tokens to fit the cap.' }],
    hops: [
      {
        attempt: { number: 1, provider: 'openai', model: 'gpt-5', keyId: 'k2' },
        failure: {
          kind: 'rate-limit',
          retryable: true,
          fallbackable: true,
          message: 'gpt-5 is busy.',
          userAction: 'wait',
        },
      },
    ],
  },
  run: {
    v: 1,
    id: 'r1',
    conversationId: 'c1',
    userMessageId: 'm1',
    assistantMessageId: 'm2',
    status: 'running',
    startedAt: 1_767_225_601_000,
    endedAt: 1_767_225_660_000,
    ownerId: 'o1',
    leaseUntil: 1_767_225_675_000,
    seq: 42,
    stopRequested: true,
    reservationId: 'x1',
    responseId: 'gen-1',
  },
  blob: { v: 1, id: 'b1', mediaType: 'image/png', bytes: 3, createdAt: 1_767_225_601_000, kept: true },
  settings: {
    v: 1,
    id: 'settings',
    choice: { provider: 'openai', model: 'gpt-5', keyId: 'k2' },
    system: 'Be kind.',
    parameters: { maxOutputTokens: 4096 },
    theme: 'dark',
    pinned: ['openai/gpt-5'],
    enterSends: true,
    worstCase: { 'custom/local': { input: '1.25', output: '10' } },
  },
};

export function conversation(id: string, more: Partial<ConversationRecord> = {}): ConversationRecord {
  return {
    v: 1,
    id,
    title: '',
    titled: false,
    createdAt: 1,
    updatedAt: 1,
    headId: null,
    parameters: {},
    draft: '',
    ...more,
  };
}

export function message(
  id: string,
  conversationId: string,
  text: string,
  more: Partial<MessageRecord> = {},
): MessageRecord {
  return {
    v: 1,
    id,
    conversationId,
    parentId: null,
    createdAt: 1,
    role: 'user',
    parts: [{ type: 'text', text }],
    status: 'complete',
    ...more,
  };
}

export function run(id: string, conversationId: string, more: Partial<RunRecord> = {}): RunRecord {
  return {
    v: 1,
    id,
    conversationId,
    userMessageId: 'u',
    assistantMessageId: 'a',
    status: 'running',
    startedAt: 1,
    ownerId: 'o1',
    leaseUntil: 100,
    seq: 0,
    ...more,
  };
}
