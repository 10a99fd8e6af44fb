import { type Account, LEDGER_VERSION, type Meta, type Owner, type Row, type StoredReservation } from './model.ts';
import { moveBack } from './set-back.ts';
import { charge, EMPTY, newAccount, sumsOf, windowsAt } from './sums.ts';

/** A state under change; its records are not changed but replaced. */
export interface Draft {
  meta: Meta;
  readonly accounts: Map<string, Account>;
  readonly reservations: Map<string, StoredReservation>;
  readonly owners: Map<string, Owner>;
}

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
    case 'asked': {
      const before = known(draft, row.id);
      const asked = { times: (before.asked?.times ?? 0) + 1, at: row.at };
      draft.reservations.set(row.id, { ...before, asked, rows: [...before.rows, row.seq] });
      break;
    }
    case 'policy':
      change(draft, row.account, row.at, { policyVersion: row.version }, row.seq);
      break;
    case 'consented':
      change(draft, row.account, row.at, { locked: false }, row.seq);
      break;
    case 'set-back':
      moveBack(draft, row.at, row.accounts);
      break;
    case 'checkpoint':
      draft.meta = { ...draft.meta, checkpoint: row.seq };
      for (const { account, ...carried } of row.accounts) change(draft, account, row.at, { ...carried, rows: [] });
      break;
  }
}

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
  const windows = charge(windowsAt(account, row.at), after.reservedAt, by);
  draft.accounts.set(after.account, { ...account, windows });
}

function change(draft: Draft, name: string, at: number, to: Partial<Account>, seq?: number): void {
  const account = draft.accounts.get(name) ?? newAccount(name);
  const rows = seq === undefined ? account.rows : [...account.rows, seq];
  draft.accounts.set(name, { ...account, windows: windowsAt(account, at), rows, ...to });
}

function known(draft: Draft, id: string): StoredReservation {
  const reservation = draft.reservations.get(id);
  if (!reservation) throw new Error(`A row speaks of reservation ${id}, which is not there.`);
  return reservation;
}
