import { createGateway, providerOf } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { errorInStream, garbage, hangsUp, refuses, scheduled } from '../support/model-server/scripts.ts';
import { startModelServer, TEST_KEYS } from '../support/model-server/server.ts';
import {
  addKey,
  asked,
  CENT,
  chats,
  ledger,
  MODEL,
  models,
  PRICE,
  ports,
  request,
  run,
  script,
  sentMaximum,
  vault,
} from './openrouter-bed.ts';

describe('an answer', () => {
  it('streams, is settled at the provider’s figure, and says what is left of the cap', async () => {
    script(MODEL, scheduled(['Hel', 'lo.'], 10));
    const key = await addKey(CENT * 100n);
    const { events, text, finish, cost } = await run(request(key));
    expect(text).toBe('Hello.');
    expect(finish).toEqual({ type: 'finish', reason: 'stop', nativeReason: 'stop' });
    expect(events[0]).toMatchObject({ type: 'attempt-start', attempt: { number: 1, model: MODEL, keyId: key.id } });
    const [settled] = await ledger.history({ account: key.fingerprint });
    expect(cost).toEqual({
      type: 'cost',
      usd: '0.00002',
      source: 'provider',
      reservationId: settled?.id,
      capLeftUsd: '0.99998',
    });
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
