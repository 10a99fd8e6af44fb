import { type BlobStore, type ConversationStore, createMemoryLedger, StoreError } from '@patchbay/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { HostState } from '../contract/views.ts';
import {
  closeHosts,
  createWorld,
  GUIDE,
  newKey,
  send,
  startHost,
  type TestPanel,
  text,
  until,
} from './fakes.testing.ts';

afterEach(closeHosts);

const FULL = new StoreError('full', 'The disk is full. Free some space and try again.');

/** A store that can be told to fail. */
function breakable<S extends ConversationStore | BlobStore>(
  store: S,
): { store: S; break(error: Error | undefined): void } {
  let broken: Error | undefined;
  return {
    store: new Proxy(store, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...given: unknown[]) => unknown;
        const writes = ['write', 'update', 'updateRun', 'put', 'keep', 'wipe'].includes(String(name));
        return (...given: unknown[]) => (broken && writes ? Promise.reject(broken) : method.apply(target, given));
      },
    }),
    break: (error) => {
      broken = error;
    },
  };
}

const state = (panel: TestPanel): HostState | undefined =>
  panel.events.findLast((event) => event.kind === 'state')?.state;

describe('a full disk', () => {
  it('before a run refuses it with a sentence, and asks nobody', async () => {
    const conversations = breakable(createWorld().conversations);
    const { gateway, panel } = startHost(createWorld({ conversations: conversations.store }));
    const one = panel();
    await one.client.request('conversation.create', { id: 'c1' });
    await one.client.request('draft.save', { conversationId: 'c1', draft: 'My question' });
    conversations.break(FULL);
    await expect(send(one, 'r1', 'My question')).rejects.toMatchObject({
      failure: { kind: 'storage', userAction: 'free-space', message: expect.stringContaining('disk is full') },
    });
    await until(() => state(one)?.storage?.state === 'full');
    expect(gateway.calls).toEqual([]);
    // The very same request works once there is room.
    conversations.break(undefined);
    expect((await one.client.request('conversation.open', { id: 'c1' })).conversation.draft).toBe('My question');
    await send(one, 'r1', 'My question');
    await gateway.call(0);
    await until(async () => state(one)?.storage === undefined);
  });

  it('in the middle of an answer lets it go on, says so, and saves it when there is room again', async () => {
    const world = createWorld();
    const conversations = breakable(world.conversations);
    const awake: Promise<unknown>[] = [];
    const { gateway, panel } = startHost(
      { ...world, conversations: conversations.store },
      { keepAwake: (until) => awake.push(until) },
    );
    const one = panel();
    await send(one, 'r1', 'Hi');
    const call = await gateway.call(0);
    conversations.break(FULL);
    call.emit(text(0, 'Going '));
    const notices = () =>
      one.events
        .flatMap((event) => (event.kind === 'run.batch' ? event.batch.events : []))
        .filter((event) => event.type === 'notice');
    await until(() => notices().length > 0);
    call.emit(text(0, 'on'));
    call.finish();
    const { message } = await one.ended('r1');
    expect(one.text('r1')).toBe('Going on');
    expect(notices()).toMatchObject([{ code: 'not-saved', message: expect.stringContaining('disk is full') }]);
    expect(message).toMatchObject({
      status: 'complete',
      parts: [{ text: 'Going on' }],
      notices: [{ code: 'not-saved' }],
    });
    // Shown, sent along and exported from memory …
    const two = panel();
    expect((await two.client.request('conversation.open', { id: 'c1' })).messages[1]).toEqual(message);
    const { text: exported } = await two.client.request('data.export', { cursor: 'conversations' });
    expect(exported).toContain('Going on');
    expect(await two.client.request('run.attach', { runId: 'r1', fromSeq: 0 })).toEqual({ status: 'ended', message });
    expect((await two.client.request('conversation.list', {})).conversations).toMatchObject([{ busy: false }]);
    expect(awake.length).toBe(2);
    // … until it can be saved, without the word that it could not.
    conversations.break(undefined);
    await until(async () => (await world.conversations.message(message.id))?.status === 'complete');
    const kept = await world.conversations.message(message.id);
    expect(kept).toMatchObject({ parts: [{ text: 'Going on' }] });
    expect(kept?.notices).toBeUndefined();
    expect(await world.conversations.run('r1')).toMatchObject({ status: 'done' });
    await until(async () => {
      const { messages } = await two.client.request('conversation.open', { id: 'c1' });
      return JSON.stringify(messages[1]) === JSON.stringify(kept);
    });
    await awake[1];
    await until(() => state(one)?.storage === undefined);
  });

  it('keeps a picture that came, for as long as the host lives', async () => {
    const blobs = breakable(createWorld().blobs);
    const { gateway, panel } = startHost(createWorld({ blobs: blobs.store }));
    const one = panel();
    await send(one, 'r1', 'Draw');
    const call = await gateway.call(0);
    blobs.break(FULL);
    call.emit({ type: 'image', part: 0, mediaType: 'image/png', source: { kind: 'base64', data: 'AAECAw==' } });
    call.finish();
    const { message } = await one.ended('r1');
    const [part] = message.parts;
    const blobId = part?.type === 'image' && part.source.kind === 'blob' ? part.source.blobId : '';
    expect(await one.client.request('blob.read', { id: blobId, offset: 0, length: 10 })).toEqual({
      mediaType: 'image/png',
      bytes: 4,
      base64: 'AAECAw==',
    });
  });
});

describe('an unreadable store', () => {
  it('still lets the panel open, with the reason', async () => {
    const unreadable = new StoreError('unreadable', 'Patchbay’s database cannot be read.');
    const world = createWorld();
    const failing = new Proxy(world.conversations, {
      get: (_, name) =>
        name === 'health'
          ? async () => ({ state: 'unreadable', message: unreadable.message })
          : () => Promise.reject(unreadable),
    });
    const one = startHost({ ...world, conversations: failing }).panel();
    const hello = await one.client.ready;
    expect(hello.storage).toEqual({ state: 'unreadable', message: unreadable.message });
    expect(hello.settings).toMatchObject({ theme: 'system' });
    await expect(one.client.request('conversation.list', {})).rejects.toMatchObject({
      failure: { kind: 'storage', message: unreadable.message },
    });
  });

  it('is forgotten once it can be read again', async () => {
    const unreadable = new StoreError('unreadable', 'Patchbay’s database cannot be read.');
    const world = createWorld();
    let broken = true;
    const failing = new Proxy(world.conversations, {
      get: (target, name) => {
        if (!broken) return Reflect.get(target, name);
        return name === 'health'
          ? async () => ({ state: 'unreadable', message: unreadable.message })
          : () => Promise.reject(unreadable);
      },
    });
    const host = startHost({ ...world, conversations: failing });
    expect((await host.panel().client.ready).storage).toMatchObject({ state: 'unreadable' });
    broken = false;
    expect((await host.panel().client.ready).storage).toBeUndefined();
  });
});

describe('the vault and the ledger', () => {
  const choice = (keyId: string) => ({ provider: 'openrouter', model: 'a/b', keyId });
  const start = (panel: TestPanel, keyId: string) =>
    panel.client.request('run.start', {
      runId: 'r1',
      conversationId: 'c1',
      parentId: null,
      parts: [{ type: 'text', text: 'Hi' }],
      choice: choice(keyId),
    });

  it('show a key with its caps as decimal strings, and never its secret', async () => {
    const world = createWorld();
    const key = await world.vault.add({ ...newKey, caps: [{ limit: 10_000_000n, window: 'day' }] });
    await world.ledger.reserve(
      [
        {
          id: 'x1',
          account: key.fingerprint,
          policyVersion: key.policy.version,
          caps: key.policy.caps,
          bound: 2_500_000n,
          provider: 'openrouter',
          model: 'a/b',
          runId: 'r',
        },
      ],
      { id: 'o', leaseMs: 60_000 },
    );
    const one = startHost(world).panel();
    const { keys, vault, ledger } = await one.client.ready;
    expect(vault).toEqual({ mode: 'device', locked: false });
    expect(ledger).toEqual({ state: 'ready' });
    expect(keys).toEqual([
      {
        id: key.id,
        label: 'Mine',
        provider: 'openrouter',
        providerName: 'OpenRouter',
        origin: 'https://openrouter.ai',
        lastFour: 'cdef',
        caps: [
          {
            limitUsd: '0.01',
            window: 'day',
            spentUsd: '0',
            reservedUsd: '0.0025',
            leftUsd: '0.0075',
            resetsAt: expect.any(Number),
          },
        ],
        todayUsd: expect.any(String),
        monthUsd: expect.any(String),
        totalUsd: expect.any(String),
        locked: false,
      },
    ]);
    await one.client.request('data.export', {});
    expect(one.pairs.flatMap((pair) => pair.traffic).join()).not.toMatch(/0123456789abcdef/);
    expect(one.pairs.flatMap((pair) => pair.traffic).join()).not.toContain(key.fingerprint);
  });

  it('refuse a run while locked, before anything is written; the guide answers on', async () => {
    const world = createWorld();
    const key = await world.vault.add(newKey);
    await world.vault.setMode('passphrase', { passphrase: 'correct horse battery staple' });
    await world.vault.lock();
    const { gateway, panel } = startHost(world);
    const one = panel();
    await one.client.request('conversation.create', { id: 'c1' });
    expect(await one.client.ready).toMatchObject({ vault: { locked: true }, keys: [] });
    await expect(start(one, key.id)).rejects.toMatchObject({ failure: { kind: 'vault-locked', userAction: 'unlock' } });
    expect(await world.conversations.messages('c1')).toEqual([]);
    await send(one, 'r2', 'Hi');
    expect((await gateway.call(0)).request.choice).toEqual(GUIDE);
  });

  it('refuse to spend when the ledger is another one, until the user confirms it', async () => {
    const world = createWorld();
    const key = await world.vault.add(newKey);
    await startHost(world).panel().client.ready;
    expect(await world.vault.ledgerId()).toBe(await world.ledger.id());

    const lost = { ...world, ledger: createMemoryLedger() };
    const { gateway, panel } = startHost(lost);
    const one = panel();
    expect((await one.client.ready).ledger).toMatchObject({
      state: 'missing',
      message: expect.stringContaining('confirm'),
    });
    await one.client.request('conversation.create', { id: 'c1' });
    await expect(start(one, key.id)).rejects.toMatchObject({
      failure: { kind: 'ledger-locked', userAction: 'confirm-ledger' },
    });
    expect(gateway.calls).toEqual([]);
    await one.client.request('ledger.confirm', {});
    await until(() => state(one)?.ledger.state === 'ready');
    await start(one, key.id);
    expect((await gateway.call(0)).request.choice).toEqual(choice(key.id));
  });

  it('let an overrun be acknowledged', async () => {
    const world = createWorld();
    const key = await world.vault.add({ ...newKey, caps: [{ limit: 1_000_000_000n, window: 'day' }] });
    const request = {
      id: 'x1',
      account: key.fingerprint,
      policyVersion: key.policy.version,
      caps: key.policy.caps,
      bound: 1n,
      provider: 'openrouter',
      model: 'a/b',
      runId: 'r',
    };
    await world.ledger.reserve([request], { id: 'o', leaseMs: 60_000 });
    await world.ledger.markSent('x1');
    await world.ledger.settle('x1', { amount: 5n, source: 'provider' });
    const one = startHost(world).panel();
    expect((await one.client.ready).keys[0]?.locked).toBe(true);
    await one.client.request('keys.acknowledgeOverrun', { keyId: key.id });
    await until(() => state(one)?.keys[0]?.locked === false);
    await expect(one.client.request('keys.acknowledgeOverrun', { keyId: 'none' })).rejects.toMatchObject({
      failure: { kind: 'auth' },
    });
  });

  it('that newer code took over can still be seen, and are not called locked', async () => {
    const world = createWorld();
    const key = await world.vault.add(newKey);
    // It can be read, and is healthy as far as that goes; but it takes nothing any more, and has an id only once it did.
    const ledger = { ...world.ledger, id: () => Promise.reject(new StoreError('newer', 'Reload this window.')) };
    const hello = await startHost({ ...world, ledger }).panel().client.ready;
    expect(hello.ledger).toEqual({ state: 'unreadable', message: 'Reload this window.' });
    expect(hello.vault.locked).toBe(false);
    expect(hello.keys).toMatchObject([{ id: key.id }]);
  });

  it('that cannot be read leave everything else working', async () => {
    const world = createWorld();
    const key = await world.vault.add(newKey);
    const ledger = {
      ...world.ledger,
      health: async () => ({ state: 'unreadable', message: 'The ledger cannot be read.' }) as const,
      status: () => Promise.reject(new Error('unreadable')),
    };
    const one = startHost({ ...world, ledger }).panel();
    const hello = await one.client.ready;
    expect(hello.ledger).toEqual({ state: 'unreadable', message: 'The ledger cannot be read.' });
    expect(hello.keys).toMatchObject([{ id: key.id, unknown: true, caps: [] }]);
    await one.client.request('conversation.create', { id: 'c1' });
    await expect(start(one, key.id)).rejects.toMatchObject({ failure: { kind: 'ledger-locked' } });
    await send(one, 'r2', 'Hi');
  });

  it('tell every panel when the product’s own pages changed them', async () => {
    const world = createWorld();
    const { host, panel } = startHost(world);
    const [one, two] = [panel(), panel()];
    await Promise.all([one.client.ready, two.client.ready]);
    await world.vault.add(newKey);
    host.changed();
    await until(() => state(one)?.keys.length === 1 && state(two)?.keys.length === 1);
  });
});
