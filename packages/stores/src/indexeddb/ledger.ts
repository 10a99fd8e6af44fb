import {
  createLedger,
  type Ledger,
  type LedgerAccount,
  type LedgerMeta,
  type LedgerNeeds,
  type LedgerOptions,
  type LedgerOwner,
  type LedgerRow,
  type LedgerStorage,
  type StoredReservation,
} from '@patchbay/core';
import { type Database, result } from './database.ts';
import { ACCOUNT_INDEX, LEDGER_STORES, META_KEY, OPEN_INDEX, ORDER_INDEX } from './ledger-schema.ts';

const EVERYTHING = Object.values(LEDGER_STORES);

/**
 * The ledger in IndexedDB. Several windows and workers may each open one on the same database: every command is one
 * transaction over all of its stores, so the browser lines them up, and what has resolved is on disk.
 */
export function createIndexedDbLedger(database: Database, options?: LedgerOptions): Ledger {
  return createLedger(storageIn(database), options);
}

function storageIn(database: Database): LedgerStorage {
  return {
    transact: (needs, durability, step) =>
      database.transaction({ stores: EVERYTHING, mode: 'readwrite', durability }, async (transaction) => {
        const { changes, outcome } = step(await find(transaction, needs));
        if (changes) {
          const store = (name: keyof typeof LEDGER_STORES) => transaction.objectStore(LEDGER_STORES[name]);
          // Requests are not awaited one by one: should any fail, the transaction does.
          if (changes.meta) store('meta').put(changes.meta, META_KEY);
          for (const account of changes.accounts) store('accounts').put(account);
          for (const reservation of changes.reservations) store('reservations').put(reservation);
          for (const owner of changes.owners) store('owners').put(owner);
          for (const row of changes.rows) store('rows').add(row);
          for (const id of changes.deletedReservations) store('reservations').delete(id);
          for (const id of changes.deletedOwners) store('owners').delete(id);
          for (const seq of changes.deletedRows) store('rows').delete(seq);
        }
        return outcome;
      }),
    read: (needs) =>
      database.transaction({ stores: EVERYTHING, mode: 'readonly' }, (transaction) => find(transaction, needs)),
    history: ({ account, before = Number.MAX_SAFE_INTEGER, limit = Number.POSITIVE_INFINITY }) =>
      database.transaction({ stores: [LEDGER_STORES.reservations], mode: 'readonly' }, (transaction) => {
        const reservations = transaction.objectStore(LEDGER_STORES.reservations);
        return account === undefined
          ? newestFirst(reservations.index(ORDER_INDEX), IDBKeyRange.upperBound(before, true), limit)
          : newestFirst(reservations.index(ACCOUNT_INDEX), allOf(account, before), limit);
      }),
    dump: () =>
      database.transaction({ stores: EVERYTHING, mode: 'readonly' }, async (transaction) => {
        const all = <T>(name: keyof typeof LEDGER_STORES) => everyOne<T>(transaction, name);
        const [meta, accounts, reservations, rows] = await Promise.all([
          metaIn(transaction),
          all<LedgerAccount>('accounts'),
          all<StoredReservation>('reservations'),
          all<LedgerRow>('rows'),
        ]);
        return { meta, accounts, reservations, rows };
      }),
  };
}

async function find(transaction: IDBTransaction, needs: LedgerNeeds) {
  const one =
    <T>(name: keyof typeof LEDGER_STORES) =>
    (key: string) =>
      result<T | undefined>(transaction.objectStore(LEDGER_STORES[name]).get(key));
  const these = <T>(name: keyof typeof LEDGER_STORES, keys: readonly string[] | 'all' = []) =>
    keys === 'all' ? everyOne<T>(transaction, name) : Promise.all(keys.map(one<T>(name)));

  const [meta, named, open, oldest, accounts, owners] = await Promise.all([
    metaIn(transaction),
    these<StoredReservation>('reservations', needs.reservations),
    needs.open ? inOrder(transaction, OPEN_INDEX) : [],
    needs.oldest ? inOrder(transaction, ORDER_INDEX, needs.oldest) : [],
    these<LedgerAccount>('accounts', needs.accounts),
    these<LedgerOwner>('owners', needs.owners),
  ]);
  const reservations = [...named, ...open, ...oldest].filter((found) => found !== undefined);
  const loaded = keyed(accounts, ({ account }) => account);
  const absent = (names: readonly string[]) => [...new Set(names)].filter((name) => !loaded.has(name));
  const [ofFound, ofLost] = await Promise.all([
    these<LedgerAccount>('accounts', absent(reservations.map(({ account }) => account))),
    Promise.all(absent(needs.accounts === 'all' ? [] : (needs.accounts ?? [])).map((name) => anyOf(transaction, name))),
  ]);
  return {
    meta,
    reservations: keyed([...reservations, ...ofLost], ({ id }) => id),
    accounts: keyed([...accounts, ...ofFound], ({ account }) => account),
    owners: keyed(owners, ({ id }) => id),
  };
}

/** Some reservation of this account. */
function anyOf(transaction: IDBTransaction, account: string): Promise<StoredReservation | undefined> {
  const byAccount = transaction.objectStore(LEDGER_STORES.reservations).index(ACCOUNT_INDEX);
  return result<StoredReservation | undefined>(byAccount.get(allOf(account)));
}

function allOf(account: string, before = Number.MAX_SAFE_INTEGER): IDBKeyRange {
  return IDBKeyRange.bound([account], [account, before], false, true);
}

function metaIn(transaction: IDBTransaction): Promise<LedgerMeta | undefined> {
  return result<LedgerMeta | undefined>(transaction.objectStore(LEDGER_STORES.meta).get(META_KEY));
}

function everyOne<T>(transaction: IDBTransaction, name: keyof typeof LEDGER_STORES): Promise<T[]> {
  return result<T[]>(transaction.objectStore(LEDGER_STORES[name]).getAll());
}

function inOrder(transaction: IDBTransaction, index: string, count?: number): Promise<StoredReservation[]> {
  const reservations = transaction.objectStore(LEDGER_STORES.reservations).index(index);
  return result<StoredReservation[]>(
    count === undefined || count === Number.POSITIVE_INFINITY
      ? reservations.getAll()
      : reservations.getAll(null, count),
  );
}

function newestFirst(index: IDBIndex, range: IDBKeyRange, limit: number): Promise<StoredReservation[]> {
  return new Promise((resolve, reject) => {
    const found: StoredReservation[] = [];
    if (limit <= 0) return resolve(found);
    const request = index.openCursor(range, 'prev');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor) found.push(cursor.value);
      if (cursor && found.length < limit) cursor.continue();
      else resolve(found);
    };
  });
}

function keyed<T>(records: readonly (T | undefined)[], key: (record: T) => string): Map<string, T> {
  return new Map(records.flatMap((record) => (record === undefined ? [] : [[key(record), record]])));
}
