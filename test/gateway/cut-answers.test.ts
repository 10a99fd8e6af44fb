import { setTimeout as sleep } from 'node:timers/promises';
import { createGateway, createMemoryLedger } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { cutInFrame, errorInStream, scheduled } from '../support/model-server/scripts.ts';
import {
  addKey,
  asked,
  background,
  CENT,
  corrections,
  gateway,
  ledger,
  MODEL,
  ports,
  request,
  run,
  script,
  server,
  useLedger,
} from './openrouter-bed.ts';

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
  useLedger(createMemoryLedger({ now: () => clock }));
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

it('repairs what a dead process had settled at its bound, by the process that comes after it', async () => {
  script(MODEL, cutInFrame('Half an ans'));
  const key = await addKey(CENT);
  let clock = Date.now();
  useLedger(createMemoryLedger({ now: () => clock }));
  const never: typeof fetch = (input, init) =>
    String(input).includes('/generation') ? new Promise(() => undefined) : fetch(input, init);
  const { cost } = await run(request(key), { using: createGateway({ ...ports('dying'), fetch: never }) });
  expect(cost?.source).toBe('bound');
  // It asked for leave to look, and then died over it.
  await expect.poll(async () => (await ledger.history())[0]?.asked?.times, { timeout: 15_000 }).toBe(1);

  script(
    (exchange) => exchange.path.endsWith('/generation'),
    (stage) => stage.json(200, { data: { id: 'gen', total_cost: 0.0005, is_byok: false } }),
  );
  clock += 151_000;
  expect(await createGateway(ports('next')).repair()).toBe(1);
  const [bill] = await ledger.history();
  expect(bill).toMatchObject({ counted: 500_000n, settlement: { source: 'provider' } });
  expect(corrections.filter(({ runId }) => runId === bill?.runId)).toMatchObject([
    { fromUsd: cost?.usd, usd: '0.0005' },
  ]);
  expect((await ledger.status(key.fingerprint, key.policy.caps)).caps[0]?.spent).toBe(500_000n);
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

  it('by a consumer that walks away is corrected by the provider’s own record too', async () => {
    script(
      (exchange) => exchange.path.endsWith('/generation'),
      (stage) => stage.json(200, { data: { id: 'gen', total_cost: 0.0002, is_byok: false } }),
    );
    script(MODEL, scheduled(['one ', 'two ', 'three'], 1_000));
    const key = await addKey(CENT);
    for await (const batch of gateway.chat(request(key), {
      runId: 'walked off',
      signal: new AbortController().signal,
    })) {
      if (batch.some((event) => event.type === 'text')) break;
    }
    await Promise.all(background);
    const mine = corrections.filter(({ runId }) => runId === 'walked off');
    expect(mine).toMatchObject([{ usd: '0.0002', source: 'provider' }]);
    expect((await ledger.status(key.fingerprint, key.policy.caps)).caps[0]?.spent).toBe(200_000n);
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
  const { finish, cost } = await run(request(await addKey(CENT)));
  expect(finish.failure).toMatchObject({ kind: 'parameter', status: 307, userAction: 'check-key' });
  expect(finish.failure?.message).toContain('nothing was spent');
  expect(cost).toBeUndefined();
  expect(asked()).toEqual(['/api/v1/chat/completions']);
});
