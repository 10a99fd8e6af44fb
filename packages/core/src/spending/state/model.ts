import type {
  Asked,
  Cap,
  CapWindow,
  LeaseOwner,
  NanoUsd,
  ReservationRequest,
  ReservationState,
  ReserveOutcome,
  Settlement,
} from '../ledger.ts';

/** Version of every stored record and row below. */
export const LEDGER_VERSION = 1;

/** How long an orphan waits for repair, and how long anybody may hold a reservation without settling it. */
export const PATIENCE_MS = 86_400_000;

/** How long what is over stays in the history before it lives on in a checkpoint's sums alone. */
export const RETENTION_MS = 90 * 86_400_000;

/** Of the whole ledger. */
export interface Meta {
  readonly v: 1;
  readonly id: string;
  /** Time of the last row, ms since epoch. */
  readonly time: number;
  /** Number of the next row, from 1. */
  readonly nextSeq: number;
  /** Row number of the checkpoint in force. */
  readonly checkpoint?: number;
  /** It was made in place of one that the engine had lost: its vault has to name it before it grants anything. */
  readonly lost?: true;
}

/** What was charged (`spent`) and what is held for running requests. */
export interface Sums {
  readonly spent: NanoUsd;
  readonly held: NanoUsd;
}

/** Of one window, which began at `start`; 0 for `total`. */
export interface WindowSums extends Sums {
  readonly start: number;
}

/** All that `reserve` needs to know of an account. */
export interface Account {
  readonly v: 1;
  readonly account: string;
  /** 0 until a policy is known. */
  readonly policyVersion: number;
  /** An overrun waits for the user's consent. */
  readonly locked: boolean;
  /** The windows as of the account's last row; an older one is over and counts as empty. */
  readonly windows: Readonly<Record<CapWindow, WindowSums>>;
  /** The part of `windows` that came from reservations which are pruned: what a checkpoint carries. */
  readonly pruned: Readonly<Record<CapWindow, WindowSums>>;
  /** Numbers of its policy and consent rows since the last checkpoint. */
  readonly rows: readonly number[];
  /** Windows that the ledger was in when its time was set back; absent where it never was. */
  readonly vacated?: readonly VacatedWindow[];
}

/** What counted in a window when the ledger's time was set back out of it, and counts again if time ever comes back to it. */
export interface VacatedWindow {
  readonly window: CapWindow;
  readonly start: number;
  readonly spent: NanoUsd;
}

/** The present state of one reservation, derived from its rows. */
export interface StoredReservation {
  readonly v: 1;
  readonly id: string;
  /** Number of the row that made it. */
  readonly seq: number;
  readonly account: string;
  readonly state: ReservationState;
  readonly bound: NanoUsd;
  readonly reservedAt: number;
  /** Time of the last row about its money. */
  readonly changedAt: number;
  readonly provider: string;
  readonly model: string;
  readonly runId: string;
  readonly ownerId: string;
  /** What it was admitted under. */
  readonly caps: readonly Cap[];
  readonly policyVersion: number;
  readonly responseId?: string;
  readonly settlement?: Settlement;
  /** In the rows, though it bears no money: whoever comes after a crash must know how often it was tried. */
  readonly asked?: Asked;
  /** Numbers of its rows, so that they can go when it goes. */
  readonly rows: readonly number[];
  /** There while it is neither settled nor released: what a sweep has to look at. */
  readonly open?: 1;
}

/** A lease. Not part of the rows: it bears no money, and losing it only turns what was sent into an orphan. */
export interface Owner {
  readonly v: 1;
  readonly id: string;
  readonly leaseMs: number;
  /** Ledger time. */
  readonly leaseUntil: number;
}

/** What a checkpoint carries of each account. */
export type CheckpointAccount = Pick<Account, 'account' | 'policyVersion' | 'locked' | 'pruned'>;

/** What happened. */
export type Happening =
  | ({
      readonly type: 'reserved';
      readonly ownerId: string;
    } & ReservationRequest)
  | { readonly type: 'sent' | 'released' | 'orphaned'; readonly id: string }
  | { readonly type: 'response'; readonly id: string; readonly responseId: string }
  /** Somebody looks for the provider's record of it. */
  | { readonly type: 'asked'; readonly id: string }
  | { readonly type: 'settled'; readonly id: string; readonly settlement: Settlement }
  /** A settlement above what it was allowed to be; `locks` is false where a smaller one corrects it. */
  | { readonly type: 'overrun'; readonly id: string; readonly settlement: Settlement; readonly locks: boolean }
  | { readonly type: 'policy'; readonly account: string; readonly version: number }
  | { readonly type: 'consented'; readonly account: string }
  /** The user said that the clock had been wrong: what was recorded later than this row's time is taken to be of this time. */
  | { readonly type: 'set-back'; readonly accounts: readonly Required<Pick<Account, 'account' | 'vacated'>>[] }
  /** Sums of what was pruned up to here, of every account; replaces the checkpoint before. */
  | { readonly type: 'checkpoint'; readonly accounts: readonly CheckpointAccount[] };

/** One line of the append-only book. */
export type Row = Happening & {
  readonly v: 1;
  /** From 1, without gaps but for pruning. */
  readonly seq: number;
  /** Ledger time; never less than the row before, unless it sets the time back. */
  readonly at: number;
};

/** The part of the ledger that one command reads; complete for what its `Needs` name, silent about the rest. */
export interface State {
  readonly meta: Meta;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly reservations: ReadonlyMap<string, StoredReservation>;
  readonly owners: ReadonlyMap<string, Owner>;
}

/** What a command has to see. The accounts of the reservations it sees are always among it. */
export interface Needs {
  readonly reservations?: readonly string[];
  readonly accounts?: readonly string[] | 'all';
  readonly owners?: readonly string[] | 'all';
  /** Every reservation that is still open. */
  readonly open?: true;
  /** The first so many in the ledger's order. */
  readonly oldest?: number;
}

export type Command =
  | { readonly type: 'reserve'; readonly requests: readonly ReservationRequest[]; readonly owner: LeaseOwner }
  | { readonly type: 'mark-sent'; readonly id: string }
  | { readonly type: 'note-response'; readonly id: string; readonly responseId: string }
  | { readonly type: 'release'; readonly id: string }
  | { readonly type: 'settle'; readonly id: string; readonly settlement: Settlement }
  | { readonly type: 'ask'; readonly ids: readonly string[] }
  | { readonly type: 'repair'; readonly id: string; readonly settlement: Settlement }
  | { readonly type: 'heartbeat'; readonly ownerId: string }
  | { readonly type: 'sweep' }
  | { readonly type: 'raise-policy'; readonly account: string; readonly atLeast: number }
  | { readonly type: 'consent'; readonly account: string }
  | { readonly type: 'set-back' }
  | { readonly type: 'forget' };

/** What each command answers. */
export interface Outcomes {
  readonly reserve: ReserveOutcome;
  readonly 'mark-sent': boolean;
  readonly 'note-response': undefined;
  readonly release: undefined;
  readonly settle: { readonly overrun: boolean };
  readonly ask: { readonly asked: readonly StoredReservation[]; readonly nextIn?: number };
  /** What counted before; undefined where nothing was repaired. */
  readonly repair: NanoUsd | undefined;
  readonly heartbeat: undefined;
  /** All that are orphans now. */
  readonly sweep: readonly StoredReservation[];
  /** The version in force. */
  readonly 'raise-policy': number;
  readonly consent: undefined;
  /** Whether there was anything to set back. */
  readonly 'set-back': boolean;
  readonly forget: undefined;
}
