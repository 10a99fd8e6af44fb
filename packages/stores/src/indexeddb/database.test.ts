import { StoreError } from '@patchbay/core';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it, vi } from 'vitest';
import {
  createDatabase,
  DATABASE_NAME,
  DATABASE_VERSION,
  type Database,
  type Outside,
  result,
  storeError,
} from './database.ts';
import { LEDGER_STORES } from './ledger-schema.ts';
import { migrations } from './migrations.ts';

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

describe('what is remembered outside of IndexedDB', () => {
  const outsideOf = (state: { made: string[]; started: boolean }): Outside => ({
    afterStart: async (work) => {
      if (!state.started) await work();
      state.started = true;
    },
    wasMade: async (name) => state.made.includes(name),
    made: async (name) => {
      state.made.push(name);
    },
  });
  const metaOf = (database: Database) =>
    database.transaction({ ...meta, mode: 'readonly' }, (transaction) =>
      result<{ lost?: true } | undefined>(transaction.objectStore(LEDGER_STORES.meta).get('meta')),
    );

  it('tells a database that was lost from a first use', async () => {
    const state = { made: [], started: false };
    expect(await metaOf(createDatabase({ factory: new IDBFactory(), outside: outsideOf(state) }))).toBeUndefined();
    expect(state.made).toEqual([DATABASE_NAME]);
    const lost = createDatabase({ factory: new IDBFactory(), outside: outsideOf(state) });
    expect(await metaOf(lost)).toMatchObject({ lost: true });
  });

  it('does not take an upgrade for a loss', async () => {
    const factory = new IDBFactory();
    const older = createDatabase({ factory, migrations: migrations.slice(0, 1) });
    await metaOf(older);
    older.close();
    expect(
      await metaOf(createDatabase({ factory, outside: outsideOf({ made: [DATABASE_NAME], started: true }) })),
    ).toBeUndefined();
  });

  it('starts Chromium on a fresh log, once, and leaves no trace of it', async () => {
    class ChromiumsEvent {
      get dataLoss() {
        return 'none';
      }
    }
    vi.stubGlobal('IDBVersionChangeEvent', ChromiumsEvent);
    try {
      const factory = new IDBFactory();
      const opened = vi.spyOn(factory, 'open');
      const state = { made: [], started: false };
      for (let time = 0; time < 2; time += 1) await metaOf(createDatabase({ factory, outside: outsideOf(state) }));
      expect(opened.mock.calls.map(([name]) => name)).toEqual(['patchbay-scratch', DATABASE_NAME, DATABASE_NAME]);
      expect((await factory.databases()).map(({ name }) => name)).toEqual([DATABASE_NAME]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('opens the database all the same where neither can be done, as on a full disk', async () => {
    const full = () => Promise.reject(new DOMException('quota', 'QuotaExceededError'));
    const outside: Outside = { afterStart: full, wasMade: full, made: full };
    expect(await metaOf(createDatabase({ factory: new IDBFactory(), outside }))).toBeUndefined();
  });

  it('leaves other browsers’ storage alone', async () => {
    const factory = new IDBFactory();
    const opened = vi.spyOn(factory, 'open');
    await metaOf(createDatabase({ factory, outside: outsideOf({ made: [], started: false }) }));
    expect(opened.mock.calls.map(([name]) => name)).toEqual([DATABASE_NAME]);
  });
});
