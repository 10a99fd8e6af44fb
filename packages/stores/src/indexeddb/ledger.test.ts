import { type LedgerRow, StoreError } from '@patchbay/core';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { beforeAll, describe, expect, it } from 'vitest';
import { ledgerCases, type MakeHarness } from '../../../core/src/spending/ledger.testing.ts';
import { request } from '../../../core/src/spending/ledger-harness.testing.ts';
import { checkLedgerModel } from '../../../core/src/spending/ledger-model.testing.ts';
import { createDatabase, DATABASE_NAME, DATABASE_VERSION, type Database, result } from './database.ts';
import { createIndexedDbLedger } from './ledger.ts';
import { LEDGER_STORES } from './ledger-schema.ts';

beforeAll(() => {
  globalThis.IDBKeyRange ??= IDBKeyRange;
});

const OWNER = { id: 'owner', leaseMs: 60_000 };

const indexedDb: MakeHarness = (now) => {
  const factory = new IDBFactory();
  const opened: Database[] = [];
  return {
    open: (options) => {
      const database = createDatabase({ factory });
      opened.push(database);
      return createIndexedDbLedger(database, { now, ...options });
    },
    rows: () => {
      const database = createDatabase({ factory });
      opened.push(database);
      return database.transaction({ stores: [LEDGER_STORES.rows], mode: 'readonly' }, (transaction) =>
        result<LedgerRow[]>(transaction.objectStore(LEDGER_STORES.rows).getAll()),
      );
    },
    dispose: () => {
      for (const database of opened) database.close();
    },
  };
};

describe('the ledger, in IndexedDB', () => {
  it.each(ledgerCases)('$name', ({ run }) => run(indexedDb));

  it('keeps the admission invariant in any history', () => checkLedgerModel(indexedDb, { runs: 60, steps: 60 }));
});

/** A database whose transactions fail the way a browser's do. */
function failing(inner: Database, failure: { now?: StoreError }): Database {
  return {
    transaction: (options, body) => {
      if (failure.now && (options.mode === 'readwrite' || failure.now.code !== 'full'))
        return Promise.reject(failure.now);
      return inner.transaction(options, body);
    },
    close: () => inner.close(),
  };
}

describe('a ledger whose database fails', () => {
  it('never allows silently on a full disk, and loses nothing', async () => {
    const failure: { now?: StoreError } = {};
    const ledger = createIndexedDbLedger(failing(createDatabase({ factory: new IDBFactory() }), failure));
    await ledger.reserve([request('held')], OWNER);
    failure.now = new StoreError('full', 'The disk is full.');
    expect(await ledger.reserve([request('r')], OWNER)).toEqual({
      ok: false,
      reason: 'ledger-locked',
      message: 'The disk is full.',
    });
    await expect(ledger.markSent('held')).rejects.toMatchObject({ code: 'unavailable', message: 'The disk is full.' });
    await expect(ledger.settle('held', { amount: 1n, source: 'provider' })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect((await ledger.reservation('held'))?.counted).toBe(40n);
    delete failure.now;
    expect(await ledger.markSent('held')).toBe(true);
    expect(await ledger.audit()).toEqual([]);
  });

  it.each(['unreadable', 'newer'] as const)('is locked and says so when it is %s', async (code) => {
    const failure = { now: new StoreError(code, `It is ${code}.`) };
    const ledger = createIndexedDbLedger(failing(createDatabase({ factory: new IDBFactory() }), failure));
    expect(await ledger.health()).toEqual({ state: code, message: `It is ${code}.` });
    expect(await ledger.reserve([request('r')], OWNER)).toMatchObject({ ok: false, reason: 'ledger-locked' });
    await expect(ledger.status('a', [])).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is locked by a database of newer code', async () => {
    const factory = new IDBFactory();
    await new Promise((resolve) => {
      const opening = factory.open(DATABASE_NAME, DATABASE_VERSION + 1);
      opening.onsuccess = () => {
        opening.result.close();
        resolve(undefined);
      };
    });
    const ledger = createIndexedDbLedger(createDatabase({ factory }));
    expect((await ledger.health()).state).toBe('newer');
    expect(await ledger.reserve([request('r')], OWNER)).toMatchObject({
      reason: 'ledger-locked',
      message: expect.stringContaining('newer version'),
    });
  });

  const broken: [
    string,
    (stored: Record<string, unknown>) => Record<string, unknown> | undefined,
    keyof typeof LEDGER_STORES,
  ][] = [
    ['a sum that is no number of nano-USD', (account) => ({ ...account, windows: {} }), 'accounts'],
    ['a record of an unknown version', (account) => ({ ...account, v: 0 }), 'accounts'],
    ['a lost account', () => undefined, 'accounts'],
    ['a lost own record', () => undefined, 'meta'],
  ];
  it.each(broken)('is locked by %s', async (_, damage, store) => {
    const database = createDatabase({ factory: new IDBFactory() });
    const ledger = createIndexedDbLedger(database);
    await ledger.reserve([request('held')], OWNER);
    await database.transaction({ stores: [LEDGER_STORES[store]], mode: 'readwrite' }, async (transaction) => {
      const records = transaction.objectStore(LEDGER_STORES[store]);
      const [key] = await result(records.getAllKeys());
      const damaged = damage(await result(records.get(key!)));
      if (damaged) records.put(damaged);
      else records.delete(key!);
    });
    await expect(ledger.markSent('held')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await ledger.audit()).not.toEqual([]);
    expect(await ledger.reserve([request('r')], OWNER)).toMatchObject({ ok: false, reason: 'ledger-locked' });
  });

  it('is locked by a record of newer code', async () => {
    const database = createDatabase({ factory: new IDBFactory() });
    const ledger = createIndexedDbLedger(database);
    await ledger.reserve([request('held')], OWNER);
    await database.transaction({ stores: [LEDGER_STORES.meta], mode: 'readwrite' }, async (transaction) => {
      const meta = transaction.objectStore(LEDGER_STORES.meta);
      meta.put({ ...(await result(meta.get('meta'))), v: 2 }, 'meta');
    });
    expect((await ledger.health()).state).toBe('newer');
    expect(await ledger.reserve([request('r')], OWNER)).toMatchObject({ ok: false, reason: 'ledger-locked' });
  });

  it('is missing for a vault that knew it, once its database is deleted, until the user confirms', async () => {
    const factory = new IDBFactory();
    let remembered: string | undefined;
    const vault = {
      ledgerId: async () => remembered,
      setLedgerId: async (id: string) => {
        remembered = id;
      },
    };
    const ledger = createIndexedDbLedger(createDatabase({ factory }), { vault });
    expect(await ledger.reserve([request('a')], OWNER)).toEqual({ ok: true });
    await new Promise((resolve) => {
      factory.deleteDatabase(DATABASE_NAME).onsuccess = resolve;
    });
    expect((await ledger.health()).state).toBe('missing');
    expect(await ledger.reserve([request('b')], OWNER)).toMatchObject({ ok: false, reason: 'ledger-locked' });
    await vault.setLedgerId(await ledger.id());
    expect(await ledger.health()).toEqual({ state: 'ready' });
    expect(await ledger.reserve([request('b')], OWNER)).toEqual({ ok: true });
  });
});
