import {
  type ChatEvent,
  type ChatRequest,
  createFold,
  createGateway,
  createMemoryLedger,
  createMemoryVault,
  type Key,
  type Message,
  type Model,
  type Part,
  type ProviderOverrides,
} from '@patchbay/core';

/** Whom a test asks, and over which key. */
export interface Asked {
  readonly provider: string;
  readonly model: string;
  readonly baseUrl: string;
  readonly overrides?: ProviderOverrides;
}

export const SECRET = 'secret-0123456789';
export const CENT = 10_000_000n;
/** What a key may spend a day. */
export const LIMIT = CENT * 100n;
/** $1 and $10 a million tokens, and a tenth of it for what a cache served. */
const PRICE = { input: '0.000001', output: '0.00001', cacheRead: '0.0000001' };

/** What runs on one's own machine. */
const FREE = { input: '0', output: '0' };

export const user = (...parts: Part[]): Message => ({ role: 'user', parts });
export const say = (text: string): Part => ({ type: 'text', text });

export interface Watching {
  readonly signal?: AbortSignal;
  /** Told each event as it comes. */
  readonly seen?: (event: ChatEvent) => void;
}

/** Everything that one request came to. */
export type Outcome = Awaited<ReturnType<Stage['ask']>>;
export type Stage = ReturnType<typeof createStage>;

/** A gateway of its own, with a vault and a ledger in memory, over the real network of this machine. */
export function createStage() {
  let ids = 0;
  const ledger = createMemoryLedger();
  const vault = createMemoryVault({
    raisePolicy: (account, version) => ledger.raisePolicy(account, version),
    now: () => Date.now(),
    newId: () => `key-${++ids}`,
  });
  const gateway = createGateway({
    fetch,
    vault,
    ledger,
    catalog: {
      find: async (provider, id): Promise<Model> => ({
        id,
        provider,
        source: 'live',
        price: provider === 'ollama' ? FREE : PRICE,
        contextTokens: 200_000,
      }),
      list: async () => [],
    },
    blob: async () => undefined,
    owner: { id: 'owner', leaseMs: 30_000 },
    now: () => Date.now(),
    newId: () => `id-${++ids}`,
  });

  let key: Promise<Key> | undefined;
  /** The stage's one key, made for whoever is asked first. */
  const addKey = (asked: Asked, limit = LIMIT): Promise<Key> => {
    key ??= vault.add({
      label: 'Work',
      provider: asked.provider,
      baseUrl: asked.baseUrl,
      secret: SECRET,
      caps: [{ limit, window: 'day' }],
      ...(asked.overrides && { overrides: asked.overrides }),
    });
    return key;
  };

  const ask = async (
    asked: Asked,
    request: Partial<ChatRequest> = {},
    { signal = new AbortController().signal, seen }: Watching = {},
  ) => {
    const key = await addKey(asked);
    const events: ChatEvent[] = [];
    const full: ChatRequest = {
      choice: { provider: asked.provider, model: asked.model, keyId: key.id },
      messages: [user(say('Hello'))],
      maxOutputTokens: 4_000,
      ...request,
    };
    for await (const batch of gateway.chat(full, { runId: `run-${++ids}`, signal })) {
      events.push(...batch);
      for (const event of batch) seen?.(event);
    }
    const fold = createFold({ provider: asked.provider, model: full.choice.model });
    fold.push(events);
    const answer = fold.answer();
    const status = await ledger.status(key.fingerprint, key.policy.caps);
    return {
      key,
      events,
      ...answer,
      text: answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
      thought: answer.parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join(''),
      calls: answer.parts.flatMap((part) => (part.type === 'tool-call' ? [part] : [])),
      /** Only these may be acted on. */
      finalCalls: events.flatMap((event) => (event.type === 'tool-call-end' ? [event.callId] : [])),
      sources: answer.parts.flatMap((part) => (part.type === 'citation' ? [part.url] : [])),
      notices: events.flatMap((event) => (event.type === 'notice' ? [event.code] : [])),
      cost: events.find((event) => event.type === 'cost'),
      left: status.caps[0]?.left,
    };
  };
  return { ask, addKey };
}
