import { conversation, message, run, sample } from './sample.testing.ts';
import { type BlobStore, type ConversationStore, StoreError, type Write } from './store.ts';

/**
 * The contract of the stores as plain functions that throw where it is broken: they need no test runner, so that the same
 * ones run in Node on every engine and inside a real browser.
 */
export interface Case<Subject> {
  readonly name: string;
  run(open: () => Promise<Subject>): Promise<void>;
}

/** `open` gives an empty store each time; `reopen` ends the engine's connection and opens the same data again. */
export interface ConversationSubject {
  readonly store: ConversationStore;
  /** Another connection to the same data. */
  readonly second: ConversationStore;
  reopen?(): Promise<ConversationStore>;
}

export interface BlobSubject {
  readonly store: BlobStore;
  reopen?(): Promise<BlobStore>;
}

export const conversationCases: readonly Case<ConversationSubject>[] = [
  {
    name: 'keeps every field of every record',
    run: async (open) => {
      const subject = await open();
      await subject.store.write([
        { put: 'conversation', record: sample.conversation },
        { put: 'message', record: sample.message },
        { insert: 'run', record: sample.run },
        { put: 'settings', record: sample.settings },
      ]);
      const store = (await subject.reopen?.()) ?? subject.store;
      same(await store.conversation('c1'), sample.conversation);
      same(await store.conversations(), [sample.conversation]);
      same(await store.message('m2'), sample.message);
      same(await store.messages('c1'), [sample.message]);
      same(await store.run('r1'), sample.run);
      same(await store.runs('running'), [sample.run]);
      same(await store.runs('done'), []);
      same(await store.settings(), sample.settings);
    },
  },
  {
    name: 'has nothing where nothing was written',
    run: async (open) => {
      const { store } = await open();
      same(await store.conversation('x'), undefined);
      same(await store.message('x'), undefined);
      same(await store.run('x'), undefined);
      same(await store.settings(), undefined);
      same([await store.conversations(), await store.messages('x'), await store.runs('running')], [[], [], []]);
      same(await store.update('x', (before) => before), undefined);
      same(await store.updateRun('x', (before) => before), undefined);
    },
  },
  {
    name: 'gives conversations newest first and messages oldest first, of the one conversation only',
    run: async (open) => {
      const { store } = await open();
      await store.write([
        { put: 'conversation', record: conversation('old', { updatedAt: 1 }) },
        { put: 'conversation', record: conversation('new', { updatedAt: 3 }) },
        { put: 'conversation', record: conversation('mid', { updatedAt: 2 }) },
        { put: 'message', record: message('z', 'old', 'first', { createdAt: 1 }) },
        { put: 'message', record: message('a', 'old', 'second', { createdAt: 2 }) },
        { put: 'message', record: message('b', 'new', 'elsewhere', { createdAt: 3 }) },
      ]);
      same(
        (await store.conversations()).map((one) => one.id),
        ['new', 'mid', 'old'],
      );
      same(
        (await store.messages('old')).map((one) => one.id),
        ['z', 'a'],
      );
    },
  },
  {
    name: 'starts a run once: a second insert undoes its whole batch',
    run: async (open) => {
      const { store, second } = await open();
      await store.write([{ insert: 'run', record: run('r1', 'c1') }]);
      const again = [
        { put: 'message', record: message('m9', 'c1', 'twice') },
        { insert: 'run', record: run('r1', 'c1', { ownerId: 'other' }) },
      ] as const;
      await fails('conflict', () => second.write(again));
      same((await store.run('r1'))?.ownerId, 'o1');
      same(await store.message('m9'), undefined);
    },
  },
  {
    name: 'lets one of many concurrent starts win',
    run: async (open) => {
      const { store, second } = await open();
      const starts = Array.from({ length: 10 }, (_, index) =>
        (index % 2 ? store : second).write([
          { insert: 'run', record: run('r1', 'c1', { ownerId: `o${index}` }) },
          { put: 'message', record: message(`m${index}`, 'c1', 'mine') },
        ]),
      );
      const won = (await Promise.allSettled(starts)).flatMap((one, index) =>
        one.status === 'fulfilled' ? [index] : [],
      );
      same(won.length, 1);
      same(
        (await store.messages('c1')).map((one) => one.id),
        [`m${won[0]}`],
      );
      same((await store.run('r1'))?.ownerId, `o${won[0]}`);
    },
  },
  {
    name: 'loses no update among concurrent ones',
    run: async (open) => {
      const { store, second } = await open();
      await store.write([
        { put: 'conversation', record: conversation('c1') },
        { insert: 'run', record: run('r1', 'c1') },
      ]);
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const one = index % 2 ? store : second;
          return Promise.all([
            one.update('c1', (before) => ({ ...before, title: `${before.title}.` })),
            one.updateRun('r1', (before) => ({ ...before, seq: before.seq + 1 })),
            one.write([
              { update: 'conversation', id: 'c1', change: (before) => ({ ...before, draft: `${before.draft}.` }) },
            ]),
          ]);
        }),
      );
      same((await store.conversation('c1'))?.title, '.'.repeat(20));
      same((await store.conversation('c1'))?.draft, '.'.repeat(20));
      same((await store.run('r1'))?.seq, 20);
    },
  },
  {
    name: 'keeps a stop that another window asked for through the owner’s checkpoint',
    run: async (open) => {
      const { store, second } = await open();
      await store.write([{ insert: 'run', record: run('r1', 'c1') }]);
      same((await second.updateRun('r1', (before) => ({ ...before, stopRequested: true })))?.stopRequested, true);
      await store.write([
        { update: 'run', id: 'r1', change: (before) => ({ ...before, seq: 7, leaseUntil: 200 }) },
        { put: 'message', record: message('a', 'c1', 'so far') },
      ]);
      same(await store.run('r1'), run('r1', 'c1', { seq: 7, leaseUntil: 200, stopRequested: true }));
    },
  },
  {
    name: 'writes nothing for what was deleted meanwhile',
    run: async (open) => {
      const { store } = await open();
      const late = (update: Write) =>
        store.write([{ put: 'message', record: message('late', 'c1', 'too late') }, update]);
      await fails('missing', () => late({ update: 'conversation', id: 'gone', change: (before) => before }));
      await fails('missing', () => late({ update: 'message', id: 'gone', change: (before) => before }));
      await fails('missing', () => late({ update: 'run', id: 'gone', change: (before) => before }));
      same(await store.message('late'), undefined);
    },
  },
  {
    name: 'undoes the batch when a change throws, and gives its error back',
    run: async (open) => {
      const { store } = await open();
      await store.write([{ insert: 'run', record: run('r1', 'c1') }]);
      const no = new Error('no');
      const refuse = () => {
        throw no;
      };
      const batch = [
        { put: 'message', record: message('m1', 'c1', 'x') },
        { update: 'run', id: 'r1', change: refuse },
      ] as const;
      const thrown = await store.write(batch).catch((error: unknown) => error);
      if (thrown !== no) throw new Error(`another error came back: ${String(thrown)}`);
      same(await store.message('m1'), undefined);
      await store.write([{ put: 'message', record: message('m1', 'c1', 'y') }]);
      same((await store.message('m1'))?.parts, [{ type: 'text', text: 'y' }]);
    },
  },
  {
    name: 'applies a batch in its order',
    run: async (open) => {
      const { store } = await open();
      await store.write([
        { put: 'conversation', record: conversation('c1', { title: 'one' }) },
        { update: 'conversation', id: 'c1', change: (before) => ({ ...before, title: `${before.title}, two` }) },
        { put: 'message', record: message('m1', 'c1', 'x') },
        { delete: 'conversation', id: 'c1' },
        { put: 'conversation', record: conversation('c1', { title: 'again' }) },
      ]);
      same((await store.conversation('c1'))?.title, 'again');
      same(await store.messages('c1'), []);
    },
  },
  {
    name: 'deletes a conversation with its messages and runs, and no other',
    run: async (open) => {
      const { store } = await open();
      for (const id of ['c1', 'c2']) {
        await store.write([
          { put: 'conversation', record: conversation(id) },
          { put: 'message', record: message(`${id}-m1`, id, 'a') },
          { put: 'message', record: message(`${id}-m2`, id, 'b') },
          { insert: 'run', record: run(`${id}-r`, id) },
        ]);
      }
      await store.write([{ delete: 'conversation', id: 'c1' }]);
      await store.write([{ delete: 'conversation', id: 'never was' }]);
      same(
        (await store.conversations()).map((one) => one.id),
        ['c2'],
      );
      same(await store.messages('c1'), []);
      same(
        (await store.runs('running')).map((one) => one.id),
        ['c2-r'],
      );
      same((await store.messages('c2')).length, 2);
    },
  },
  {
    name: 'hands out copies',
    run: async (open) => {
      const { store } = await open();
      const record = { ...conversation('c1'), parameters: { temperature: 1 } };
      await store.write([{ put: 'conversation', record }]);
      record.parameters.temperature = 2;
      const read = (await store.conversation('c1')) as { title: string };
      read.title = 'changed';
      same(await store.conversation('c1'), { ...conversation('c1'), parameters: { temperature: 1 } });
    },
  },
  {
    name: 'finds all the words of a search, in titles and messages',
    run: async (open) => {
      const { store } = await open();
      await store.write([
        { put: 'conversation', record: conversation('c1', { title: 'Tides of Brest', updatedAt: 1 }) },
        { put: 'conversation', record: conversation('c2', { title: 'Other', updatedAt: 2 }) },
        { put: 'conversation', record: conversation('c3', { title: 'Third', updatedAt: 3 }) },
        { put: 'message', record: message('m1', 'c1', 'nothing of it') },
        { put: 'message', record: message('m2', 'c2', 'In BREST the\n tides   are high', { createdAt: 2 }) },
        { put: 'message', record: message('m3', 'c2', 'tides of Brest, again', { createdAt: 3 }) },
        { put: 'message', record: message('m4', 'c3', 'only tides here') },
      ]);
      same(await store.search('tides brest', 10), [
        { conversationId: 'c2', messageId: 'm2', excerpt: 'In BREST the tides are high' },
        { conversationId: 'c1', excerpt: 'Tides of Brest' },
      ]);
      same(
        (await store.search('TIDES', 2)).map((hit) => hit.conversationId),
        ['c3', 'c2'],
      );
      same(await store.search('brest rain', 10), []);
      same(await store.search('  ', 10), []);
    },
  },
  {
    name: 'shortens what it found around the words',
    run: async (open) => {
      const { store } = await open();
      await store.write([
        { put: 'conversation', record: conversation('c1') },
        { put: 'message', record: message('m1', 'c1', `${'a '.repeat(500)}needle${' b'.repeat(500)}`) },
      ]);
      const excerpt = (await store.search('needle', 1))[0]?.excerpt ?? '';
      same([excerpt.startsWith('…'), excerpt.endsWith('…'), excerpt.includes('needle')], [true, true, true]);
      if (excerpt.length > 250) throw new Error(`${excerpt.length} characters`);
    },
  },
  {
    name: 'forgets everything when wiped, and works on',
    run: async (open) => {
      const { store } = await open();
      await store.write([
        { put: 'conversation', record: sample.conversation },
        { put: 'message', record: sample.message },
        { insert: 'run', record: sample.run },
        { put: 'settings', record: sample.settings },
      ]);
      await store.wipe();
      same([await store.conversations(), await store.messages('c1'), await store.runs('running')], [[], [], []]);
      same([await store.run('r1'), await store.settings()], [undefined, undefined]);
      await store.write([{ put: 'conversation', record: sample.conversation }]);
      same((await store.conversations()).length, 1);
      same(await store.health(), { state: 'ready' });
    },
  },
];

export const blobCases: readonly Case<BlobSubject>[] = [
  {
    name: 'gives 5 MB back byte for byte, also after a restart',
    run: async (open) => {
      const subject = await open();
      const bytes = noise(5 * 1024 * 1024);
      const record = { ...sample.blob, bytes: bytes.length };
      await subject.store.put(record, bytes);
      const store = (await subject.reopen?.()) ?? subject.store;
      const read = await store.get('b1');
      same(read?.record, record);
      sameBytes(read?.bytes, bytes);
      same(await store.list(), [record]);
    },
  },
  {
    name: 'keeps only the bytes of a view, not its whole buffer',
    run: async (open) => {
      const { store } = await open();
      const whole = noise(100);
      await store.put({ ...sample.blob, bytes: 10 }, whole.subarray(20, 30));
      const read = await store.get('b1');
      sameBytes(read?.bytes, whole.slice(20, 30));
    },
  },
  {
    name: 'never changes a blob',
    run: async (open) => {
      const { store } = await open();
      await store.put(sample.blob, noise(3));
      await fails('conflict', () => store.put({ ...sample.blob, mediaType: 'text/html' }, noise(9)));
      const read = await store.get('b1');
      same(read?.record, sample.blob);
      sameBytes(read?.bytes, noise(3));
    },
  },
  {
    name: 'marks what messages refer to, and deletes what it is told to',
    run: async (open) => {
      const { store } = await open();
      const { kept: _, ...fresh } = sample.blob;
      for (const id of ['a', 'b', 'c']) await store.put({ ...fresh, id }, noise(3));
      await store.keep(['a', 'c', 'never was']);
      same((await store.list()).map((one) => [one.id, one.kept ?? false]).sort(), [
        ['a', true],
        ['b', false],
        ['c', true],
      ]);
      sameBytes((await store.get('a'))?.bytes, noise(3));
      await store.delete(['a', 'b', 'never was']);
      same(await store.get('a'), undefined);
      same(
        (await store.list()).map((one) => one.id),
        ['c'],
      );
      await store.wipe();
      same([await store.list(), await store.get('c')], [[], undefined]);
    },
  },
];

/** The same bytes each time, no pattern that an engine could compress by accident. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = 0x2545f491;
  for (let index = 0; index < length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state & 0xff;
  }
  return bytes;
}

function sameBytes(actual: Uint8Array | undefined, expected: Uint8Array): void {
  if (!(actual instanceof Uint8Array)) throw new Error('no bytes');
  same(actual.length, expected.length);
  if (actual.byteLength !== actual.buffer.byteLength) throw new Error('more bytes in the buffer than were stored');
  const at = actual.findIndex((byte, index) => byte !== expected[index]);
  if (at >= 0) throw new Error(`byte ${at} differs`);
}

/** Equal as JSON, keys in any order; an absent field and an undefined one are the same. */
function same(actual: unknown, expected: unknown): void {
  const [left, right] = [canonical(actual), canonical(expected)];
  if (left !== right) throw new Error(`expected ${right}\n but got ${left}`);
}

function canonical(value: unknown): string {
  const sorted = (_: string, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one;
  return JSON.stringify(value, sorted) ?? 'undefined';
}

async function fails(code: StoreError['code'], act: () => Promise<unknown>): Promise<void> {
  const error = await act().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StoreError)) throw new Error(`expected StoreError ${code}, got ${String(error)}`);
  same(error.code, code);
  if (!error.message.endsWith('.')) throw new Error(`no sentence: ${error.message}`);
}
