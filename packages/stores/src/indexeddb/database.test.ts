import { StoreError } from '@patchbay/core';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { createDatabase, DATABASE_NAME, DATABASE_VERSION, result, storeError } from './database.ts';
import { LEDGER_STORES } from './ledger-schema.ts';

const meta = { stores: [LEDGER_STORES.meta], mode: 'readwrite' } as const;
const put = (value: string) => (transaction: IDBTransaction) =>
  result(transaction.objectStore(LEDGER_STORES.meta).put(value, 'key'));
const read = (transaction: IDBTransaction) => result(transaction.objectStore(LEDGER_STORES.meta).get('key'));

describe('createDatabase', () => {
  it('creates every store in one go and keeps what was written', async () => {
    const factory = new IDBFactory();
    const first = createDatabase({ factory });
    await first.transaction(meta, put('kept'));
    first.close();
    const second = createDatabase({ factory });
    expect(await second.transaction({ ...meta, mode: 'readonly' }, read)).toBe('kept');
    expect(await factory.databases()).toEqual([{ name: DATABASE_NAME, version: DATABASE_VERSION }]);
  });

  it('undoes everything when the body throws, and rethrows its error', async () => {
    const database = createDatabase({ factory: new IDBFactory() });
    await database.transaction(meta, put('before'));
    const failure = new Error('no');
    await expect(
      database.transaction(meta, async (transaction) => {
        await put('after')(transaction);
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(await database.transaction(meta, read)).toBe('before');
  });

  it('refuses a database of newer code with a sentence that says so', async () => {
    const factory = new IDBFactory();
    await new Promise((resolve) => {
      const request = factory.open(DATABASE_NAME, DATABASE_VERSION + 1);
      request.onsuccess = () => {
        request.result.close();
        resolve(undefined);
      };
    });
    const error = await createDatabase({ factory })
      .transaction(meta, read)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ code: 'newer', message: expect.stringContaining('newer version') });
  });

  it('makes way for a deletion elsewhere and opens again by itself', async () => {
    const factory = new IDBFactory();
    const database = createDatabase({ factory });
    await database.transaction(meta, put('lost'));
    await new Promise((resolve, reject) => {
      const request = factory.deleteDatabase(DATABASE_NAME);
      request.onsuccess = () => resolve(undefined);
      request.onerror = () => reject(request.error);
    });
    expect(await database.transaction(meta, read)).toBeUndefined();
  });

  it('says that it was closed', async () => {
    const database = createDatabase({ factory: new IDBFactory() });
    await database.transaction(meta, put('x'));
    database.close();
    await expect(database.transaction(meta, read)).rejects.toMatchObject({ code: 'closed' });
  });

  it('names a full disk', () => {
    expect(storeError(new DOMException('quota', 'QuotaExceededError')).code).toBe('full');
  });
});
