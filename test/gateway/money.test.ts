import {
  type ChatEvent,
  type ChatRequest,
  createGateway,
  createMemoryLedger,
  createMemoryVault,
  type GatewayPorts,
  type Key,
  type Ledger,
  LedgerError,
  type Model,
  type Vault,
  VaultError,
} from '@patchbay/core';
import { beforeEach, describe, expect, it } from 'vitest';

/** Money where things go wrong at one step: each port is a stand-in, so that every step can be the one. */

const MODEL: Model = {
  id: 'test/model',
  provider: 'openrouter',
  source: 'live',
  price: { input: '0.000001', output: '0.00001' },
  parameters: ['max_tokens'],
  contextTokens: 200_000,
};

const CAPS = [{ limit: 1_000_000_000n, window: 'day' as const }];

let vault: Vault;
let ledger: Ledger;
let key: Key;
let sent: string[];
let ids = 0;

beforeEach(async () => {
  ledger = createMemoryLedger();
  vault = createMemoryVault({
    raisePolicy: (account, version) => ledger.raisePolicy(account, version),
    now: Date.now,
    newId: () => `key-${++ids}`,
  });
  key = await vault.add({ label: 'Work', provider: 'openrouter', baseUrl: '', secret: 'sk-or-v1-secret', caps: CAPS });
  sent = [];
});

const USAGE = { prompt_tokens: 10, completion_tokens: 2, cost: 0.00003 };

/** An answer in OpenRouter's form. */
function answers(usage: unknown = USAGE): typeof fetch {
  return async (_, init) => {
    init?.signal?.throwIfAborted();
    sent.push(String(init?.body));
    const chunks = [
      { id: 'gen-1', choices: [{ delta: { content: 'Hi' } }] },
      { choices: [{ delta: {}, finish_reason: 'stop' }], usage },
    ];
    const lines = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
    return new Response(`${lines.join('')}data: [DONE]\n\n`, { headers: { 'content-type': 'text/event-stream' } });
  };
}

function ports(more: Partial<GatewayPorts> = {}): GatewayPorts {
  return {
    fetch: answers(),
    vault,
    ledger,
    catalog: { find: async () => MODEL, list: async () => [MODEL] },
    blob: async () => undefined,
    owner: { id: 'owner', leaseMs: 30_000 },
    now: Date.now,
    newId: () => `id-${++ids}`,
    ...more,
  };
}

async function run(
  more: Partial<GatewayPorts> = {},
  signal = new AbortController().signal,
  asked: Partial<ChatRequest> = {},
) {
  const events: ChatEvent[] = [];
  const request: ChatRequest = {
    choice: { provider: 'openrouter', model: MODEL.id, keyId: key.id },
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
    ...asked,
  };
  for await (const batch of createGateway(ports(more)).chat(request, { runId: 'run', signal })) events.push(...batch);
  const of = <T extends ChatEvent['type']>(type: T) =>
    events.filter((event): event is Extract<ChatEvent, { type: T }> => event.type === type);
  expect(of('finish')).toHaveLength(1);
  expect(events.at(-1)?.type).toBe('finish');
  return { events, of, finish: of('finish')[0], cost: of('cost')[0] };
}

/** What the cap counts now: spent and held. */
async function counted() {
  const [cap] = (await ledger.status(key.fingerprint, CAPS)).caps;
  return { spent: cap?.spent ?? 0n, held: cap?.reserved ?? 0n };
}

/** The same object, with `before` called ahead of each call of its methods. */
function watched<T extends object>(target: T, before: (method: string) => void | Promise<void>): T {
  return new Proxy(target, {
    get: (_, name) => {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        await before(String(name));
        return value.apply(target, args);
      };
    },
  });
}

describe('a ledger that fails at one call', () => {
  it('leaves an answer that ends, and counts whatever was sent', async () => {
    for (let failing = 1; ; failing += 1) {
      let calls = 0;
      const broken = watched(ledger, () => {
        calls += 1;
        if (calls === failing) throw new LedgerError('unavailable', 'The disk is full.');
      });
      sent = [];
      const before = await counted();
      await run({ ledger: broken });
      const after = await counted();
      expect(after.held, `held after call ${failing} failed`).toBe(0n);
      if (sent.length === 0) expect(after.spent, `call ${failing}`).toBe(before.spent);
      else expect(after.spent - before.spent, `call ${failing}`).toBeGreaterThanOrEqual(30_000n);
      expect(await ledger.audit()).toEqual([]);
      if (calls < failing) break;
    }
  });

  it('says what was counted, where only the look at the caps afterwards fails', async () => {
    const { cost, of } = await run({
      ledger: watched(ledger, (method) => {
        if (method === 'status') throw new LedgerError('unavailable', 'The disk is full.');
      }),
    });
    expect(await counted()).toEqual({ spent: 30_000n, held: 0n });
    expect(cost).toMatchObject({ usd: '0.00003', source: 'provider' });
    expect(cost?.capLeftUsd).toBeUndefined();
    expect(of('notice')).toEqual([]);
  });

  it('never loses a bill above the bound, which locks the key', async () => {
    let failed = false;
    const broken = watched(ledger, (method) => {
      if (method !== 'settle' || failed) return;
      failed = true;
      throw new LedgerError('unavailable', 'The disk is full.');
    });
    await run({ ledger: broken, fetch: answers({ ...USAGE, cost: 5 }) });
    const { locked, total } = await ledger.status(key.fingerprint, CAPS);
    expect({ locked, total }).toEqual({ locked: true, total: 5_000_000_000n });
  });
});

describe('Stop', () => {
  it('at any step before the request went out costs nothing', async () => {
    let steps = 0;
    for (let stopAt = 1; stopAt === 1 || steps >= stopAt - 1; stopAt += 1) {
      steps = 0;
      const control = new AbortController();
      const step = async () => {
        steps += 1;
        if (steps === stopAt) control.abort();
      };
      ledger = createMemoryLedger();
      sent = [];
      await run({ ledger: watched(ledger, step), vault: watched(vault, step) }, control.signal);
      const { spent, held } = await counted();
      expect(held, `held after Stop at step ${stopAt}`).toBe(0n);
      if (sent.length === 0) expect(spent, `Stop at step ${stopAt}`).toBe(0n);
      else expect(spent, `Stop at step ${stopAt}`).toBeGreaterThan(0n);
    }
    expect(steps).toBeGreaterThan(5);
  });
});

describe('a price', () => {
  it('that is published in part is no price: the user’s own worst case stands in', async () => {
    const { price: _, ...unpriced } = MODEL;
    const find = async (): Promise<Model> => ({ ...unpriced, price: { request: '0', webSearch: '0.01' } });
    const catalog = { find, list: async () => [] };
    expect((await run({ catalog })).finish?.failure?.kind).toBe('price-unknown');
    const worstCase = async () => ({ input: '0.000003', output: '0.000015' });
    expect((await run({ catalog, worstCase })).finish?.reason).toBe('stop');
    expect(sent).toHaveLength(1);
  });
});

describe('a key’s scope', () => {
  it('that was narrowed between plan and reservation holds', async () => {
    let edited = false;
    const narrowing = watched(ledger, async (method) => {
      if (method !== 'reserve' || edited) return;
      edited = true;
      await vault.setPolicy(key.id, { ...key.policy, scope: { models: ['other/*'] } });
    });
    const { finish } = await run({ ledger: narrowing });
    expect(sent).toEqual([]);
    expect(finish?.failure?.kind).toBe('scope');
    expect(await counted()).toEqual({ spent: 0n, held: 0n });
  });
});

it('says that the keys are locked, where they were locked while a policy was read again', async () => {
  const locking: Vault = { ...vault };
  const changing = watched(ledger, async (method) => {
    if (method !== 'reserve') return;
    await vault.setPolicy(key.id, key.policy);
    locking.list = () => Promise.reject(new VaultError('locked', 'Your keys are locked.'));
  });
  const { finish } = await run({ ledger: changing, vault: locking });
  expect(finish?.failure?.kind).toBe('vault-locked');
  expect(sent).toEqual([]);
});

it('never shows the secret, whatever it looks like and wherever its provider says it back', async () => {
  const secret = 'corp.Example-Token.7731';
  const own = await vault.add({ label: 'Corp', provider: 'openrouter', baseUrl: 'https://corp.example/v1', secret });
  const echo = JSON.stringify({ error: { message: `bad token ${secret}`, code: secret, metadata: { raw: secret } } });
  const echoes = [
    new Response(echo, { status: 401 }),
    new Response(echo, { status: 500, headers: { 'content-type': 'application/json' } }),
    new Response(`<html>${secret}</html>`, { status: 200 }),
    new Response(`data: ${echo}\n\n`, { headers: { 'content-type': 'text/event-stream' } }),
    new Response(`data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: ${echo}\n\n`),
    new TypeError(`Invalid header value: Bearer ${secret}`),
  ];
  for (const answer of echoes) {
    const { events } = await run(
      {
        fetch: async () => {
          if (answer instanceof Error) throw answer;
          return answer;
        },
      },
      undefined,
      { choice: { provider: 'openrouter', model: MODEL.id, keyId: own.id } },
    );
    expect(events.at(-1)).toMatchObject({ type: 'finish', failure: expect.anything() });
    expect(JSON.stringify(events)).not.toContain('Example');
  }
});

describe('usage that cannot be', () => {
  const NONSENSE: readonly unknown[] = [
    null,
    'free',
    [],
    { prompt_tokens: -1, completion_tokens: -5 },
    { prompt_tokens: 'NaN', completion_tokens: 'Infinity', cost: 'NaN' },
    { prompt_tokens: 10, completion_tokens: 2, cost: -5 },
    { prompt_tokens: 10, completion_tokens: 2, cost: '-0.1' },
    { prompt_tokens: 10, completion_tokens: 2, cost: { usd: 1 } },
    { prompt_tokens: 10, completion_tokens: 2, cost: '9'.repeat(500) },
    { prompt_tokens: 1e300, completion_tokens: 2 },
    { prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1e9 } },
    { prompt_tokens: 10, completion_tokens: 2, completion_tokens_details: { reasoning_tokens: 1e9 } },
    { prompt_tokens: 10.5, completion_tokens: 0.1 },
  ];
  it.each(NONSENSE.map((usage) => [JSON.stringify(usage).slice(0, 80), usage]))(
    '%s is settled within the bound',
    async (_, usage) => {
      const { finish, cost } = await run({ fetch: answers(usage) });
      expect(finish?.reason).toBe('stop');
      const [charge] = await ledger.history();
      expect(charge?.state).toBe('settled');
      expect(charge?.counted).toBeGreaterThan(0n);
      expect(charge?.counted).toBeLessThanOrEqual(charge?.bound ?? 0n);
      expect(cost?.source).not.toBe('free');
      expect(await ledger.audit()).toEqual([]);
    },
  );
});
