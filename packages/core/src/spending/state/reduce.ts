import { applyRow, type Draft } from './apply.ts';
import {
  type Command,
  type Happening,
  LEDGER_VERSION,
  type Needs,
  type Outcomes,
  type Row,
  type State,
} from './model.ts';
import { PRUNE_BATCH } from './prune.ts';
import { rules } from './rules.ts';
import { ledgerTime } from './windows.ts';

/** A state under change, the ledger's time, and a pen. */
export interface Book {
  readonly now: number;
  /** What the clock says, right or wrong. */
  readonly clock: number;
  readonly draft: Draft;
  /** Writes a row, of now unless it sets the time back, and applies it at once. */
  append(happening: Happening, at?: number): void;
  /** Takes rows out that a checkpoint now stands for. */
  dropRows(seqs: readonly number[]): void;
  /** Forgets all that was written since the command began; answers with `outcome`. */
  undo<T>(outcome: T): T;
}

/** What a command did: the state after it, the rows that say so, and the rows that are not needed any more. */
export interface Step<T> {
  readonly state: State;
  readonly rows: readonly Row[];
  readonly droppedRows: readonly number[];
  readonly outcome: T;
}

/** What has to be in the state for this command. */
export function needsOf(command: Command): Needs {
  switch (command.type) {
    case 'reserve':
      return {
        reservations: command.requests.map(({ id }) => id),
        accounts: [...new Set(command.requests.map(({ account }) => account))],
      };
    case 'mark-sent':
    case 'note-response':
    case 'release':
    case 'settle':
    case 'repair':
      return { reservations: [command.id] };
    case 'ask':
      return { reservations: command.ids };
    case 'heartbeat':
      return { owners: [command.ownerId] };
    case 'raise-policy':
    case 'consent':
      return { accounts: [command.account] };
    case 'sweep':
      return { accounts: 'all', owners: 'all', open: true, oldest: PRUNE_BATCH };
    case 'set-back':
      return { accounts: 'all', owners: 'all', oldest: Number.POSITIVE_INFINITY };
    case 'forget':
      return { accounts: 'all', oldest: Number.POSITIVE_INFINITY };
  }
}

/**
 * The ledger itself: pure, the same on every store. Given what `needsOf` asks for, a command and the clock, it says what
 * happens.
 * @throws LedgerError `unknown-reservation`, `duplicate-reservation`, `invalid`; nothing has happened then
 */
export function reduce<C extends Command>(state: State, command: C, clock: number): Step<Outcomes[C['type']]> {
  const rows: Row[] = [];
  const droppedRows: number[] = [];
  let draft = draftOf(state);
  const book: Book = {
    now: ledgerTime(clock, state.meta.time),
    clock,
    get draft() {
      return draft;
    },
    append: (happening, at = book.now) => {
      const row: Row = { v: LEDGER_VERSION, seq: draft.meta.nextSeq, at, ...happening };
      applyRow(draft, row);
      rows.push(row);
    },
    dropRows: (seqs) => {
      droppedRows.push(...seqs);
    },
    undo: (outcome) => {
      draft = draftOf(state);
      rows.length = 0;
      return outcome;
    },
  };
  // Each rule takes its own command; the table says which, the compiler cannot.
  const rule = rules[command.type] as unknown as (book: Book, command: C) => Outcomes[C['type']];
  const outcome = rule(book, command);
  return { state: draft, rows, droppedRows, outcome };
}

function draftOf({ meta, accounts, reservations, owners }: State): Draft {
  return { meta, accounts: new Map(accounts), reservations: new Map(reservations), owners: new Map(owners) };
}
