import { applyRow, type Draft } from './apply.ts';
import type { Account, Meta, Row, StoredReservation } from './model.ts';
import { withoutPruned, withPruned } from './prune.ts';
import { CAP_WINDOWS, windowsAt } from './sums.ts';

/** Everything a ledger has stored. */
export interface Dump {
  readonly meta: Meta | undefined;
  readonly accounts: readonly Account[];
  readonly reservations: readonly StoredReservation[];
  /** In order. */
  readonly rows: readonly Row[];
}

/**
 * Writes the book anew from its rows and compares: each difference is one sentence. Nothing it finds can be explained by
 * a crash, since rows and records are written in one transaction.
 */
export function audit({ meta, accounts, reservations, rows }: Dump): string[] {
  if (!meta) {
    return rows.length + accounts.length + reservations.length === 0 ? [] : ['The ledger’s own record is missing.'];
  }
  const found = accounts.filter((one) => !hasSums(one)).map(({ account }) => `Account ${account} has no sums.`);
  const draft: Draft = {
    meta: { v: meta.v, id: meta.id, time: 0, nextSeq: 1, ...(meta.lost && { lost: true }) },
    accounts: new Map(),
    reservations: new Map(),
    owners: new Map(),
  };
  for (const row of rows) {
    if (row.seq < draft.meta.nextSeq) found.push(`Row ${row.seq} is out of order.`);
    if (row.at < draft.meta.time && row.type !== 'set-back')
      found.push(`Row ${row.seq} is older than the row before it.`);
    try {
      applyRow(draft, row);
      // What was pruned is added once, in the end.
      if (row.type === 'set-back')
        for (const [name, account] of draft.accounts) draft.accounts.set(name, withoutPruned(account, row.at));
    } catch (error) {
      found.push(`Row ${row.seq} cannot be applied: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (rows.length > 0 && !same(draft.meta, meta)) found.push('The ledger’s own record is not that of its last row.');
  found.push(
    ...differences('Reservation', draft.reservations, new Map(reservations.map((one) => [one.id, one]))),
    ...differences(
      'Account',
      new Map([...draft.accounts].map(([name, account]) => [name, withPruned(account, meta.time)])),
      new Map(accounts.filter(hasSums).map((one) => [one.account, { ...one, windows: windowsAt(one, meta.time) }])),
    ),
  );
  return found;
}

/** Whether every sum is there; one that is not must never be taken for zero. */
export function hasSums({ windows, pruned }: Account): boolean {
  return [windows, pruned].every((sums) =>
    CAP_WINDOWS.every((window) => typeof sums?.[window]?.spent === 'bigint' && typeof sums[window].held === 'bigint'),
  );
}

function differences<T>(what: string, expected: ReadonlyMap<string, T>, stored: ReadonlyMap<string, T>): string[] {
  const found: string[] = [];
  for (const [name, one] of expected) {
    const other = stored.get(name);
    if (other === undefined) found.push(`${what} ${name} is missing.`);
    else if (!same(one, other)) found.push(`${what} ${name} is not what its rows say.`);
  }
  for (const name of stored.keys()) if (!expected.has(name)) found.push(`${what} ${name} has no row.`);
  return found;
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => key in b && same(a[key as keyof typeof a], b[key as keyof typeof b]));
}
