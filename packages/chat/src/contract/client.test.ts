import { afterEach, describe, expect, it } from 'vitest';
import { createPanelClient, type PanelClient, PanelError, type PanelEvent } from './client.ts';
import type { HostMessage, PanelMessage, RequestName } from './messages.ts';
import { createPortPair, type PortPair } from './port-pair.testing.ts';
import type { HostState, MessageRecord, RunBatch } from './views.ts';

const state: HostState = {
  contractVersion: 1,
  vault: { mode: 'device', locked: false },
  ledger: { state: 'ready' },
  keys: [],
  settings: { v: 1, id: 'settings', parameters: {}, theme: 'system', pinned: [], enterSends: true },
};

const message: MessageRecord = {
  v: 1,
  id: 'm1',
  conversationId: 'c1',
  parentId: null,
  createdAt: 1,
  role: 'assistant',
  parts: [],
  status: 'streaming',
};

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
};

let client: PanelClient | undefined;
afterEach(() => client?.close());

/** A host by hand: it says hello by itself and leaves every other answer to the test. */
function createScript(
  options: {
    hello?: (message: PanelMessage) => HostMessage | undefined;
    broken?: () => boolean;
    onHostStart?: (listener: () => void) => void;
  } = {},
) {
  const pairs: PortPair[] = [];
  const asked: PanelMessage[] = [];
  const events: PanelEvent[] = [];
  const hello = options.hello ?? ((one) => ({ kind: 'result', id: one.id, result: state }));
  const made = createPanelClient(
    () => {
      if (options.broken?.()) throw new Error('Extension context invalidated.');
      const pair = createPortPair();
      pairs.push(pair);
      pair.host.onMessage((one) => {
        const answer = one.name === 'hello' ? hello(one) : undefined;
        if (answer) pair.host.send(answer);
        if (one.name !== 'hello') asked.push(one);
      });
      return pair.panel;
    },
    {
      ...{ minDelayMs: 1, maxDelayMs: 5, helloTimeoutMs: 40 },
      ...(options.onHostStart && { onHostStart: options.onHostStart }),
    },
  );
  client = made;
  made.subscribe((event) => events.push(event));
  const host = () => (pairs.at(-1) as PortPair).host;
  return {
    client: made,
    pairs,
    asked,
    events,
    /** Waits for the next request of this name and takes it. */
    next: async (name: RequestName): Promise<PanelMessage> => {
      await until(() => asked.some((one) => one.name === name));
      return asked.splice(
        asked.findIndex((one) => one.name === name),
        1,
      )[0] as PanelMessage;
    },
    answer: (one: PanelMessage, result: unknown) => host().send({ kind: 'result', id: one.id, result }),
    post: (one: HostMessage) => host().send(one),
    batch: (seq: number, count: number, more: Partial<RunBatch> = {}) => {
      const events = Array.from({ length: count }, (_, index) => ({
        type: 'text' as const,
        part: 0,
        text: `${seq - count + 1 + index},`,
      }));
      host().send({
        kind: 'run.batch',
        batch: { runId: 'r1', conversationId: 'c1', messageId: 'm1', seq, events, ...more },
      });
    },
    text: () =>
      events
        .flatMap((event) => (event.kind === 'run.batch' ? event.batch.events : []))
        .map((event) => (event.type === 'text' ? event.text : ''))
        .join(''),
  };
}

const start = {
  runId: 'r1',
  conversationId: 'c1',
  parentId: null,
  parts: [{ type: 'text', text: 'Hi' }],
  choice: { provider: 'p', model: 'm' },
} as const;

describe('createPanelClient', () => {
  it('says hello by itself, and asks only after it was answered', async () => {
    const script = createScript();
    const list = script.client.request('conversation.list', {});
    expect(await script.client.ready).toEqual(state);
    expect(script.events.slice(0, 2)).toEqual([
      { kind: 'state', state },
      { kind: 'connection', state: 'ready' },
    ]);
    script.answer(await script.next('conversation.list'), { conversations: [] });
    expect(await list).toEqual({ conversations: [] });
    expect(script.pairs[0]?.traffic[0]).toContain('"hello"');
  });

  it('gives every answer to the one who asked, in any order', async () => {
    const script = createScript();
    const first = script.client.request('conversation.open', { id: 'a' });
    const second = script.client.request('conversation.open', { id: 'b' });
    const [one, two] = [await script.next('conversation.open'), await script.next('conversation.open')];
    script.answer(two, 'two');
    script.answer(one, 'one');
    expect(await Promise.all([first, second])).toEqual(['one', 'two']);
  });

  it('rejects with the host’s failure', async () => {
    const script = createScript();
    const failure = {
      kind: 'cap',
      retryable: false,
      fallbackable: false,
      message: 'No.',
      userAction: 'raise-cap',
    } as const;
    const asked = script.client.request('run.start', start);
    script.post({ kind: 'error', id: (await script.next('run.start')).id, failure });
    const error = await asked.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PanelError);
    expect(error).toMatchObject({ message: 'No.', failure });
  });

  it('passes on what the host says, until nobody listens any more', async () => {
    const script = createScript();
    const heard: PanelEvent[] = [];
    const stop = script.client.subscribe((event) => heard.push(event));
    await script.client.ready;
    script.post({ kind: 'conversations', conversations: [] });
    await until(() => heard.some((event) => event.kind === 'conversations'));
    stop();
    script.post({ kind: 'state', state });
    await until(() => script.events.filter((event) => event.kind === 'state').length === 2);
    expect(heard.at(-1)?.kind).toBe('conversations');
  });

  describe('when the background is killed', () => {
    it('connects again, says hello again, and asks again what was not answered', async () => {
      const script = createScript();
      const list = script.client.request('conversation.list', {});
      const started = script.client.request('run.start', start);
      await script.next('conversation.list');
      await script.next('run.start');
      script.pairs[0]?.kill();
      script.answer(await script.next('conversation.list'), { conversations: [] });
      script.answer(await script.next('run.start'), { userMessage: message, assistantMessage: message });
      expect(await list).toEqual({ conversations: [] });
      expect(await started).toMatchObject({ assistantMessage: { id: 'm1' } });
      const connection = script.events.flatMap((event) => (event.kind === 'connection' ? [event.state] : []));
      expect(connection).toEqual(['ready', 'lost', 'ready']);
    });

    it('does not ask twice for what would be done twice', async () => {
      const script = createScript();
      const asked = script.client.request('blob.append', { id: 'b1', base64: 'AAAA', last: true });
      await script.next('blob.append');
      script.pairs[0]?.kill();
      await expect(asked).rejects.toMatchObject({ failure: { kind: 'unavailable', userAction: 'retry' } });
      await until(() => script.pairs.length === 2);
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(script.asked).toEqual([]);
    });

    it('sends later what was asked while there was no connection', async () => {
      let broken = false;
      const script = createScript({ broken: () => broken });
      await script.client.ready;
      broken = true;
      script.pairs[0]?.kill();
      const asked = script.client.request('blob.append', { id: 'b1', base64: 'AAAA', last: true });
      await new Promise((resolve) => setTimeout(resolve, 20));
      broken = false;
      script.answer(await script.next('blob.append'), null);
      expect(await asked).toBeNull();
    });

    it('attaches a running run where it was, and passes on no event twice', async () => {
      const script = createScript();
      const started = script.client.request('run.start', start);
      script.answer(await script.next('run.start'), { userMessage: message, assistantMessage: message });
      await started;
      script.batch(3, 3);
      await until(() => script.text() === '1,2,3,');
      script.pairs[0]?.kill();
      const attach = await script.next('run.attach');
      expect(attach.params).toEqual({ runId: 'r1', fromSeq: 3 });
      // From before the answer: brought again by it.
      script.batch(5, 2);
      script.answer(attach, { status: 'running', message });
      script.batch(5, 2);
      // Overlapping with what was seen.
      script.batch(7, 4);
      await until(() => script.text() === '1,2,3,4,5,6,7,');
      script.batch(7, 7);
      script.batch(8, 1);
      await until(() => script.text() === '1,2,3,4,5,6,7,8,');
    });

    it('says that a run ended meanwhile', async () => {
      const script = createScript();
      const started = script.client.request('run.start', start);
      script.answer(await script.next('run.start'), { userMessage: message, assistantMessage: message });
      await started;
      script.pairs[0]?.kill();
      const final: MessageRecord = { ...message, status: 'interrupted' };
      script.answer(await script.next('run.attach'), { status: 'ended', message: final });
      await until(() => script.events.some((event) => event.kind === 'run.ended'));
      expect(script.events.at(-1)).toEqual({ kind: 'run.ended', runId: 'r1', conversationId: 'c1', message: final });
      script.pairs[1]?.kill();
      await until(() => script.pairs.length === 3);
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(script.asked).toEqual([]);
    });

    it('asks once more for a start that was not answered, and follows it from where it was', async () => {
      const script = createScript();
      const started = script.client.request('run.start', start);
      await script.next('run.start');
      script.batch(2, 2);
      await until(() => script.text() === '1,2,');
      script.pairs[0]?.kill();
      script.answer(await script.next('run.start'), { userMessage: message, assistantMessage: message });
      await started;
      script.batch(3, 3);
      await until(() => script.text() === '1,2,3,');
      expect(script.asked).toEqual([]);
    });

    it('waits for a host that is slow to come, and takes one that never answers for dead', async () => {
      let answers = false;
      const script = createScript({
        hello: (one) => (answers ? { kind: 'result', id: one.id, result: state } : undefined),
      });
      await until(() => script.pairs.length === 3);
      answers = true;
      expect(await script.client.ready).toEqual(state);
    });
  });

  it('begins a run again when a panel attaches it from an earlier number', async () => {
    const script = createScript();
    const first = script.client.request('run.attach', { runId: 'r1', fromSeq: 0 });
    script.answer(await script.next('run.attach'), { status: 'running', message });
    await first;
    script.batch(2, 2);
    await until(() => script.text() === '1,2,');
    const again = script.client.request('run.attach', { runId: 'r1', fromSeq: 0 });
    const asked = await script.next('run.attach');
    script.batch(3, 1);
    script.answer(asked, { status: 'running', message });
    await again;
    script.batch(3, 3);
    await until(() => script.text() === '1,2,1,2,3,');
  });

  it('passes on a batch that tells the answer anew', async () => {
    const script = createScript();
    const attached = script.client.request('run.attach', { runId: 'r1', fromSeq: 5 });
    script.answer(await script.next('run.attach'), { status: 'running', message });
    await attached;
    script.batch(4, 1, { restart: true });
    script.batch(5, 1);
    await until(() => script.text() === '4,5,');
  });

  it.each<[string, (one: PanelMessage) => HostMessage]>([
    [
      'another contract version in its state',
      (one) => ({ kind: 'result', id: one.id, result: { ...state, contractVersion: 2 } }),
    ],
    [
      'its refusal of ours',
      (one) => ({
        kind: 'error',
        id: one.id,
        failure: {
          kind: 'internal',
          retryable: false,
          fallbackable: false,
          message: 'Reload the panel.',
          userAction: 'reload',
        },
      }),
    ],
  ])('fails for good, with the word to reload, at %s', async (_, hello) => {
    const script = createScript({ hello });
    const asked = script.client.request('conversation.list', {});
    const reload = { failure: { userAction: 'reload' } };
    await expect(script.client.ready).rejects.toMatchObject(reload);
    await expect(asked).rejects.toMatchObject(reload);
    await expect(script.client.request('conversation.list', {})).rejects.toMatchObject(reload);
    expect(script.events.at(-1)).toMatchObject({ kind: 'connection', state: 'failed', ...reload });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(script.pairs.length).toBe(1);
  });

  it('leaves nothing behind when it is closed', async () => {
    const script = createScript();
    await script.client.ready;
    const asked = script.client.request('conversation.list', {});
    script.client.close();
    await expect(asked).rejects.toMatchObject({ failure: { kind: 'aborted' } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(script.pairs.length).toBe(1);
    expect(script.events.filter((event) => event.kind === 'connection')).toEqual([
      { kind: 'connection', state: 'ready' },
    ]);
  });
});

describe('createPortPair', () => {
  it.each<[string, unknown]>([
    ['a bigint', 1n],
    ['bytes', new Uint8Array(1)],
    ['a date', new Date()],
    ['a map', new Map()],
    ['no number', Number.NaN],
  ])('refuses %s, which no port carries', (_, value) => {
    const { panel } = createPortPair();
    expect(() => panel.send({ id: 1, name: 'hello', params: { value } } as unknown as PanelMessage)).toThrow(TypeError);
  });

  describe('with a host that the browser stops when it is idle', () => {
    const resting = async () => {
      const listeners: (() => void)[] = [];
      const script = createScript({ onHostStart: (listener) => listeners.push(listener) });
      await script.client.ready;
      // One that dies within `maxDelayMs` is in trouble, not idle.
      await new Promise((resolve) => setTimeout(resolve, 10));
      const hostStarted = () => {
        for (const listener of listeners) listener();
      };
      return { script, hostStarted };
    };
    const close = (script: ReturnType<typeof createScript>) => (script.pairs.at(-1) as PortPair).host.close();
    /** Longer than any pause between two attempts. */
    const aWhile = () => new Promise((resolve) => setTimeout(resolve, 30));

    it('leaves it alone until it has started for another reason', async () => {
      const { script, hostStarted } = await resting();
      close(script);
      await aWhile();
      expect(script.pairs).toHaveLength(1);
      expect(script.events).not.toContainEqual({ kind: 'connection', state: 'lost' });
      hostStarted();
      hostStarted();
      await until(() => script.events.filter((event) => event.kind === 'connection').length === 2);
      expect(script.pairs).toHaveLength(2);
    });

    it('wakes it with the next request', async () => {
      const { script } = await resting();
      close(script);
      await aWhile();
      const list = script.client.request('conversation.list', {});
      script.answer(await script.next('conversation.list'), { conversations: [] });
      expect(await list).toEqual({ conversations: [] });
      expect(script.pairs).toHaveLength(2);
    });

    it('opens the port at once while something is under way', async () => {
      const { script } = await resting();
      const list = script.client.request('conversation.list', {});
      await script.next('conversation.list');
      close(script);
      await until(() => script.pairs.length === 2);
      script.answer(await script.next('conversation.list'), { conversations: [] });
      expect(await list).toEqual({ conversations: [] });
    });

    it('stays closed once it was closed for good', async () => {
      const { script, hostStarted } = await resting();
      close(script);
      script.client.close();
      hostStarted();
      await aWhile();
      expect(script.pairs).toHaveLength(1);
    });
  });
});
