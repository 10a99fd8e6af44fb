import { type ChatEvent, createFold, type MessageRecord, type Part } from '@patchbay/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { continuable, createContinuation, writersOf } from './continuation.ts';
import { closeHosts, createWorld, GUIDE, send, startHost, type TestPanel, text, until } from './fakes.testing.ts';

afterEach(closeHosts);

const OTHER = { provider: 'guide', model: 'other' };
const TRUNCATED = {
  kind: 'truncated',
  retryable: true,
  fallbackable: true,
  message: 'It is cut off.',
  userAction: 'continue',
} as const;
const cutOff = (usd: string): ChatEvent[] => [
  { type: 'cost', usd, source: 'bound' },
  { type: 'finish', reason: 'interrupted', failure: TRUNCATED },
];
const started = (model: string): ChatEvent => ({
  type: 'attempt-start',
  attempt: { number: 1, provider: 'guide', model },
  maxOutputTokens: 100,
});

const goOn = (panel: TestPanel, runId: string, parentId: string, choice = OTHER) =>
  panel.client.request('run.start', { runId, conversationId: 'c1', parentId, continues: true, choice });

/** Half an answer, cut off, in a conversation of a new world. */
async function half() {
  const world = createWorld();
  const started = startHost(world);
  const panel = started.panel();
  const { userMessage, assistantMessage } = await send(panel, 'r1', 'Hi');
  const call = await started.gateway.call(0);
  call.emit({ type: 'reasoning', part: 0, text: 'Hm.' }, { type: 'raw-part', part: 0, of: 'reasoning', raw: 'sig' });
  call.end(text(1, 'The quick '), ...cutOff('0.01'));
  const { message } = await panel.ended('r1');
  const { host, gateway, panel: open } = started;
  return { world, host, gateway, open, panel, userMessage, cut: { ...message, id: assistantMessage.id } };
}

describe('an answer that is continued by another model', () => {
  it('is one message with the words of both, beside the one that was cut, for whoever looks and whenever', async () => {
    const { world, gateway, panel, userMessage, cut } = await half();
    const { assistantMessage } = await goOn(panel, 'r2', cut.id);
    expect(assistantMessage).toMatchObject({ parentId: userMessage.id, asked: OTHER, status: 'streaming' });
    const call = await gateway.call(1);
    expect(call.request.choice).toEqual(OTHER);
    expect(call.request.messages).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', parts: cut.parts },
    ]);
    call.emit(started('other'), { type: 'reasoning', part: 0, text: 'Go on.' }, text(1, 'brown '), text(1, 'fox.'));
    call.finish();
    const { message } = await panel.ended('r2');
    expect(panel.text('r2')).toBe('The quick brown fox.');
    const expected = {
      status: 'complete',
      parts: [
        { type: 'reasoning', text: 'Hm.', raw: 'sig', origin: GUIDE },
        { type: 'text', text: 'The quick brown fox.', origin: OTHER },
        { type: 'reasoning', text: 'Go on.', origin: OTHER },
      ],
      cost: { usd: '0.002', source: 'provider' },
      earlier: [{ messageId: cut.id, runId: 'r1', asked: GUIDE, cost: { usd: '0.01', source: 'bound' } }],
    };
    expect(message).toMatchObject(expected);

    // After a restart, and in an export.
    const later = startHost(world).panel();
    const view = await later.client.request('conversation.open', { id: 'c1' });
    expect(view.messages.find(({ id }) => id === assistantMessage.id)).toMatchObject(expected);
    expect(view.messages.find(({ id }) => id === cut.id)).toEqual(cut);
    let exported = '';
    for (let cursor: string | undefined, more = true; more; ) {
      const slice = await later.client.request('data.export', cursor === undefined ? {} : { cursor });
      exported += slice.text;
      cursor = slice.next;
      more = cursor !== undefined;
    }
    const kept = JSON.parse(exported).conversations[0].messages as MessageRecord[];
    expect(kept.find(({ id }) => id === assistantMessage.id)).toMatchObject(expected);
  });

  it('can be followed by a panel that comes later, from its first word', async () => {
    const { gateway, open, panel, cut } = await half();
    await goOn(panel, 'r2', cut.id);
    (await gateway.call(1)).emit(started('other'), text(0, 'brown'));
    await until(() => panel.text('r2').includes('brown'));
    const other = open();
    await other.client.request('conversation.open', { id: 'c1' });
    await other.client.request('run.attach', { runId: 'r2', fromSeq: 0 });
    await until(() => other.text('r2') === 'The quick brown');
  });

  it('can be cut and continued again; who wrote it and what each cost stays known', async () => {
    const { gateway, panel, cut } = await half();
    const second = await goOn(panel, 'r2', cut.id);
    (await gateway.call(1)).end(started('other'), text(0, 'brown '), ...cutOff('0.003'));
    await panel.ended('r2');
    await goOn(panel, 'r3', second.assistantMessage.id, GUIDE);
    const call = await gateway.call(2);
    call.emit(started('guide'), text(0, 'fox.'));
    call.finish();
    const { message } = await panel.ended('r3');
    expect(message.parts.map((part) => (part.type === 'text' ? part.text : ''))).toContain('The quick brown fox.');
    expect(message.earlier).toMatchObject([
      { asked: GUIDE, cost: { usd: '0.01' } },
      { asked: OTHER, cost: { usd: '0.003' } },
    ]);
  });

  it('keeps its words where the continuation fails, and nobody who wrote and cost nothing is named', async () => {
    const { gateway, panel, cut } = await half();
    const second = await goOn(panel, 'r2', cut.id);
    (await gateway.call(1)).end({ type: 'finish', reason: 'error', failure: { ...TRUNCATED, kind: 'overloaded' } });
    const { message } = await panel.ended('r2');
    expect(message).toMatchObject({ status: 'interrupted', parts: cut.parts });
    await goOn(panel, 'r3', second.assistantMessage.id);
    const call = await gateway.call(2);
    call.emit(started('other'), text(0, 'brown fox.'));
    call.finish();
    expect((await panel.ended('r3')).message.earlier).toMatchObject([{ messageId: cut.id }]);
  });

  it('is told of a bill that is corrected later, also while it is still being written', async () => {
    const { host, world, gateway, panel, cut } = await half();
    const { assistantMessage } = await goOn(panel, 'r2', cut.id);
    const call = await gateway.call(1);
    call.emit(started('other'), text(0, 'brown'));
    host.corrected({ runId: 'r1', reservationId: 'x1', fromUsd: '0.01', usd: '0.0004', source: 'provider' });
    call.finish();
    await panel.ended('r2');
    await until(async () => (await world.conversations.message(cut.id))?.cost?.usd === '0.0004');
    const message = await world.conversations.message(assistantMessage.id);
    expect(message?.earlier?.[0]?.cost).toEqual({ usd: '0.0004', source: 'provider' });
    expect(message?.cost?.usd).toBe('0.002');
  });

  it('needs words to go on from, that are no longer being written', async () => {
    const world = createWorld();
    const { gateway, panel: open } = startHost(world);
    const panel = open();
    const { assistantMessage } = await send(panel, 'r1', 'Hi');
    const call = await gateway.call(0);
    call.emit(text(0, 'Half'));
    await expect(goOn(panel, 'r2', assistantMessage.id)).rejects.toThrow('nothing of this answer');
    await panel.client.request('run.stop', { runId: 'r1' });
    await panel.ended('r1');
    const next = await send(panel, 'r3', 'And?', 'c1', assistantMessage.id);
    (await gateway.call(1)).end({ type: 'finish', reason: 'error', failure: TRUNCATED });
    await panel.ended('r3');
    await expect(goOn(panel, 'r4', next.assistantMessage.id)).rejects.toThrow('nothing of this answer');
    await expect(goOn(panel, 'r5', next.userMessage.id)).rejects.toThrow('nothing of this answer');
    expect(gateway.calls).toHaveLength(2);
  });
});

it('names the model that a fallback took, where its provider does not, and forgets how the other was asked', async () => {
  const { gateway, panel: open } = startHost(createWorld());
  const panel = open();
  await send(panel, 'r1', 'Hi');
  const call = await gateway.call(0);
  const attempt = { number: 1, provider: 'guide', model: 'guide' };
  call.emit(
    { type: 'notice', code: 'max-tokens-shrunk', message: 'Less.' },
    { type: 'notice', code: 'cost-estimated', message: 'Unknown.' },
    { type: 'attempt-failed', attempt, failure: { ...TRUNCATED, kind: 'overloaded' } },
    started('other'),
    { type: 'notice', code: 'reasoning-dropped', message: 'Dropped.' },
  );
  call.emit(text(0, 'Yes'));
  call.finish();
  expect((await panel.ended('r1')).message).toMatchObject({
    asked: GUIDE,
    fallback: OTHER,
    notices: [{ message: 'Unknown.' }, { message: 'Dropped.' }],
    hops: [{ attempt, failure: { kind: 'overloaded' } }],
  });
});

describe('whatever was there and whatever comes', () => {
  const before = fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('text' as const), text: fc.string() }),
      fc.record({ type: fc.constant('reasoning' as const), text: fc.string() }),
      fc.constant({ type: 'tool-call' as const, callId: 'a', name: 'f', arguments: '{}' }),
      fc.constant({ type: 'citation' as const, url: 'https://a.example/' }),
    ),
    { minLength: 1, maxLength: 5 },
  );
  const parts = fc.array(fc.constantFrom('text', 'reasoning', 'tool-call', 'citation'), { maxLength: 5 });
  const events = (kinds: readonly string[]): ChatEvent[] =>
    kinds.flatMap((kind, part): ChatEvent[] => {
      if (kind === 'text' || kind === 'reasoning')
        return [
          { type: kind, part, text: `${kind} ${part}` },
          { type: 'raw-part', part, of: kind, raw: part },
          { type: kind, part, text: '…' },
        ];
      if (kind === 'citation') return [{ type: 'citation', part, url: `https://b.example/${part}` }];
      return [
        { type: 'tool-call-start', part, callId: `c${part}`, name: 'g' },
        { type: 'tool-call-end', part, callId: `c${part}`, name: 'g', arguments: '{}' },
      ];
    });

  it('a panel that folds the events shows what the stored message says', () => {
    fc.assert(
      fc.property(before, parts, fc.nat(4), (old, kinds, cutAt) => {
        const base = { parts: old as Part[], earlier: [] } as unknown as MessageRecord;
        const continuation = createContinuation(base);
        const came = events(kinds);
        const fold = createFold();
        fold.push(came);
        const stored = continuation.joined(fold.answer().parts);
        const shown = createFold();
        shown.push(continuation.told);
        for (const batch of [came.slice(0, cutAt), came.slice(cutAt)]) shown.push(continuation.renumbered(batch));
        const plain = (list: readonly Part[]) =>
          list.map((part) => ('text' in part ? [part.type, part.text] : [part.type, JSON.stringify(part).length > 0]));
        expect(plain(shown.answer().parts)).toEqual(plain(stored));
      }),
    );
  });

  it('words are neither lost nor doubled, and nothing opaque stays on words of two', () => {
    fc.assert(
      fc.property(before, parts, (old, kinds) => {
        const base = { parts: old as Part[] } as unknown as MessageRecord;
        const fold = createFold();
        fold.push(events(kinds));
        const came = fold.answer().parts;
        const joined = createContinuation(base).joined(came);
        const words = (list: readonly Part[], type: 'text' | 'reasoning') =>
          list.flatMap((part) => (part.type === type ? [part.text] : [])).join('');
        expect(words(joined, 'text')).toBe(words([...base.parts, ...came], 'text'));
        expect(words(joined, 'reasoning')).toBe(words([...base.parts, ...came], 'reasoning'));
        const changed = joined.filter((part) => !base.parts.includes(part) && !came.includes(part));
        expect(changed.length).toBeLessThanOrEqual(1);
        for (const part of changed) expect(part.raw).toBeUndefined();
      }),
    );
  });
});

it('goes on from whole characters, and without a call that was cut in its arguments', () => {
  const cut = (parts: readonly Part[]) => ({ parts, status: 'interrupted', id: 'm' }) as unknown as MessageRecord;
  const wave: Part = { type: 'text', text: 'Waves \u{1F30A}'.slice(0, -1) };
  expect(continuable(cut([wave]))).toEqual([{ type: 'text', text: 'Waves ' }]);
  const call: Part = { type: 'tool-call', callId: 'a', name: 'f', arguments: '{"a' };
  expect(continuable(cut([{ type: 'text', text: 'I call' }, call]))).toEqual([{ type: 'text', text: 'I call' }]);
  expect(continuable(cut([call]))).toBeUndefined();
  expect(writersOf(cut([wave]))).toEqual([{ messageId: 'm' }]);
});
