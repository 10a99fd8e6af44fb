import type { Key } from '@patchbay/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { errorInStream, hangsUp, refuses, scheduled } from '../support/model-server/scripts.ts';
import { addKey, CENT, chats, ledger, MODEL, models, request, run, script, vault } from './openrouter-bed.ts';

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
    // Each names the reservation that it settled.
    const settled = await Promise.all(of('cost').map((cost) => ledger.reservation(cost.reservationId ?? '')));
    expect(settled.map((one) => [one?.state, one?.model])).toEqual([
      ['settled', MODEL],
      ['settled', SECOND],
    ]);
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
