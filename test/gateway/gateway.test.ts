import { setTimeout as sleep } from 'node:timers/promises';
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
  providerOf,
  type Vault,
} from '@patchbay/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cutInFrame, errorInStream, garbage, hangsUp, refuses, scheduled } from '../support/model-server/scripts.ts';
import { type ModelServer, startModelServer, TEST_KEYS } from '../support/model-server/server.ts';

const MODEL = 'test/model';
/** $1 and $10 a million tokens. */
const PRICE = { input: '0.000001', output: '0.00001' };
const CENT = 10_000_000n;

let server: ModelServer;
let vault: Vault;
let ledger: Ledger;
let gateway: Gateway;
let ids = 0;
let models: Map<string, Model>;
let background: Promise<unknown>[];
let corrections: Correction[];

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

function ports(owner = 'owner'): GatewayPorts {
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

async function addKey(limit?: bigint, secret = TEST_KEYS.good): Promise<Key> {
  return vault.add({
    label: 'Work',
    provider: 'openrouter',
    baseUrl: server.openRouterUrl,
    secret,
    ...(limit !== undefined && { caps: [{ limit, window: 'day' }] }),
  });
}

const request = (key: Key, text = 'Hello', more: Partial<ChatRequest> = {}): ChatRequest => ({
  choice: { provider: 'openrouter', model: MODEL, keyId: key.id },
  messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
  ...more,
});

const script = (...args: Parameters<ModelServer['script']>) => cleanUp.push(server.script(...args));

async function run(
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

const chats = () => server.journal.chats();
/** All that was asked, but for bills that an earlier test left to be repaired. */
const asked = () =>
  server.journal.exchanges.map((exchange) => exchange.path).filter((path) => !path.endsWith('/generation'));
const sentMaximum = (at = 0) => chats()[at]?.json?.max_tokens as number;

describe('an answer', () => {
  it('streams, is settled at the provider’s figure, and says what is left of the cap', async () => {
    script(MODEL, scheduled(['Hel', 'lo.'], 10));
    const key = await addKey(CENT * 100n);
    const { events, text, finish, cost } = await run(request(key));
    expect(text).toBe('Hello.');
    expect(finish).toEqual({ type: 'finish', reason: 'stop', nativeReason: 'stop' });
    expect(events[0]).toMatchObject({ type: 'attempt-start', attempt: { number: 1, model: MODEL, keyId: key.id } });
    expect(cost).toEqual({ type: 'cost', usd: '0.00002', source: 'provider', capLeftUsd: '0.99998' });
    const status = await ledger.status(key.fingerprint, key.policy.caps);
    expect(status.caps[0]).toMatchObject({ spent: 20_000n, reserved: 0n });
    expect(await ledger.audit()).toEqual([]);
  });

  it('is settled by the price table where the provider names no cost', async () => {
    script(MODEL, async (stage) => {
      stage.text('Hi');
      stage.finish({ promptTokens: 1_000, completionTokens: 100 });
    });
    const { cost } = await run(request(await addKey(CENT * 100n)));
    expect(cost).toMatchObject({ usd: '0.002', source: 'price-table' });
  });

  it('counts the most it can have been where no usage came, and says so', async () => {
    script(MODEL, (stage) => {
      stage.text('Hi');
      stage.finish();
    });
    const { cost, of, finish } = await run(request(await addKey(CENT * 100n)));
    expect(finish.reason).toBe('stop');
    expect(cost?.source).toBe('estimate');
    expect(of('notice').map((notice) => notice.code)).toEqual(['usage-missing', 'cost-estimated']);
  });

  it('sends the secret to its origin alone, in one header, and the price it reserved at as a hard limit', async () => {
    script(MODEL, scheduled(['x'], 0));
    const { events } = await run(request(await addKey(CENT)));
    const [chat] = chats();
    expect(chat?.headers.authorization).toBe(`Bearer ${TEST_KEYS.good}`);
    expect(chat?.body).not.toContain(TEST_KEYS.good);
    expect(JSON.stringify(events)).not.toContain(TEST_KEYS.good);
    expect(chat?.json?.provider).toMatchObject({ max_price: { prompt: '1', completion: '10' } });
    expect(chat?.json?.stream).toBe(true);
  });

  it('comes from the built-in guide without key, ledger or network', async () => {
    const guide = providerOf('guide');
    expect(guide).toBeDefined();
    const { text, finish, cost } = await run({
      choice: { provider: 'guide', model: 'guide' },
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'How do I set a spend cap?' }] }],
    });
    expect(finish.reason).toBe('stop');
    expect(text.toLowerCase()).toContain('cap');
    expect(cost).toMatchObject({ usd: '0', source: 'free' });
    expect(asked()).toEqual([]);
    expect(await ledger.history()).toEqual([]);
  });
});

describe('a cap', () => {
  it('shrinks the answer to what fits, and says so', async () => {
    script(MODEL, scheduled(['x'], 0));
    const key = await addKey(CENT);
    const { of, finish } = await run(request(key));
    expect(finish.reason).toBe('stop');
    expect(of('notice')[0]).toMatchObject({ code: 'max-tokens-shrunk' });
    expect(of('notice')[0]?.message).toContain('$0.01 a day');
    expect(sentMaximum()).toBeLessThan(1_000);
    expect(sentMaximum()).toBeGreaterThan(900);
    expect(of('attempt-start')[0]?.maxOutputTokens).toBe(sentMaximum());
  });

  it('refuses before a byte is sent, naming the largest answer that would fit', async () => {
    const key = await addKey(1_000_000n);
    const { finish, cost } = await run(request(key));
    expect(finish).toMatchObject({ reason: 'error', failure: { kind: 'cap', userAction: 'raise-cap' } });
    const fits = finish.failure?.affordableTokens as number;
    expect(fits).toBeGreaterThan(0);
    expect(fits).toBeLessThan(128);
    expect(finish.failure?.message).toContain(`The largest answer that would fit is ${fits} tokens`);
    expect(finish.failure?.message).toContain(MODEL);
    expect(cost).toBeUndefined();
    expect(asked()).toEqual([]);
    expect((await ledger.status(key.fingerprint, key.policy.caps)).caps[0]).toMatchObject({ spent: 0n, reserved: 0n });
  });

  it('says so when not even the question would fit', async () => {
    const { finish } = await run(request(await addKey(10_000n)));
    expect(finish.failure?.message).toContain('Not even the question alone would fit');
    expect(finish.failure?.affordableTokens).toBe(0);
  });

  it('holds for 20 requests at once, whatever they turn out to cost', async () => {
    script(MODEL, async (stage) => {
      await stage.wait(50);
      stage.text('x');
      // The dearest honest bill: every token that was allowed.
      const most = stage.exchange.json?.max_tokens as number;
      stage.finish({ promptTokens: stage.exchange.body.length, completionTokens: most });
    });
    const key = await addKey(CENT);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => run(request(key, `Message ${index}`, { maxOutputTokens: 200 }))),
    );
    const { caps } = await ledger.status(key.fingerprint, key.policy.caps);
    expect(caps[0]?.spent).toBeLessThanOrEqual(CENT);
    const answered = outcomes.filter(({ finish }) => finish.reason === 'stop');
    expect(answered.length).toBe(chats().length);
    expect(answered.length).toBeGreaterThan(0);
    expect(answered.length).toBeLessThan(20);
    for (const { finish } of outcomes)
      if (finish.failure) expect(finish.failure.kind).toMatch(/^(cap|in-flight-budget)$/);
    expect(await ledger.audit()).toEqual([]);
  });

  it('refuses a model whose price nobody publishes, until the user names the most it may cost', async () => {
    script(MODEL, scheduled(['x'], 0));
    models.set(MODEL, { id: MODEL, provider: 'openrouter', source: 'live' });
    const key = await addKey(CENT * 100n);
    const first = await run(request(key));
    expect(first.finish.failure).toMatchObject({ kind: 'price-unknown', userAction: 'set-price' });
    expect(chats()).toEqual([]);
    const using = createGateway({ ...ports(), worstCase: async () => PRICE });
    const second = await run(request(key), { using });
    expect(second.finish.reason).toBe('stop');
  });

  it('that was edited meanwhile is read again', async () => {
    script(MODEL, scheduled(['x'], 0));
    const key = await addKey(CENT * 100n);
    await ledger.raisePolicy(key.fingerprint, key.policy.version + 5);
    const { finish } = await run(request(key));
    expect(finish.failure?.kind).toBe('ledger-locked');
    await vault.setPolicy(key.id, { version: key.policy.version + 1, caps: [{ limit: CENT, window: 'day' }] });
    const again = await run(request(key));
    expect(again.finish.reason).toBe('stop');
    expect(sentMaximum()).toBeLessThan(1_000);
  });
});

describe('a bill above the bound', () => {
  it('is an overrun: counted, said, and the key locked until the user agrees', async () => {
    script(MODEL, (stage) => {
      stage.text('x');
      stage.finish({ promptTokens: 10, completionTokens: 1, cost: 5 });
    });
    const key = await addKey(CENT);
    const first = await run(request(key));
    expect(first.finish.reason).toBe('stop');
    expect(first.of('notice').map((notice) => notice.code)).toContain('overrun');
    expect(first.cost).toMatchObject({ usd: '5', capLeftUsd: '0' });
    await vault.setPolicy(key.id, { version: key.policy.version + 1, caps: [] });
    const second = await run(request(key));
    expect(second.finish.failure).toMatchObject({ kind: 'ledger-locked', userAction: 'confirm-ledger' });
    expect(chats()).toHaveLength(1);
    await ledger.acknowledgeOverrun(key.fingerprint);
    expect((await run(request(key))).finish.reason).toBe('stop');
  });
});

describe('failures before anything was seen', () => {
  it.each([
    ['a wrong key', refuses(401, 'User not found.'), 'auth'],
    ['no credit', refuses(402, 'Insufficient credits'), 'credit'],
    ['a key over its own limit', refuses(403, 'Key limit exceeded (daily limit).'), 'key-limit'],
    ['an unknown model', refuses(404, 'No endpoints found for test/model.'), 'model-gone'],
    ['a rate limit', refuses(429, 'Rate limit exceeded', { headers: { 'retry-after': '7' } }), 'rate-limit'],
    ['an outage', refuses(500, 'Internal Server Error'), 'unavailable'],
  ])('release what was reserved: %s', async (_, answer, kind) => {
    script(MODEL, answer);
    const key = await addKey(CENT);
    const { finish, cost } = await run(request(key));
    expect(finish).toMatchObject({ reason: 'error', failure: { kind } });
    expect(finish.failure?.message).toMatch(/test\/model|OpenRouter/);
    expect(cost).toBeUndefined();
    expect((await ledger.status(key.fingerprint, key.policy.caps)).caps[0]).toMatchObject({ spent: 0n, reserved: 0n });
  });

  it('count in full where the connection died and nobody knows what was billed', async () => {
    script(MODEL, hangsUp);
    const key = await addKey(CENT);
    const { finish, cost } = await run(request(key));
    expect(finish.failure?.kind).toBe('network');
    expect(cost?.source).toBe('bound');
    const { caps } = await ledger.status(key.fingerprint, key.policy.caps);
    expect(caps[0]?.reserved).toBe(0n);
    expect(caps[0]?.spent).toBeGreaterThan(CENT / 2n);
  });

  it('cost nothing where nobody was there to be asked', async () => {
    const nobody = await startModelServer();
    const address = nobody.openRouterUrl;
    await nobody.close();
    const caps = [{ limit: CENT, window: 'day' as const }];
    const key = await vault.add({
      label: 'Work',
      provider: 'openrouter',
      baseUrl: address,
      secret: TEST_KEYS.good,
      caps,
    });
    const { finish, cost } = await run(request(key));
    expect(finish.failure).toMatchObject({ kind: 'network', fallbackable: true });
    expect(finish.failure?.message).toMatch(/test\/model was not reached/);
    expect(cost).toBeUndefined();
    expect((await ledger.status(key.fingerprint, key.policy.caps)).caps[0]).toMatchObject({ spent: 0n, reserved: 0n });
  });

  it('cost nothing offline, while models on this machine still answer', async () => {
    const offline = createGateway({ ...ports(), online: () => false });
    const caps = [{ limit: CENT, window: 'day' as const }];
    const distant = 'https://openrouter.invalid/api/v1';
    const key = await vault.add({
      label: 'Far',
      provider: 'openrouter',
      baseUrl: distant,
      secret: TEST_KEYS.good,
      caps,
    });
    const { finish, cost } = await run(request(key), { using: offline });
    expect(finish.failure).toMatchObject({ kind: 'network', retryable: true });
    expect(finish.failure?.message).toMatch(/test\/model was not asked and nothing was spent: you are offline/);
    expect(cost).toBeUndefined();
    expect((await ledger.status(key.fingerprint, key.policy.caps)).caps[0]).toMatchObject({ spent: 0n, reserved: 0n });
    script(MODEL, scheduled(['Here.'], 1));
    expect((await run(request(await addKey(CENT)), { using: offline })).text).toBe('Here.');
  });

  it('name garbage where a stream was due', async () => {
    script(MODEL, garbage);
    const { finish } = await run(request(await addKey(CENT)));
    expect(finish.failure?.kind).toBe('malformed-output');
  });

  it('inside a 200 stream cost nothing at a provider that says so', async () => {
    script(MODEL, errorInStream(''));
    const { finish, cost } = await run(request(await addKey(CENT)));
    expect(finish.reason).toBe('error');
    expect(finish.failure?.kind).toBe('unavailable');
    expect(cost?.usd).toBe('0');
  });

  it('say that the keys are locked', async () => {
    const key = await addKey(CENT);
    await vault.setMode('passphrase', { passphrase: 'correct horse' });
    await vault.lock();
    const { finish } = await run(request(key));
    expect(finish.failure).toMatchObject({ kind: 'vault-locked', userAction: 'unlock' });
    expect(finish.failure?.message).toContain(MODEL);
  });

  it('say that the key is gone', async () => {
    const key = await addKey(CENT);
    await vault.remove(key.id);
    expect((await run(request(key))).finish.failure).toMatchObject({ kind: 'auth', userAction: 'check-key' });
  });

  it('never throw, whatever a port throws', async () => {
    const key = await addKey(CENT);
    const broken = createGateway({
      ...ports(),
      catalog: { find: () => Promise.reject(new Error('disk on fire')), list: async () => [] },
    });
    const { finish } = await run(request(key), { using: broken });
    expect(finish.failure?.kind).toBe('storage');
    expect(finish.failure?.message).toContain('disk on fire');
  });
});

it('keeps an answer whose bill cannot be written down, and counts it in full', async () => {
  script(MODEL, scheduled(['All of it.'], 0));
  const key = await addKey(CENT);
  const full = new Error('The disk is full.');
  const using = createGateway({ ...ports(), ledger: { ...ledger, settle: () => Promise.reject(full) } });
  const { text, finish, cost, of } = await run(request(key), { using });
  expect(text).toBe('All of it.');
  expect(finish.reason).toBe('stop');
  expect(cost?.source).toBe('bound');
  expect(of('notice').at(-1)?.message).toContain('The disk is full');
  expect((await ledger.status(key.fingerprint, key.policy.caps)).caps[0]?.reserved).toBeGreaterThan(CENT / 2n);
});

it('leaves what a dead process sent counted, and repairs it after a restart', async () => {
  script(
    (exchange) => exchange.path.endsWith('/generation'),
    (stage) => stage.json(200, { data: { id: 'gen', total_cost: 0.0003, is_byok: false } }),
  );
  script(MODEL, scheduled(['one ', 'two'], 60_000));
  const key = await addKey(CENT);
  let clock = Date.now();
  ledger = createMemoryLedger({ now: () => clock });
  const dying = createGateway({ ...ports('dead'), ledger: { ...ledger, settle: () => new Promise(() => undefined) } });
  const chat = dying
    .chat(request(key), { runId: 'dying', signal: new AbortController().signal })
    [Symbol.asyncIterator]();
  for (let seen = false; !seen; ) {
    const { done, value } = await chat.next();
    if (done) throw new Error('the answer ended before its first text');
    seen = value.some((event) => event.type === 'text');
  }

  clock += 31_000;
  const reborn = createGateway(ports('reborn'));
  const repairing = reborn.repair();
  expect((await ledger.status(key.fingerprint, key.policy.caps)).caps[0]?.left).toBeLessThan(CENT / 2n);
  expect(await repairing).toBe(1);
  const mine = corrections.filter((correction) => correction.runId === 'dying');
  expect(mine).toMatchObject([{ usd: '0.0003' }]);
  expect((await ledger.status(key.fingerprint, key.policy.caps)).caps[0]?.spent).toBe(300_000n);
});

describe('an answer that was cut', () => {
  it('keeps its text, counts in full, and is corrected by the provider’s own record', async () => {
    script(
      (exchange) => exchange.path.endsWith('/generation'),
      (stage) =>
        stage.json(200, {
          data: { id: 'gen', total_cost: 0.0004, is_byok: false, native_tokens_prompt: 9, native_tokens_completion: 3 },
        }),
    );
    script(MODEL, cutInFrame('Half an ans'));
    const key = await addKey(CENT);
    const { finish, text, cost } = await run(request(key));
    expect(text).toBe('Half an ans');
    expect(finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'truncated' } });
    expect(cost?.source).toBe('bound');
    expect((await ledger.status(key.fingerprint, key.policy.caps)).caps[0]?.spent).toBeGreaterThan(CENT / 2n);
    await Promise.all(background);
    expect(corrections.slice(-1)).toMatchObject([{ fromUsd: cost?.usd, usd: '0.0004', source: 'provider' }]);
    expect((await ledger.status(key.fingerprint, key.policy.caps)).caps[0]?.spent).toBe(400_000n);
  });

  it('by Stop closes the upstream connection before the next chunk', async () => {
    script(MODEL, scheduled(['one ', 'two ', 'three'], 2_000));
    const control = new AbortController();
    const { finish, text, cost } = await run(request(await addKey(CENT)), {
      signal: control.signal,
      onEvent: (event) => event.type === 'text' && control.abort(),
    });
    expect(text).toBe('one ');
    expect(finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'aborted' } });
    expect(cost).toBeDefined();
    const exchange = await server.journal.until((one) => one.closedBy === 'client');
    expect(exchange.sent).toHaveLength(1);
  });

  it('by an error inside the stream keeps what was seen', async () => {
    script(MODEL, errorInStream('Some text', 429, 'Rate limit exceeded'));
    const { finish, text } = await run(request(await addKey(CENT)));
    expect(text).toBe('Some text');
    expect(finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'rate-limit' } });
  });

  it('by a consumer that walks away is not sent on and stays counted', async () => {
    script(MODEL, scheduled(['one ', 'two ', 'three'], 1_000));
    const key = await addKey(CENT);
    for await (const batch of gateway.chat(request(key), { runId: 'left', signal: new AbortController().signal })) {
      if (batch.some((event) => event.type === 'text')) break;
    }
    await server.journal.until((one) => one.closedBy === 'client');
    const { caps } = await ledger.status(key.fingerprint, key.policy.caps);
    expect(caps[0]?.reserved).toBe(0n);
    expect(caps[0]?.spent).toBeGreaterThan(0n);
  });

  it('by Stop before the first byte counts and says so', async () => {
    script(MODEL, async (stage) => {
      await stage.wait(5_000);
      stage.text('late');
      stage.finish();
    });
    const control = new AbortController();
    const running = run(request(await addKey(CENT)), { signal: control.signal });
    await server.journal.until((one) => one.path.endsWith('/chat/completions'));
    await sleep(20);
    control.abort();
    const { finish, cost } = await running;
    expect(finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'aborted' } });
    expect(cost?.source).toBe('bound');
  });
});

it('does not follow a redirect, which would carry the secret elsewhere', async () => {
  script(MODEL, (stage) => {
    stage.head(307, { location: `${server.origin}/elsewhere` });
    stage.end();
  });
  const { finish } = await run(request(await addKey(CENT)));
  expect(finish.failure).toBeDefined();
  expect(asked()).toEqual(['/api/v1/chat/completions']);
});

describe('fallback', () => {
  const SECOND = 'test/second';
  const other = (key: Key, model = SECOND) => ({ provider: 'openrouter', model, keyId: key.id });

  beforeEach(() => {
    models.set(SECOND, { ...models.get(MODEL)!, id: SECOND });
  });

  it('goes on to the next model before anything was seen, and shows the hop', async () => {
    script(MODEL, refuses(529, 'Overloaded'));
    script(SECOND, scheduled(['From the second.'], 0));
    const key = await addKey(CENT);
    const { events, text, finish, cost } = await run(request(key, 'Hello', { fallbacks: [other(key)] }));
    expect(text).toBe('From the second.');
    expect(finish.reason).toBe('stop');
    expect(cost?.source).toBe('provider');
    const hops = events.flatMap((event) =>
      event.type === 'attempt-start' || event.type === 'attempt-failed' ? [`${event.type} ${event.attempt.model}`] : [],
    );
    expect(hops).toEqual([`attempt-start ${MODEL}`, `attempt-failed ${MODEL}`, `attempt-start ${SECOND}`]);
    expect((await ledger.status(key.fingerprint, key.policy.caps)).caps[0]).toMatchObject({
      spent: 10_000n,
      reserved: 0n,
    });
  });

  it('settles what a failed attempt may have cost, and admits the next one under what is left', async () => {
    script(MODEL, hangsUp);
    script(SECOND, scheduled(['x'], 0));
    const key = await addKey(CENT);
    const { of, finish } = await run(request(key, 'Hello', { fallbacks: [other(key)], maxOutputTokens: 600 }));
    expect(finish.reason).toBe('stop');
    expect(of('cost').map((cost) => cost.source)).toEqual(['bound', 'provider']);
    expect(chats()[0]?.json?.max_tokens).toBe(600);
    expect(chats()[1]?.json?.max_tokens).toBeLessThan(400);
  });

  it('never after the first visible event', async () => {
    script(MODEL, errorInStream('Seen', 503, 'Overloaded'));
    const key = await addKey(CENT);
    const { text, finish } = await run(request(key, 'Hello', { fallbacks: [other(key)] }));
    expect(text).toBe('Seen');
    expect(finish.reason).toBe('interrupted');
    expect(chats()).toHaveLength(1);
  });

  it('never for a failure that another model cannot mend', async () => {
    const key = await addKey(CENT);
    await vault.setMode('passphrase', { passphrase: 'correct horse' });
    await vault.lock();
    const { of, finish } = await run(request(key, 'Hello', { fallbacks: [other(key)] }));
    expect(finish.failure?.kind).toBe('vault-locked');
    expect(of('attempt-failed')).toEqual([]);
  });

  it('passes over a dearer model, unless that was allowed', async () => {
    script(MODEL, refuses(503, 'Overloaded'));
    script(SECOND, scheduled(['x'], 0));
    models.set(SECOND, { ...models.get(MODEL)!, id: SECOND, price: { input: '0.000001', output: '0.00002' } });
    const key = await addKey(CENT);
    const refused = await run(request(key, 'Hello', { fallbacks: [other(key)] }));
    expect(refused.finish.failure?.message).toContain('may cost more than');
    expect(chats()).toHaveLength(1);
    const allowed = await run(request(key, 'Hello', { fallbacks: [other(key)], allowDearer: true }));
    expect(allowed.finish.reason).toBe('stop');
  });

  it('leaves a model alone for as long as its provider asked, where there is another', async () => {
    script(MODEL, refuses(429, 'Slow down', { headers: { 'retry-after': '60' } }));
    script(SECOND, scheduled(['x'], 0));
    const key = await addKey(CENT * 10n);
    await run(request(key, 'Hello', { fallbacks: [other(key)] }));
    const again = await run(request(key, 'Hello', { fallbacks: [other(key)] }));
    expect(again.of('attempt-failed')[0]?.failure.message).toContain('asked to wait');
    expect(chats().map((chat) => chat.json?.model)).toEqual([MODEL, SECOND, SECOND]);
    // The user's own word counts more than ours: without an alternative it is asked all the same.
    expect((await run(request(key))).finish.failure?.kind).toBe('rate-limit');
  });

  it('never reaches the built-in guide, which is no model', async () => {
    script(MODEL, refuses(503, 'Overloaded'));
    const key = await addKey(CENT);
    const { finish, text } = await run(
      request(key, 'Hello', { fallbacks: [{ provider: 'guide', model: 'guide' }], allowDearer: true }),
    );
    expect(text).toBe('');
    expect(finish.failure?.message).toContain('no AI model');
  });
});

it('hands a conversation over to the next model: what another one thought and signed stays behind', async () => {
  script(MODEL, scheduled(['x'], 0));
  const key = await addKey(CENT);
  const origin = { provider: 'anthropic', model: 'claude' };
  const { of } = await run(
    request(key, 'Hello', {
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', text: 'Hm.', origin, raw: { signature: 'c2VjcmV0' } },
            { type: 'text', text: 'Hello!', origin },
          ],
        },
        { role: 'user', parts: [{ type: 'text', text: 'Again' }] },
      ],
    }),
  );
  expect(chats()[0]?.json?.messages).toEqual([
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello!' },
    { role: 'user', content: 'Again' },
  ]);
  expect(of('notice').map((notice) => notice.code)).toEqual(['reasoning-dropped', 'max-tokens-shrunk']);
});
