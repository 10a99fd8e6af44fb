import { readRecord, StoreError } from '@patchbay/core';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import { blobCases, conversationCases } from '../../../core/src/records/records.testing.ts';
import { conversation, message, run, sample } from '../../../core/src/records/sample.testing.ts';
import { createBlobStore } from './blobs.ts';
import { createConversationStore } from './conversations.ts';
import { CONVERSATION_STORES } from './conversations-schema.ts';
import { createDatabase, DATABASE_NAME, DATABASE_VERSION, type Database, result } from './database.ts';

const opened: Database[] = [];

function connect(factory: IDBFactory): Database {
  const database = createDatabase({ factory });
  opened.push(database);
  return database;
}

afterEach(() => {
  for (const database of opened.splice(0)) database.close();
});

/** Writes past the store, as a damaged disk or another version of the code would. */
async function plant(factory: IDBFactory, store: string, record: unknown, version = DATABASE_VERSION): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = factory.open(DATABASE_NAME, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const transaction = db.transaction([store], 'readwrite');
  transaction.objectStore(store).put(record);
  await new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  db.close();
}

describe('createConversationStore', () => {
  it.each(conversationCases)('$name', ({ run: check }) =>
    check(async () => {
      const factory = new IDBFactory();
      const first = connect(factory);
      return {
        store: createConversationStore(first),
        second: createConversationStore(connect(factory)),
        reopen: async () => {
          first.close();
          return createConversationStore(connect(factory));
        },
      };
    }),
  );

  it('reads a database of newer code, says so, and never writes to it', async () => {
    const factory = new IDBFactory();
    const before = connect(factory);
    await createConversationStore(before).write([
      { put: 'conversation', record: conversation('c1', { title: 'Kept' }) },
      { put: 'message', record: message('m1', 'c1', 'still here') },
    ]);
    before.close();
    await plant(
      factory,
      CONVERSATION_STORES.conversations,
      { v: 99, id: 'c2', shape: 'unheard of' },
      DATABASE_VERSION + 1,
    );

    const store = createConversationStore(connect(factory));
    expect(await store.health()).toEqual({ state: 'newer', message: expect.stringContaining('newer version') });
    expect((await store.conversations()).map((one) => one.title)).toEqual(['Kept']);
    expect((await store.messages('c1')).map((one) => one.id)).toEqual(['m1']);
    await expect(store.conversation('c2')).rejects.toMatchObject({ code: 'newer' });
    for (const write of [
      () => store.write([{ put: 'conversation', record: conversation('c1') }]),
      () => store.update('c1', (one) => ({ ...one, title: 'Lost' })),
      () => store.wipe(),
    ]) {
      await expect(write()).rejects.toMatchObject({
        code: 'newer',
        message: expect.stringContaining('Update Patchbay'),
      });
    }
    expect((await store.conversation('c1'))?.title).toBe('Kept');
  });

  it('does not let one damaged record hide the others', async () => {
    const factory = new IDBFactory();
    const store = createConversationStore(connect(factory));
    await store.write([
      { put: 'conversation', record: conversation('c1') },
      { insert: 'run', record: run('r1', 'c1') },
    ]);
    await plant(factory, CONVERSATION_STORES.conversations, { id: 'broken' });
    await plant(factory, CONVERSATION_STORES.runs, { id: 'broken', status: 'running' });
    expect((await store.conversations()).map((one) => one.id)).toEqual(['c1']);
    expect((await store.runs('running')).map((one) => one.id)).toEqual(['r1']);
    await expect(store.conversation('broken')).rejects.toMatchObject({ code: 'unreadable' });
    await expect(store.update('broken', (one) => one)).rejects.toMatchObject({ code: 'unreadable' });
  });

  it('says that the disk is full, and leaves nothing half written', async () => {
    const factory = new IDBFactory();
    const store = createConversationStore(connect(factory));
    await store.write([{ put: 'conversation', record: conversation('c1', { title: 'before' }) }]);
    const full = createConversationStore(withFullDisk(connect(factory), CONVERSATION_STORES.messages));
    const error = await full
      .write([
        { put: 'conversation', record: conversation('c1', { title: 'after' }) },
        { put: 'message', record: message('m1', 'c1', 'no room') },
      ])
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ code: 'full', message: expect.stringContaining('Free some space') });
    expect((await store.conversation('c1'))?.title).toBe('before');
  });

  it('makes way for an upgrade in another window, and says what to do', async () => {
    const factory = new IDBFactory();
    const store = createConversationStore(connect(factory));
    await store.write([{ put: 'conversation', record: conversation('c1') }]);
    // Resolves only if our connection lets go.
    await plant(factory, CONVERSATION_STORES.conversations, conversation('c2'), DATABASE_VERSION + 1);
    await expect(store.write([{ put: 'conversation', record: conversation('c1') }])).rejects.toMatchObject({
      code: 'newer',
    });
    expect((await store.conversations()).map((one) => one.id).sort()).toEqual(['c1', 'c2']);
  });

  it('says that it was closed', async () => {
    const database = connect(new IDBFactory());
    const store = createConversationStore(database);
    database.close();
    await expect(store.conversations()).rejects.toMatchObject({ code: 'closed' });
    expect(await store.health()).toMatchObject({ state: 'closed' });
  });

  it('opens one conversation without reading the others', async () => {
    const factory = new IDBFactory();
    const store = createConversationStore(connect(factory));
    await store.write([{ put: 'message', record: message('m1', 'c1', 'mine') }]);
    // A damaged record of another conversation would throw if it were looked at.
    await plant(factory, CONVERSATION_STORES.messages, { id: 'broken', conversationId: 'c2' });
    expect((await store.messages('c1')).map((one) => one.id)).toEqual(['m1']);
    await expect(store.messages('c2')).rejects.toMatchObject({ code: 'unreadable' });
  });
});

describe('createBlobStore', () => {
  it.each(blobCases)('$name', ({ run: check }) =>
    check(async () => {
      const factory = new IDBFactory();
      const first = connect(factory);
      return {
        store: createBlobStore(first),
        reopen: async () => {
          first.close();
          return createBlobStore(connect(factory));
        },
      };
    }),
  );

  it('says that the disk is full, and keeps no record without bytes', async () => {
    const factory = new IDBFactory();
    const full = createBlobStore(withFullDisk(connect(factory), CONVERSATION_STORES.bytes));
    await expect(full.put(sample.blob, new Uint8Array(3))).rejects.toMatchObject({ code: 'full' });
    expect(await createBlobStore(connect(factory)).list()).toEqual([]);
  });

  it('lists without reading bytes', async () => {
    const factory = new IDBFactory();
    const database = connect(factory);
    const store = createBlobStore(database);
    await store.put(sample.blob, new Uint8Array(3));
    await database.transaction({ stores: [CONVERSATION_STORES.bytes], mode: 'readwrite' }, (transaction) =>
      result(transaction.objectStore(CONVERSATION_STORES.bytes).clear()),
    );
    expect(await store.list()).toEqual([readRecord('blob', sample.blob)]);
    await expect(store.get('b1')).rejects.toMatchObject({ code: 'unreadable' });
  });
});

/** A database whose writes to one object store fail as they do when the quota is used up. */
function withFullDisk(database: Database, name: string): Database {
  const fail = () => {
    const request: { error: DOMException; onerror?: () => void } = {
      error: new DOMException('The quota has been exceeded.', 'QuotaExceededError'),
    };
    queueMicrotask(() => request.onerror?.());
    return request;
  };
  return {
    close: database.close,
    transaction: (how, body) =>
      database.transaction(how, async (transaction) => {
        const original = transaction.objectStore.bind(transaction);
        transaction.objectStore = (asked) => {
          const store = original(asked);
          if (asked === name) Object.assign(store, { put: fail, add: fail });
          return store;
        };
        return await body(transaction);
      }),
  };
}
