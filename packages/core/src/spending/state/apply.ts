import type { CapWindow, NanoUsd } from '../ledger.ts';
import {
  type Account,
  LEDGER_VERSION,
  type Meta,
  type Owner,
  type Row,
  type StoredReservation,
  type Sums,
  type WindowSums,
} from './model.ts';
import { windowStart } from './windows.ts';

/** A state under change; its records are not changed but replaced. */
export interface Draft {
  meta: Meta;
  readonly accounts: Map<string, Account>;
  readonly reservations: Map<string, StoredReservation>;
  readonly owners: Map<string, Owner>;
}

export const CAP_WINDOWS: readonly CapWindow[] = ['day', 'week', 'month', 'total'];

/**
 * What a row does to the records: the only place that changes a sum, for a row just written and for one read back years
 * later alike. Throws on a row that speaks of a reservation it cannot have had.
 */
export function applyRow(draft: Draft, row: Row): void {
  draft.meta = { ...draft.meta, time: row.at, nextSeq: row.seq + 1 };
  switch (row.type) {
    case 'reserved': {
      const { id, account, bound, caps, policyVersion, provider, model, runId, ownerId } = row;
      const who = { account, provider, model, runId, ownerId };
      const when = { seq: row.seq, reservedAt: row.at, changedAt: row.at };
      const terms = { bound, caps, policyVersion };
      const made = { v: LEDGER_VERSION, id, state: 'reserved', ...who, ...when, ...terms, rows: [], open: 1 } as const;
      put(draft, row, undefined, made);
      break;
    }
    case 'sent':
      move(draft, row, { state: 'sent', open: 1 });
      break;
    case 'released':
      move(draft, row, { state: 'released' });
      break;
    case 'orphaned':
      move(draft, row, { state: 'orphaned', open: 1 });
      break;
    case 'settled':
      move(draft, row, { state: 'settled', settlement: row.settlement });
      break;
    case 'overrun': {
      const { account } = move(draft, row, { state: 'overrun', settlement: row.settlement });
      if (row.locks) change(draft, account, row.at, { locked: true });
      break;
    }
    case 'response': {
      const before = known(draft, row.id);
      const after = { ...before, responseId: row.responseId, rows: [...before.rows, row.seq] };
      draft.reservations.set(row.id, after);
      break;
    }
    case 'policy':
      change(draft, row.account, row.at, { policyVersion: row.version }, row.seq);
      break;
    case 'consented':
      change(draft, row.account, row.at, { locked: false }, row.seq);
      break;
    case 'checkpoint':
      draft.meta = { ...draft.meta, checkpoint: row.seq };
      for (const { account, ...carried } of row.accounts) change(draft, account, row.at, { ...carried, rows: [] });
      break;
  }
}

/** What a reservation counts at this point: its bound until it is settled or released. */
export function sumsOf(reservation: StoredReservation): Sums {
  switch (reservation.state) {
    case 'reserved':
    case 'sent':
      return { spent: 0n, held: reservation.bound };
    case 'orphaned':
      return { spent: reservation.bound, held: 0n };
    case 'settled':
    case 'overrun':
      return { spent: reservation.settlement?.amount ?? reservation.bound, held: 0n };
    case 'released':
      return { spent: 0n, held: 0n };
  }
}

export function countedOf(reservation: StoredReservation): NanoUsd {
  const { spent, held } = sumsOf(reservation);
  return spent + held;
}

/** An account nobody has heard of. */
export function newAccount(account: string): Account {
  const windows = perWindow(() => EMPTY);
  return { v: LEDGER_VERSION, account, policyVersion: 0, locked: false, windows, pruned: windows, rows: [] };
}

/** The windows at a moment: those that are over begin anew. Time never goes back, so none begins twice. */
export function windowsAt(windows: Account['windows'], at: number): Account['windows'] {
  return perWindow((window) => {
    const start = windowStart(window, at);
    return windows[window].start < start ? { start, spent: 0n, held: 0n } : windows[window];
  });
}

/** Adds to every window that is still the one in which `reservedAt` lies, and always to the total. */
export function charge(windows: Account['windows'], reservedAt: number, by: Sums): Account['windows'] {
  return perWindow((window) => {
    const { start, spent, held } = windows[window];
    if (start !== windowStart(window, reservedAt)) return windows[window];
    return { start, spent: spent + by.spent, held: held + by.held };
  });
}

export function perWindow<T>(of: (window: CapWindow) => T): Record<CapWindow, T> {
  return { day: of('day'), week: of('week'), month: of('month'), total: of('total') };
}

/** Before every window there is: the week of 1 January 1970, where a dead clock lands, began in 1969. */
const LONG_AGO = -7 * 86_400_000;
const EMPTY: WindowSums = { start: LONG_AGO, spent: 0n, held: 0n };

type Moved = Pick<StoredReservation, 'state'> & Partial<Pick<StoredReservation, 'settlement' | 'open'>>;

function move(draft: Draft, row: Row & { id: string }, to: Moved): StoredReservation {
  const before = known(draft, row.id);
  const { open: _, ...kept } = before;
  const after = { ...kept, ...to, changedAt: row.at };
  put(draft, row, before, after);
  return after;
}

function put(draft: Draft, row: Row, before: StoredReservation | undefined, after: StoredReservation): void {
  draft.reservations.set(after.id, { ...after, rows: [...after.rows, row.seq] });
  const account = draft.accounts.get(after.account) ?? newAccount(after.account);
  const was = before ? sumsOf(before) : EMPTY;
  const is = sumsOf(after);
  const by = { spent: is.spent - was.spent, held: is.held - was.held };
  const windows = charge(windowsAt(account.windows, row.at), after.reservedAt, by);
  draft.accounts.set(after.account, { ...account, windows });
}

function change(draft: Draft, name: string, at: number, to: Partial<Account>, seq?: number): void {
  const account = draft.accounts.get(name) ?? newAccount(name);
  const rows = seq === undefined ? account.rows : [...account.rows, seq];
  draft.accounts.set(name, { ...account, windows: windowsAt(account.windows, at), rows, ...to });
}

function known(draft: Draft, id: string): StoredReservation {
  const reservation = draft.reservations.get(id);
  if (!reservation) throw new Error(`A row speaks of reservation ${id}, which is not there.`);
  return reservation;
}
