import {
  type ChatEvent,
  type ChatRequest,
  type Correction,
  createFold,
  createGateway,
  createMemoryLedger,
  createMemoryVault,
  type Gateway,
  type GatewayPorts,
  type Key,
  type Ledger,
  type Model,
  type Vault,
} from '@patchbay/core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type ModelServer, startModelServer, TEST_KEYS } from '../support/model-server/server.ts';

export const MODEL = 'test/model';
/** $1 and $10 a million tokens. */
export const PRICE = { input: '0.000001', output: '0.00001' };
export const CENT = 10_000_000n;

/** Speaks OpenRouter's wire. One for all tests of a file; all else is new for each test. */
export let server: ModelServer;
export let vault: Vault;
export let ledger: Ledger;
export let gateway: Gateway;
let ids = 0;
export let models: Map<string, Model>;
export let background: Promise<unknown>[];
export let corrections: Correction[];

beforeAll(async () => {
  server = await startModelServer({ speed: 50 });
});
afterAll(() => server.close());

beforeEach(() => {
  models = new Map([
    [
      MODEL,
      {
        id: MODEL,
        provider: 'openrouter',
        source: 'live',
        price: PRICE,
        parameters: ['max_tokens'],
        contextTokens: 200_000,
      },
    ],
  ]);
  background = [];
  corrections = [];
  vault = createMemoryVault({
    raisePolicy: (account, version) => ledger.raisePolicy(account, version),
    now: Date.now,
    newId: () => `key-${++ids}`,
  });
  ledger = createMemoryLedger();
  gateway = createGateway(ports());
  server.journal.clear();
});

let cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanUp) undo();
  cleanUp = [];
});

/** Takes the place of this test's ledger. */
export function useLedger(other: Ledger): void {
  ledger = other;
}

/** What a gateway needs, for one more of them over the same vault and ledger. */
export function ports(owner = 'owner'): GatewayPorts {
  return {
    fetch,
    vault,
    ledger,
    catalog: {
      find: async (provider, model) => {
        const found = models.get(model);
        return provider === 'guide'
          ? { id: model, provider, source: 'snapshot', price: { input: '0', output: '0' } }
          : found;
      },
      list: async () => [...models.values()],
    },
    blob: async () => undefined,
    owner: { id: owner, leaseMs: 30_000 },
    keepAwake: (work) => background.push(work),
    corrected: (correction) => corrections.push(correction),
    now: Date.now,
    newId: () => `id-${++ids}`,
  };
}

export async function addKey(limit?: bigint, secret = TEST_KEYS.good): Promise<Key> {
  return vault.add({
    label: 'Work',
    provider: 'openrouter',
    baseUrl: server.openRouterUrl,
    secret,
    ...(limit !== undefined && { caps: [{ limit, window: 'day' }] }),
  });
}

export const request = (key: Key, text = 'Hello', more: Partial<ChatRequest> = {}): ChatRequest => ({
  choice: { provider: 'openrouter', model: MODEL, keyId: key.id },
  messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
  ...more,
});

export const script = (...args: Parameters<ModelServer['script']>) => cleanUp.push(server.script(...args));

export async function run(
  asked: ChatRequest,
  options: { signal?: AbortSignal; onEvent?: (event: ChatEvent) => void; using?: Gateway } = {},
) {
  const events: ChatEvent[] = [];
  const chat = (options.using ?? gateway).chat(asked, {
    runId: `run-${++ids}`,
    signal: options.signal ?? new AbortController().signal,
  });
  for await (const batch of chat) {
    for (const event of batch) {
      events.push(event);
      options.onEvent?.(event);
    }
  }
  const of = <T extends ChatEvent['type']>(type: T) =>
    events.filter((event): event is Extract<ChatEvent, { type: T }> => event.type === type);
  const fold = createFold();
  fold.push(events);
  const text = fold
    .answer()
    .parts.map((part) => (part.type === 'text' ? part.text : ''))
    .join('');
  expect(of('finish')).toHaveLength(1);
  expect(events.at(-1)?.type).toBe('finish');
  return { events, of, text, finish: of('finish')[0]!, cost: of('cost')[0] };
}

export const chats = () => server.journal.chats();
/** All that was asked, but for bills that an earlier test left to be repaired. */
export const asked = () =>
  server.journal.exchanges.map((exchange) => exchange.path).filter((path) => !path.endsWith('/generation'));
export const sentMaximum = (at = 0) => chats()[at]?.json?.max_tokens as number;
