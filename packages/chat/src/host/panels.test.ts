import { afterEach, describe, expect, it } from 'vitest';
import type { PanelMessage } from '../contract/messages.ts';
import { createPortPair } from '../contract/port-pair.testing.ts';
import { closeHosts, createWorld, openPanel, send, startHost, text, until } from './fakes.testing.ts';

afterEach(closeHosts);

describe('two panels', () => {
  it('follow one run, and both learn what the other does', async () => {
    const { gateway, panel } = startHost(createWorld());
    const [one, two] = [panel(), panel()];
    await one.client.request('conversation.create', { id: 'c1' });
    await two.client.request('conversation.open', { id: 'c1' });
    await send(one, 'r1', 'Hi');
    const seen = () => two.events.findLast((event) => event.kind === 'conversation');
    await until(() => seen()?.view.running.length === 1);
    expect(seen()?.view.messages.map((message) => message.role)).toEqual(['user', 'assistant']);
    expect(one.events.filter((event) => event.kind === 'conversation')).toEqual([]);
    await two.client.request('run.attach', { runId: 'r1', fromSeq: 0 });
    const call = await gateway.call(0);
    call.emit(text(0, 'Both'));
    call.finish();
    await Promise.all([one.ended('r1'), two.ended('r1')]);
    expect([one.text('r1'), two.text('r1')]).toEqual(['Both', 'Both']);

    await two.client.request('conversation.rename', { id: 'c1', title: 'Renamed' });
    const list = () => one.events.findLast((event) => event.kind === 'conversations');
    await until(() => list()?.conversations[0]?.title === 'Renamed');
    expect(list()?.conversations[0]?.busy).toBe(false);
  });

  it('keep what belongs to one out of the other: drafts are not announced', async () => {
    const { panel } = startHost(createWorld());
    const [one, two] = [panel(), panel()];
    await one.client.request('conversation.create', { id: 'c1' });
    await two.client.request('conversation.open', { id: 'c1' });
    const before = two.events.length;
    await one.client.request('draft.save', { conversationId: 'c1', draft: 'half a tho' });
    const view = await two.client.request('conversation.open', { id: 'c1' });
    expect(view.conversation.draft).toBe('half a tho');
    expect(two.events.slice(before).filter((event) => event.kind === 'conversation')).toEqual([]);
    await send(one, 'r1', 'sent');
    expect((await one.client.request('conversation.open', { id: 'c1' })).conversation.draft).toBe('');
  });
});

describe('deleting', () => {
  it('stops a conversation’s run and leaves nothing of it', async () => {
    const world = createWorld();
    const { gateway, panel } = startHost(world);
    const one = panel();
    await send(one, 'r1', 'Hi');
    const call = await gateway.call(0);
    call.emit(text(0, 'Going'));
    await until(() => one.text('r1') === 'Going');
    await one.client.request('conversation.delete', { id: 'c1' });
    expect(call.options.signal.aborted).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await world.conversations.messages('c1')).toEqual([]);
    expect(await world.conversations.conversations()).toEqual([]);
    expect(await world.conversations.run('r1')).toBeUndefined();
    expect(one.events.filter((event) => event.kind === 'run.ended')).toEqual([]);
    await expect(one.client.request('conversation.open', { id: 'c1' })).rejects.toMatchObject({
      failure: { message: expect.stringContaining('deleted') },
    });
  });

  it.each([
    ['that is silent', false],
    ['that goes on', true],
  ])('in another window ends a run %s here, too', async (_, goesOn) => {
    const world = createWorld();
    const { gateway, panel } = startHost(world, { timing: goesOn ? { heartbeat: 60_000 } : {} });
    const other = startHost(world);
    await send(panel(), 'r1', 'Hi');
    const call = await gateway.call(0);
    await other.panel().client.request('conversation.delete', { id: 'c1' });
    if (goesOn) call.emit(text(0, 'Going'));
    await until(() => call.options.signal.aborted);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await world.conversations.messages('c1')).toEqual([]);
  });
});

describe('a host', () => {
  it('does nothing for hostile messages, and answers only what asks to be answered', async () => {
    const world = createWorld();
    const { host, panel } = startHost(world);
    const one = panel();
    await send(one, 'r1', 'Hi');
    const before = JSON.stringify([
      await world.conversations.conversations(),
      await world.conversations.messages('c1'),
    ]);
    const pair = createPortPair();
    const answers: unknown[] = [];
    pair.panel.onMessage((message) => answers.push(message));
    host.connect(pair.host);
    const hostile: unknown[] = [
      null,
      'hello',
      [],
      { id: 1 },
      { id: 2, name: 'conversation.delete' },
      { id: 3, name: 'conversation.delete', params: { id: { $ne: '' } } },
      { id: 4, name: '__proto__', params: {} },
      { name: 'data.deleteAll', params: { keys: true } },
      { id: -1, name: 'data.deleteAll', params: { keys: true } },
      // Well formed, but without a hello.
      { id: 5, name: 'data.deleteAll', params: { keys: true } },
      { id: 6, name: 'conversation.delete', params: { id: 'c1' } },
      { id: 7, name: 'hello', params: { contractVersion: 99 } },
      { id: 8, name: 'conversation.delete', params: { id: 'c1' } },
    ];
    for (const message of hostile) pair.panel.send(message as PanelMessage);
    await until(() => answers.length >= 8);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answers.every((answer) => (answer as { kind: string }).kind === 'error')).toBe(true);
    expect(answers.map((answer) => (answer as { id: number }).id).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(JSON.stringify([await world.conversations.conversations(), await world.conversations.messages('c1')])).toBe(
      before,
    );
    await expect(one.client.request('conversation.list', {})).resolves.toMatchObject({ conversations: [{ id: 'c1' }] });
  });

  it('refuses what is too large with a sentence, so that no panel waits', async () => {
    const { panel } = startHost(createWorld());
    const one = panel();
    await one.client.request('conversation.create', { id: 'c1' });
    await expect(
      one.client.request('conversation.rename', { id: 'c1', title: 'x'.repeat(10_000) }),
    ).rejects.toMatchObject({
      failure: { message: expect.stringContaining('Nothing was changed') },
    });
  });

  it('is not hurt by a port that dies without a word', async () => {
    const { host, gateway, panel } = startHost(createWorld());
    const one = panel();
    await send(one, 'r1', 'Hi');
    const dead = createPortPair();
    host.connect({
      ...dead.host,
      send: () => {
        throw new Error('Attempting to use a disconnected port object');
      },
    });
    dead.panel.send({ id: 1, name: 'hello', params: { contractVersion: 1 } });
    dead.panel.send({ id: 2, name: 'run.attach', params: { runId: 'r1', fromSeq: 0 } });
    const call = await gateway.call(0);
    call.emit(text(0, 'Still here'));
    call.finish();
    expect((await one.ended('r1')).message.parts).toMatchObject([{ text: 'Still here' }]);
  });

  it('stays awake exactly while an answer is on its way', async () => {
    const awake: Promise<unknown>[] = [];
    const { gateway, panel } = startHost(createWorld(), { keepAwake: (until) => awake.push(until) });
    const one = panel();
    await one.client.request('conversation.create', { id: 'c1' });
    expect(awake.length).toBe(0);
    await send(one, 'r1', 'Hi');
    expect(awake.length).toBe(1);
    let over = false;
    void awake[0]?.then(() => {
      over = true;
    });
    (await gateway.call(0)).emit(text(0, 'x'));
    await until(() => one.text('r1') === 'x');
    expect(over).toBe(false);
    (await gateway.call(0)).finish();
    await one.ended('r1');
    await until(() => over);
  });

  it('works for a panel that finds another host behind its port', async () => {
    const world = createWorld();
    const first = startHost(world);
    let current = first.host;
    const one = openPanel(() => current);
    await send(one, 'r1', 'Hi');
    const second = startHost(world);
    current = second.host;
    one.pairs[0]?.kill();
    await one.client.request('conversation.create', { id: 'c2' });
    expect((await world.conversations.conversations()).length).toBe(2);
    expect(one.pairs.length).toBe(2);
  });
});
