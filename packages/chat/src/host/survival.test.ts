import type { ConversationStore, RunRecord } from '@patchbay/core';
import { afterEach, describe, expect, it } from 'vitest';
import { closeHosts, createWorld, openPanel, send, startHost, text, until, type World } from './fakes.testing.ts';
import { endOrphans } from './orphans.ts';

afterEach(closeHosts);

/** The stores as the next process finds them when this one dies now: what it writes afterwards goes nowhere. */
function dying(world: World): { world: World; die(): void } {
  let dead = false;
  const never = new Promise<never>(() => undefined);
  const conversations = new Proxy(world.conversations, {
    get: (store, name: keyof ConversationStore) => {
      const method = store[name] as (...given: unknown[]) => unknown;
      return (...given: unknown[]) => (dead ? never : method.apply(store, given));
    },
  });
  return {
    world: { ...world, conversations },
    die: () => {
      dead = true;
    },
  };
}

/** A clock that a test moves on. */
function createClock() {
  let ahead = 0;
  return { now: () => Date.now() + ahead, skip: (ms: number) => (ahead += ms) };
}

const saved = async (world: World, words: string) => {
  const [, answer] = await world.conversations.messages('c1');
  const [part] = answer?.parts ?? [];
  return part?.type === 'text' && part.text === words;
};

describe('a host that was killed in the middle of an answer', () => {
  it('leaves the partial text, marked interrupted, and the reservation counted', async () => {
    const world = createWorld();
    const clock = createClock();
    const owner = { id: 'dead', leaseMs: 60_000 };
    await world.ledger.reserve(
      [
        {
          id: 'x1',
          account: 'a',
          policyVersion: 0,
          caps: [],
          bound: 20_000_000n,
          provider: 'guide',
          model: 'guide',
          runId: 'r1',
        },
      ],
      owner,
    );
    await world.ledger.markSent('x1');

    const mortal = dying(world);
    const first = startHost(mortal.world, { now: clock.now });
    const one = first.panel();
    const { assistantMessage } = await send(one, 'r1', 'Hi');
    const call = await first.gateway.call(0);
    await call.options.onReservation?.('x1');
    await call.options.onResponse?.('gen-1');
    call.emit(text(0, 'Half an ans'));
    await until(() => saved(world, 'Half an ans'));
    mortal.die();
    call.emit(text(0, 'wer that nobody will ever see'));

    clock.skip(5_000);
    const second = startHost(world, { now: clock.now });
    const two = second.panel();
    const view = await two.client.request('conversation.open', { id: 'c1' });
    expect(view.running).toEqual([]);
    expect(view.messages[1]).toMatchObject({
      id: assistantMessage.id,
      status: 'interrupted',
      finishReason: 'interrupted',
      parts: [{ type: 'text', text: 'Half an ans' }],
      failure: { kind: 'truncated', userAction: 'continue', message: expect.stringContaining('$0.02') },
      cost: { usd: '0.02', source: 'bound' },
    });
    const run = await world.conversations.run('r1');
    expect(run).toMatchObject({ status: 'interrupted', reservationId: 'x1', responseId: 'gen-1' });
    expect((await world.ledger.reservation('x1'))?.counted).toBe(20_000_000n);
    expect(await two.client.request('run.attach', { runId: 'r1', fromSeq: 0 })).toMatchObject({ status: 'ended' });
  });

  it('is no orphan while its lease lasts: the next host watches it, and ends it when the lease has run out', async () => {
    const world = createWorld();
    const clock = createClock();
    const mortal = dying(world);
    const first = startHost(mortal.world, { now: clock.now });
    let current = first.host;
    const one = openPanel(() => current);
    await send(one, 'r1', 'Hi');
    (await first.gateway.call(0)).emit(text(0, 'Half'));
    await until(() => saved(world, 'Half'));
    mortal.die();

    // The background starts again behind the same panel.
    current = startHost(world, { now: clock.now }).host;
    one.pairs[0]?.kill();
    const { running } = await one.client.request('conversation.open', { id: 'c1' });
    expect(running.length).toBe(1);
    expect(await world.conversations.run('r1')).toMatchObject({ status: 'running' });
    clock.skip(5_000);
    const { message } = await one.ended('r1');
    expect(message).toMatchObject({ status: 'interrupted', parts: [{ text: 'Half' }] });
    expect(one.text('r1')).toBe('Half');
  });

  it('is one although its lease lasts for years, which a clock that ran ahead gave it', async () => {
    const world = createWorld();
    const mortal = dying(world);
    const ahead = startHost(mortal.world, { now: () => Date.now() + 73 * 365 * 86_400_000 });
    const one = ahead.panel();
    await send(one, 'r1', 'Hi');
    (await ahead.gateway.call(0)).emit(text(0, 'Half'));
    await until(() => saved(world, 'Half'));
    mortal.die();

    const two = startHost(world).panel();
    const view = await two.client.request('conversation.open', { id: 'c1' });
    expect(view.running).toEqual([]);
    expect(view.messages[1]).toMatchObject({ status: 'interrupted', parts: [{ text: 'Half' }] });
  });

  it('before its first word: nothing to continue, so it is tried again', async () => {
    const world = createWorld();
    const clock = createClock();
    const mortal = dying(world);
    const one = startHost(mortal.world, { now: clock.now }).panel();
    await send(one, 'r1', 'Hi');
    mortal.die();
    clock.skip(5_000);
    const two = startHost(world, { now: clock.now }).panel();
    const view = await two.client.request('conversation.open', { id: 'c1' });
    expect(view.messages[1]).toMatchObject({ status: 'interrupted', parts: [], failure: { userAction: 'retry' } });
    expect(view.messages[1]?.cost).toBeUndefined();
  });

  it('between the last word and the end of its run: the answer is complete', async () => {
    const world = createWorld();
    const one = startHost(world).panel();
    await send(one, 'r0', 'Hi');
    const [user, answer] = await world.conversations.messages('c1');
    const run = (await world.conversations.run('r0')) as RunRecord;
    await world.conversations.write([
      { insert: 'run', record: { ...run, id: 'r1', ownerId: 'dead', leaseUntil: 0, assistantMessageId: 'm1' } },
      { put: 'message', record: { ...(answer as typeof user & object), id: 'm1', runId: 'r1', status: 'complete' } },
    ]);
    await startHost(world).panel().client.ready;
    expect(await world.conversations.run('r1')).toMatchObject({ status: 'done' });
    expect((await world.conversations.message('m1'))?.status).toBe('complete');
    expect(await world.conversations.run('r0')).toMatchObject({ status: 'running' });
  });

  it('and started again under the same name finds its runs dead at once', async () => {
    const world = createWorld();
    const mortal = dying(world);
    const one = startHost(mortal.world, { ownerId: 'same' }).panel();
    await send(one, 'r1', 'Hi');
    mortal.die();
    await startHost(world, { ownerId: 'same' }).panel().client.ready;
    expect(await world.conversations.run('r1')).toMatchObject({ status: 'interrupted' });
  });

  it('leaves no doubt where no other process can be alive', async () => {
    const world = createWorld();
    const mortal = dying(world);
    const one = startHost(mortal.world).panel();
    await send(one, 'r1', 'Hi');
    mortal.die();
    await startHost(world, { soleOwner: true }).panel().client.ready;
    expect(await world.conversations.run('r1')).toMatchObject({ status: 'interrupted' });
  });

  it('takes a repeated start up as what became of it', async () => {
    const world = createWorld();
    const clock = createClock();
    const mortal = dying(world);
    const one = startHost(mortal.world, { now: clock.now }).panel();
    await send(one, 'r1', 'Hi');
    mortal.die();
    clock.skip(5_000);
    const next = startHost(world, { now: clock.now });
    const two = next.panel();
    const { assistantMessage } = await send(two, 'r1', 'Hi');
    expect(assistantMessage.status).toBe('interrupted');
    expect((await two.ended('r1')).message).toEqual(assistantMessage);
    expect(next.gateway.calls).toEqual([]);
  });

  it('keeps a run whose owner comes back: it was only asleep', async () => {
    const world = createWorld();
    const clock = createClock();
    const first = startHost(world, { timing: { heartbeat: 60_000 } });
    const one = first.panel();
    await send(one, 'r1', 'Hi');
    const call = await first.gateway.call(0);
    call.emit(text(0, 'Before, '));
    await until(() => saved(world, 'Before, '));
    clock.skip(5_000);
    await startHost(world, { now: clock.now }).panel().client.ready;
    expect(await world.conversations.run('r1')).toMatchObject({ status: 'interrupted' });
    call.emit(text(0, 'after'));
    call.finish();
    const { message } = await one.ended('r1');
    expect(message).toMatchObject({ status: 'complete', parts: [{ text: 'Before, after' }] });
    expect(await world.conversations.message(message.id)).toEqual(message);
    expect(await world.conversations.run('r1')).toMatchObject({ status: 'done' });
  });
});

describe('another window', () => {
  it('that starts the same run at the same moment does not start it twice', async () => {
    const world = createWorld();
    const first = startHost(world);
    // The second looks before the first has written, and writes after it.
    let looks = 0;
    const run: ConversationStore['run'] = async (id) => (looks++ === 0 ? undefined : world.conversations.run(id));
    const second = startHost({ ...world, conversations: { ...world.conversations, run } });
    const [one, two] = [first.panel(), second.panel()];
    const a = await send(one, 'r1', 'Hi');
    const b = await send(two, 'r1', 'Hi');
    expect(looks).toBeGreaterThan(1);
    expect(b).toEqual(a);
    expect(second.gateway.calls).toEqual([]);
    const call = await first.gateway.call(0);
    call.emit(text(0, 'Once'));
    call.finish();
    expect((await one.ended('r1')).message.parts).toMatchObject([{ text: 'Once' }]);
    expect((await two.ended('r1')).message.parts).toMatchObject([{ text: 'Once' }]);
    expect((await world.conversations.messages('c1')).length).toBe(2);
  });

  it('does not end a run whose owner comes back in the very moment', async () => {
    const world = createWorld();
    await send(startHost(world).panel(), 'r1', 'Hi');
    const store = world.conversations;
    const { ended } = await endOrphans({
      store: {
        ...store,
        message: async (id) => {
          await store.updateRun('r1', (run) => ({ ...run, leaseUntil: 2_000 }));
          return store.message(id);
        },
        runs: async (status) => (await store.runs(status)).map((run) => ({ ...run, leaseUntil: 0 })),
      },
      ledger: world.ledger,
      ownerId: 'other',
      now: () => 1_000,
      isOurs: () => false,
    });
    expect(ended).toEqual([]);
    expect(await store.run('r1')).toMatchObject({ status: 'running' });
    expect((await store.messages('c1'))[1]).toMatchObject({ status: 'streaming' });
  });

  it('watches a run through the store, word by word, and gets its end', async () => {
    const world = createWorld();
    const owner = startHost(world);
    const other = startHost(world);
    const [one, two] = [owner.panel(), other.panel()];
    await send(one, 'r1', 'Hi');
    const call = await owner.gateway.call(0);
    call.emit({ type: 'reasoning', part: 0, text: 'Hm.' }, text(1, 'One, '));
    await until(async () => (await world.conversations.run('r1'))?.seq !== 0);
    const view = await two.client.request('conversation.open', { id: 'c1' });
    expect(view.running).toMatchObject([{ runId: 'r1' }]);
    expect(await two.client.request('run.attach', { runId: 'r1', fromSeq: 0 })).toMatchObject({ status: 'running' });
    await until(() => two.text('r1') === 'One, ');
    call.emit(text(1, 'two, '));
    await until(() => two.text('r1') === 'One, two, ');
    call.emit(text(1, 'three'));
    call.finish();
    const { message } = await two.ended('r1');
    expect(message).toMatchObject({ status: 'complete', parts: [{ text: 'Hm.' }, { text: 'One, two, three' }] });
    expect((await two.client.request('conversation.list', {})).conversations).toMatchObject([{ busy: false }]);
  });

  it('follows on from what its view held', async () => {
    const world = createWorld();
    const owner = startHost(world);
    const two = startHost(world).panel();
    await send(owner.panel(), 'r1', 'Hi');
    const call = await owner.gateway.call(0);
    call.emit(text(0, 'Held, '));
    await until(() => saved(world, 'Held, '));
    const view = await two.client.request('conversation.open', { id: 'c1' });
    expect(view.messages[1]?.parts).toMatchObject([{ text: 'Held, ' }]);
    await two.client.request('run.attach', { runId: 'r1', fromSeq: view.running[0]?.seq ?? -1 });
    call.emit(text(0, 'and more'));
    await until(() => two.text('r1') === 'and more');
  });

  it('is not led back by a store that answers late', async () => {
    const world = createWorld();
    const owner = startHost(world);
    let late = 0;
    const message: ConversationStore['message'] = async (id) => {
      const found = await world.conversations.message(id);
      if (late > 0) {
        late -= 1;
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      return found;
    };
    const two = startHost({ ...world, conversations: { ...world.conversations, message } }).panel();
    await send(owner.panel(), 'r1', 'Hi');
    const call = await owner.gateway.call(0);
    call.emit(text(0, 'One, '));
    await until(() => saved(world, 'One, '));
    await two.client.request('conversation.open', { id: 'c1' });
    await two.client.request('run.attach', { runId: 'r1', fromSeq: 0 });
    await until(() => two.text('r1') === 'One, ');
    late = 1;
    await until(() => late === 0);
    call.emit(text(0, 'two'));
    await until(() => two.text('r1') === 'One, two');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(two.text('r1')).toBe('One, two');
  });

  it('stops a run through the store', async () => {
    const world = createWorld();
    const owner = startHost(world);
    const one = owner.panel();
    await send(one, 'r1', 'Hi');
    const call = await owner.gateway.call(0);
    call.emit(text(0, 'So far'));
    await startHost(world).panel().client.request('run.stop', { runId: 'r1' });
    expect((await one.ended('r1')).message).toMatchObject({ status: 'interrupted', parts: [{ text: 'So far' }] });
    expect(call.options.signal.aborted).toBe(true);
  });

  it('never ends a run whose owner renews its lease', async () => {
    const world = createWorld();
    const timing = { lease: 60, heartbeat: 5 };
    const owner = startHost(world, { timing });
    const one = owner.panel();
    await send(one, 'r1', 'Hi');
    const two = startHost(world, { timing }).panel();
    await two.client.request('conversation.open', { id: 'c1' });
    // Silence for three leases, as before a slow first token.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await world.conversations.run('r1')).toMatchObject({ status: 'running' });
    (await owner.gateway.call(0)).emit(text(0, 'At last'));
    (await owner.gateway.call(0)).finish();
    expect((await two.ended('r1')).message).toMatchObject({ status: 'complete' });
  });
});

describe('a panel whose background is killed again and again', () => {
  it('loses no word of an answer that goes on', async () => {
    const world = createWorld();
    const { gateway, host } = startHost(world);
    const one = openPanel(() => host);
    await send(one, 'r1', 'Hi');
    const call = await gateway.call(0);
    for (let round = 0; round < 5; round += 1) {
      call.emit(text(0, `${round}a `));
      one.pairs.at(-1)?.kill();
      call.emit(text(0, `${round}b `));
      await until(() => one.pairs.length === round + 2 && one.text('r1').endsWith(`${round}b `));
    }
    call.finish();
    await one.ended('r1');
    expect(one.text('r1')).toBe('0a 0b 1a 1b 2a 2b 3a 3b 4a 4b ');
  });
});
