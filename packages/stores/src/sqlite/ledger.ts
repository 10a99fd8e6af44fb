import { createLedger, type Ledger, type LedgerOptions, type LedgerStorage, StoreError } from '@patchbay/core';
import { decode, encode } from './codec.ts';
import type { Connection, Database, Row } from './database.ts';

/** The ledger in SQLite, shared by all windows: each step is one `BEGIN IMMEDIATE` transaction, on disk when it returns. */
export function createSqliteLedger(database: Database, options?: LedgerOptions): Ledger {
  return createLedger(createLedgerStorage(database), options);
}

type Needs = Parameters<LedgerStorage['read']>[0];
type Found = Awaited<ReturnType<LedgerStorage['read']>>;
type Changes = NonNullable<ReturnType<Parameters<LedgerStorage['transact']>[2]>['changes']>;
type Meta = NonNullable<Found['meta']>;
type Account = Changes['accounts'][number];
type Reservation = Changes['reservations'][number];
type Owner = Changes['owners'][number];

function createLedgerStorage(database: Database): LedgerStorage {
  return {
    transact: async (needs, durability, step) =>
      database.write(
        (db) => {
          const { changes, outcome } = step(find(db, needs));
          if (changes) save(db, changes);
          return outcome;
        },
        { durability: durability === 'strict' ? 'full' : 'checkpoint' },
      ),
    read: async (needs) => database.read((db) => find(db, needs)),
    history: async ({ account, before, limit }) =>
      database
        .read((db) =>
          db.all(
            `SELECT record FROM ledger_reservation
             WHERE seq < ?1 AND (?2 IS NULL OR account = ?2) ORDER BY seq DESC LIMIT ?3`,
            before ?? Number.MAX_SAFE_INTEGER,
            account ?? null,
            // SQLite takes a negative limit for none.
            limit ?? -1,
          ),
        )
        .map(parse<Reservation>),
    dump: async () =>
      database.read((db) => ({
        meta: metaOf(db),
        accounts: db.all('SELECT record FROM ledger_account').map(parse<Account>),
        reservations: db.all('SELECT record FROM ledger_reservation ORDER BY seq').map(parse<Reservation>),
        rows: db.all('SELECT record FROM ledger_row ORDER BY seq').map(parse<Changes['rows'][number]>),
      })),
  };
}

function find(db: Connection, needs: Needs): Found {
  const reservations = new Map<string, Reservation>();
  const meet = (rows: readonly Row[]) => {
    for (const one of rows.map(parse<Reservation>)) reservations.set(one.id, one);
  };
  for (const id of needs.reservations ?? []) {
    meet(db.all('SELECT record FROM ledger_reservation WHERE id = ?', id));
  }
  if (needs.open) meet(db.all('SELECT record FROM ledger_reservation WHERE open IS NOT NULL ORDER BY seq'));
  if (needs.oldest !== undefined) {
    const limit = Number.isFinite(needs.oldest) ? needs.oldest : -1;
    meet(db.all('SELECT record FROM ledger_reservation ORDER BY seq LIMIT ?', limit));
  }

  const accounts = new Map<string, Account>();
  const add = (rows: readonly Row[]) => {
    for (const one of rows.map(parse<Account>)) accounts.set(one.account, one);
  };
  if (needs.accounts === 'all') {
    add(db.all('SELECT record FROM ledger_account'));
  } else {
    const names = new Set([...(needs.accounts ?? []), ...[...reservations.values()].map(({ account }) => account)]);
    for (const name of names) add(db.all('SELECT record FROM ledger_account WHERE account = ?', name));
    for (const name of needs.accounts ?? []) {
      // An account that was lost, and must not begin anew.
      if (!accounts.has(name)) meet(db.all('SELECT record FROM ledger_reservation WHERE account = ? LIMIT 1', name));
    }
  }

  const owners = new Map<string, Owner>();
  const hire = (rows: readonly Row[]) => {
    for (const one of rows.map(parse<Owner>)) owners.set(one.id, one);
  };
  if (needs.owners === 'all') hire(db.all('SELECT record FROM ledger_owner'));
  else for (const id of needs.owners ?? []) hire(db.all('SELECT record FROM ledger_owner WHERE id = ?', id));

  return { meta: metaOf(db), accounts, reservations, owners };
}

function save(db: Connection, changes: Changes): void {
  if (changes.meta) {
    db.run(
      'INSERT INTO ledger_meta (id, record) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record',
      encode(changes.meta),
    );
  }
  for (const one of changes.accounts) {
    db.run(
      `INSERT INTO ledger_account (account, record) VALUES (?, ?)
       ON CONFLICT (account) DO UPDATE SET record = excluded.record`,
      one.account,
      encode(one),
    );
  }
  for (const one of changes.reservations) {
    db.run(
      `INSERT INTO ledger_reservation (seq, id, account, open, record) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (seq) DO UPDATE SET open = excluded.open, record = excluded.record`,
      one.seq,
      one.id,
      one.account,
      one.open ?? null,
      encode(one),
    );
  }
  for (const one of changes.owners) {
    db.run(
      'INSERT INTO ledger_owner (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record',
      one.id,
      encode(one),
    );
  }
  for (const row of changes.rows) db.run('INSERT INTO ledger_row (seq, record) VALUES (?, ?)', row.seq, encode(row));
  for (const id of changes.deletedReservations) db.run('DELETE FROM ledger_reservation WHERE id = ?', id);
  for (const id of changes.deletedOwners) db.run('DELETE FROM ledger_owner WHERE id = ?', id);
  for (const seq of changes.deletedRows) db.run('DELETE FROM ledger_row WHERE seq = ?', seq);
}

function metaOf(db: Connection): Meta | undefined {
  const row = db.get('SELECT record FROM ledger_meta');
  return row && parse<Meta>(row);
}

/** The ledger itself checks what comes out: version, sums, whole numbers. */
function parse<T>(row: Row): T {
  try {
    return decode(String(row.record)) as T;
  } catch {
    throw new StoreError('unreadable', 'The record of what was spent is damaged.');
  }
}
