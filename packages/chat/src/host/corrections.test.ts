import type { Failure } from '@patchbay/core';
import { afterEach, describe, expect, it } from 'vitest';
import { closeHosts, createWorld, send, startHost, text, until } from './fakes.testing.ts';

afterEach(closeHosts);

const correction = { runId: 'r1', reservationId: 'x1', fromUsd: '0.01', usd: '0.0004', source: 'provider' } as const;

const refused = (kind: Failure['kind']): Failure => ({
  kind,
  retryable: true,
  fallbackable: true,
  message: 'It was not reached.',
  userAction: 'retry',
});

describe('a bill that is corrected after the answer', () => {
  it('changes what its message says it cost, and tells the panels that show it', async () => {
    const world = createWorld();
    const { host, gateway, panel } = startHost(world);
    const one = panel();
    const { assistantMessage } = await send(one, 'r1', 'Hi');
    const call = await gateway.call(0);
    call.emit(text(0, 'Half'));
    await one.client.request('run.stop', { runId: 'r1' });
    const ended = await one.ended('r1');
    expect(ended.message.cost).toEqual({ usd: '0.01', source: 'bound' });

    host.corrected(correction);
    await until(() => one.events.some((event) => event.kind === 'conversation'));
    const told = one.events.findLast((event) => event.kind === 'conversation');
    const shown = told?.kind === 'conversation' && told.view.messages.find(({ id }) => id === assistantMessage.id);
    expect(shown).toMatchObject({ cost: { usd: '0.0004', source: 'provider' }, status: 'interrupted' });
    expect((await world.conversations.message(assistantMessage.id))?.cost?.usd).toBe('0.0004');
  });

  it('leaves what other attempts of the same answer cost', async () => {
    const world = createWorld();
    const { host, gateway, panel } = startHost(world);
    const one = panel();
    const { assistantMessage } = await send(one, 'r1', 'Hi');
    const call = await gateway.call(0);
    call.emit({ type: 'cost', usd: '0.01', source: 'bound' });
    call.emit(text(0, 'Whole'));
    call.finish();
    expect((await one.ended('r1')).message.cost?.usd).toBe('0.012');

    host.corrected(correction);
    await until(async () => (await world.conversations.message(assistantMessage.id))?.cost?.usd === '0.0024');
  });

  it('is that of the failed attempt it names, and leaves the answer’s own', async () => {
    const world = createWorld();
    const { host, gateway, panel } = startHost(world);
    const one = panel();
    const { assistantMessage } = await send(one, 'r1', 'Hi');
    const call = await gateway.call(0);
    const attempt = { number: 1, provider: 'openai', model: 'gpt-5' };
    const failure = refused('network');
    call.emit({ type: 'attempt-start', attempt, maxOutputTokens: 9 });
    call.emit({ type: 'cost', usd: '0.01', source: 'bound', reservationId: 'x1' });
    call.emit({ type: 'attempt-failed', attempt, failure });
    call.emit({ type: 'attempt-start', attempt: { ...attempt, number: 2 }, maxOutputTokens: 9 });
    call.emit({ type: 'cost', usd: '0.01', source: 'bound', reservationId: 'x2' });
    call.emit({ type: 'attempt-failed', attempt: { ...attempt, number: 2 }, failure });
    call.emit(text(0, 'Whole'));
    call.end(
      { type: 'cost', usd: '0.002', source: 'price-table', reservationId: 'x3' },
      { type: 'finish', reason: 'stop' },
    );
    await one.ended('r1');

    host.corrected(correction);
    await until(async () => (await world.conversations.message(assistantMessage.id))?.cost?.usd === '0.0124');
    expect(await world.conversations.message(assistantMessage.id)).toMatchObject({
      cost: { usd: '0.0124', source: 'price-table' },
      hops: [{ cost: { usd: '0.0004', source: 'provider' } }, { cost: { usd: '0.01', source: 'bound' } }],
    });
  });

  it('of a conversation that was deleted does nothing', async () => {
    const world = createWorld();
    const { host, gateway, panel } = startHost(world);
    const one = panel();
    await send(one, 'r1', 'Hi');
    (await gateway.call(0)).finish();
    await one.ended('r1');
    await one.client.request('conversation.delete', { id: 'c1' });
    host.corrected(correction);
    expect((await one.client.request('conversation.list', {})).conversations).toEqual([]);
  });
});
