import { type ChatEvent, type ConversationStore, StoreError } from '@patchbay/core';
import { afterEach, describe, expect, it } from 'vitest';
import { closeHosts, createWorld, send, startHost, text, until } from './fakes.testing.ts';
import { createFeed } from './feed.ts';

afterEach(closeHosts);

/** The same store, with `before` awaited ahead of each call and `after` behind it. */
function stepped(
  store: ConversationStore,
  before: (method: string) => void | Promise<void>,
  after: (method: string) => void | Promise<void> = () => undefined,
): ConversationStore {
  return new Proxy(store, {
    get:
      (target, name) =>
      async (...given: unknown[]) => {
        await before(String(name));
        const method = Reflect.get(target, name) as (...given: unknown[]) => unknown;
        const result = await method.apply(target, given);
        await after(String(name));
        return result;
      },
  });
}

describe('a store that fails at one call', () => {
  it('never leaves a panel without an answer, nor an answer without its end', async () => {
    for (let failing = 1, calls = 0; calls >= failing - 1; failing += 1) {
      calls = 0;
      const world = createWorld();
      const conversations = stepped(world.conversations, (method) => {
        // It answers what is wrong, and never throws.
        if (method === 'health') return;
        calls += 1;
        if (calls === failing) throw new StoreError('unreadable', 'The disk coughed.');
      });
      const { gateway, panel } = startHost({ ...world, conversations });
      const one = panel();
      const started = await send(one, 'r1', 'Hi').catch((error: { failure?: unknown }) => error);
      if ('failure' in started) {
        // Refused with a reason, and the same again works.
        expect(started.failure, `call ${failing}`).toMatchObject({ kind: 'storage' });
        await send(one, 'r1', 'Hi');
      }
      const call = await gateway.call(0);
      call.emit(text(0, 'Hello.'));
      call.finish();
      const { message } = await one.ended('r1');
      expect(message.parts, `call ${failing}`).toMatchObject([{ type: 'text', text: 'Hello.' }]);
      expect(gateway.calls).toHaveLength(1);
      await until(async () => (await world.conversations.run('r1'))?.status === 'done');
      closeHosts();
    }
  });
});

it('asks nobody for a conversation that is deleted while its run is being written', async () => {
  const world = createWorld();
  let written: () => void = () => undefined;
  const isWritten = new Promise<void>((resolve) => {
    written = resolve;
  });
  let goOn: () => void = () => undefined;
  const mayGoOn = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let runs = 0;
  const slow: ConversationStore = {
    ...world.conversations,
    write: async (batch, options) => {
      await world.conversations.write(batch, options);
      if (!batch.some((write) => 'insert' in write)) return;
      runs += 1;
      written();
      await mayGoOn;
    },
  };
  const { gateway, panel } = startHost({ ...world, conversations: slow }, { timing: { heartbeat: 60_000 } });
  const [one, two] = [panel(), panel()];
  const started = send(one, 'r1', 'Hi').catch(() => undefined);
  await isWritten;
  const deleted = two.client.request('conversation.delete', { id: 'c1' });
  await until(async () => (await world.conversations.conversation('c1')) === undefined);
  goOn();
  await Promise.all([started, deleted]);
  expect(runs).toBe(1);
  await until(() => gateway.calls.every((call) => call.options.signal.aborted));
  expect(await world.conversations.messages('c1')).toEqual([]);
});

it('replays a read of any number of events', () => {
  const feed = createFeed({ runId: 'r', conversationId: 'c', messageId: 'm' });
  const events: ChatEvent[] = Array.from({ length: 300_000 }, (_, part) => text(part, 'a'));
  feed.append(events);
  let got = 0;
  feed.follow(
    {
      post: (message) => {
        if (message.kind === 'run.batch') got += message.batch.events.length;
      },
      alive: true,
      greeted: true,
      shows: 'c',
    },
    0,
  );
  expect(got).toBe(events.length);
});
