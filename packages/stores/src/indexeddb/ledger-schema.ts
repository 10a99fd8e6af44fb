import type { LedgerMeta } from '@patchbay/core';

/** Object stores of the ledger. */
export const LEDGER_STORES = {
  /** One record, key `META_KEY`: id of the ledger, last time, next row number. */
  meta: 'ledger-meta',
  /** Sums and policy version of each account; all that `reserve` has to read. Key: account. */
  accounts: 'ledger-accounts',
  /** The present state of each reservation. Key: id. */
  reservations: 'ledger-reservations',
  /** Leases. Key: owner id. */
  owners: 'ledger-owners',
  /** What happened, append-only. Key: row number. */
  rows: 'ledger-rows',
} as const;

/** Reservations that are not final: what a sweep has to look at, however long the history. */
export const OPEN_INDEX = 'open';
/** Reservations by number of the row that made them, newest last. */
export const ORDER_INDEX = 'order';
/** The same, by account. */
export const ACCOUNT_INDEX = 'account';

/** Key of the one record in `meta`. */
export const META_KEY = 'meta';

/** A ledger made where one has been: locked until the user agrees to go on without what was lost. */
export function markLost(transaction: IDBTransaction): void {
  const meta: LedgerMeta = { v: 1, id: crypto.randomUUID(), time: 0, nextSeq: 1, lost: true };
  transaction.objectStore(LEDGER_STORES.meta).put(meta, META_KEY);
}

/** Migration 1. */
export function createLedgerStores(db: IDBDatabase): void {
  db.createObjectStore(LEDGER_STORES.meta);
  db.createObjectStore(LEDGER_STORES.accounts, { keyPath: 'account' });
  db.createObjectStore(LEDGER_STORES.owners, { keyPath: 'id' });
  db.createObjectStore(LEDGER_STORES.rows, { keyPath: 'seq' });
  const reservations = db.createObjectStore(LEDGER_STORES.reservations, { keyPath: 'id' });
  // `open` is there only while a reservation is open: closed ones are not in the index at all.
  reservations.createIndex(OPEN_INDEX, 'open');
  reservations.createIndex(ORDER_INDEX, 'seq', { unique: true });
  reservations.createIndex(ACCOUNT_INDEX, ['account', 'seq']);
}
