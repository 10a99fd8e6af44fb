import { type BlobStore, readRecord, StoreError } from '@patchbay/core';
import { CONVERSATION_STORES } from './conversations-schema.ts';
import { type Database, result } from './database.ts';

const { blobs, bytes: content } = CONVERSATION_STORES;

/** Images and files in IndexedDB, their bytes apart from what is known of them. */
export function createBlobStore(database: Database): BlobStore {
  const writing = { stores: [blobs, content], mode: 'readwrite', durability: 'strict' } as const;
  return {
    put: (record, bytes) => {
      // A view's own bytes: the engine would store the whole buffer behind it.
      const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
      return database.transaction(writing, async (transaction) => {
        if ((await result(transaction.objectStore(blobs).getKey(record.id))) !== undefined) {
          throw new StoreError('conflict', 'An image or file of this id exists already.');
        }
        await result(transaction.objectStore(blobs).add(record));
        await result(transaction.objectStore(content).add(own, record.id));
      });
    },
    get: (id) =>
      database.transaction({ stores: [blobs, content], mode: 'readonly', newer: 'read' }, async (transaction) => {
        const stored: unknown = await result(transaction.objectStore(blobs).get(id));
        if (stored === undefined) return undefined;
        const bytes: unknown = await result(transaction.objectStore(content).get(id));
        if (!(bytes instanceof Uint8Array)) {
          throw new StoreError('unreadable', 'The bytes of a saved image or file are gone.');
        }
        return { record: readRecord('blob', stored), bytes: bytes as Uint8Array<ArrayBuffer> };
      }),
    list: () =>
      database.transaction({ stores: [blobs], mode: 'readonly', newer: 'read' }, async (transaction) => {
        const stored: unknown[] = await result(transaction.objectStore(blobs).getAll());
        return stored.map((one) => readRecord('blob', one));
      }),
    keep: (ids) =>
      database.transaction({ ...writing, stores: [blobs] }, async (transaction) => {
        const store = transaction.objectStore(blobs);
        for (const id of ids) {
          const stored: unknown = await result(store.get(id));
          if (stored !== undefined) await result(store.put({ ...readRecord('blob', stored), kept: true }));
        }
      }),
    delete: (ids) =>
      database.transaction(writing, async (transaction) => {
        for (const id of ids) {
          await result(transaction.objectStore(blobs).delete(id));
          await result(transaction.objectStore(content).delete(id));
        }
      }),
    wipe: () =>
      database.transaction(writing, async (transaction) => {
        await result(transaction.objectStore(blobs).clear());
        await result(transaction.objectStore(content).clear());
      }),
  };
}
