import type { Ledger } from './ledger.ts';
import type { LedgerStorage } from './ledger-storage.ts';
import type { Account, Meta, Needs, Owner, Row, StoredReservation } from './state/model.ts';
import { createLedger, type LedgerOptions } from './storage-ledger.ts';

/** A ledger that lives as long as the process: for tests, and where nothing may be kept. */
export function createMemoryLedger(options?: LedgerOptions): Ledger {
  return createLedger(createMemoryLedgerStorage(), options);
}

/** Several ledgers may share one, as several windows share a database. */
export function createMemoryLedgerStorage(): LedgerStorage {
  let meta: Meta | undefined;
  const accounts = new Map<string, Account>();
  const reservations = new Map<string, StoredReservation>();
  const owners = new Map<string, Owner>();
  const rows = new Map<number, Row>();

  const find = (needs: Needs) => {
    const wanted = new Map<string, StoredReservation>();
    for (const id of needs.reservations ?? []) add(wanted, reservations, id);
    if (needs.open) for (const [id, one] of reservations) if (one.open) wanted.set(id, one);
    // In the order of their making, since that is the order in which they were added.
    for (const [id, one] of take(reservations, needs.oldest ?? 0)) wanted.set(id, one);

    const orphanOf = (account: string) => [...reservations.values()].find((one) => one.account === account);
    for (const name of needs.accounts === 'all' ? [] : (needs.accounts ?? [])) {
      const orphan = accounts.has(name) ? undefined : orphanOf(name);
      if (orphan) wanted.set(orphan.id, orphan);
    }

    const names = needs.accounts === 'all' ? accounts.keys() : (needs.accounts ?? []);
    const found = new Map<string, Account>();
    for (const name of [...names, ...[...wanted.values()].map(({ account }) => account)]) add(found, accounts, name);

    const leases = new Map<string, Owner>();
    for (const id of needs.owners === 'all' ? owners.keys() : (needs.owners ?? [])) add(leases, owners, id);
    return { meta, accounts: found, reservations: wanted, owners: leases };
  };

  return {
    transact: async (needs, _durability, step) => {
      const { changes, outcome } = step(find(needs));
      if (changes) {
        meta = changes.meta ?? meta;
        for (const one of changes.accounts) accounts.set(one.account, one);
        for (const one of changes.reservations) reservations.set(one.id, one);
        for (const one of changes.owners) owners.set(one.id, one);
        for (const row of changes.rows) rows.set(row.seq, row);
        for (const id of changes.deletedReservations) reservations.delete(id);
        for (const id of changes.deletedOwners) owners.delete(id);
        for (const seq of changes.deletedRows) rows.delete(seq);
      }
      return outcome;
    },
    read: async (needs) => find(needs),
    history: async ({ account, before = Number.POSITIVE_INFINITY, limit = Number.POSITIVE_INFINITY }) =>
      [...reservations.values()]
        .reverse()
        .filter((one) => one.seq < before && (account === undefined || one.account === account))
        .slice(0, limit),
    dump: async () => ({
      meta,
      accounts: [...accounts.values()],
      reservations: [...reservations.values()],
      rows: [...rows.values()],
    }),
  };
}

function add<T>(to: Map<string, T>, from: ReadonlyMap<string, T>, key: string): void {
  const one = from.get(key);
  if (one !== undefined) to.set(key, one);
}

function* take<T>(from: Iterable<T>, count: number): Iterable<T> {
  let taken = 0;
  for (const one of from) {
    if (taken >= count) return;
    taken += 1;
    yield one;
  }
}
