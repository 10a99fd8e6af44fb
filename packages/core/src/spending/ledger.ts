/** Integer nano-USD: 1 USD = 1_000_000_000n. */
export type NanoUsd = bigint;

export type CapWindow = 'day' | 'week' | 'month' | 'total';

/** "At most `limit` per `window`", windows in UTC, weeks from Monday. */
export interface Cap {
  readonly limit: NanoUsd;
  readonly window: CapWindow;
}

/** What a key may do. Sealed in the vault beside the secret; the ledger knows only its version. */
export interface Policy {
  readonly version: number;
  readonly caps: readonly Cap[];
  readonly scope?: Scope;
}

export interface Scope {
  /** Model ids this key may be used for, `*` as a wildcard; absent means all. */
  readonly models?: readonly string[];
  /** Most that one request may reserve. */
  readonly perRequest?: NanoUsd;
  /** No use after this time, ms since epoch. */
  readonly notAfter?: number;
}

export type ReservationState = 'reserved' | 'sent' | 'settled' | 'released' | 'orphaned' | 'overrun';

/** Who holds a reservation. An owner whose lease has run out is taken for dead, and what it holds becomes an orphan. */
export interface LeaseOwner {
  readonly id: string;
  /** How long the lease lasts after each heartbeat, ms. */
  readonly leaseMs: number;
}

export interface ReservationRequest {
  readonly id: string;
  /** Fingerprint of the secret that will be charged: deleting and adding a key again resets nothing. */
  readonly account: string;
  readonly policyVersion: number;
  readonly caps: readonly Cap[];
  readonly bound: NanoUsd;
  readonly provider: string;
  readonly model: string;
  readonly runId: string;
}

export type ReserveRefusal =
  /** The tightest cap that would be overshot; `left` is what it holds now, never negative. */
  | {
      readonly reason: 'cap';
      readonly id: string;
      readonly cap: Cap;
      readonly left: NanoUsd;
      readonly resetsAt?: number;
    }
  /** The policy was edited meanwhile: read the key again. */
  | { readonly reason: 'policy-version'; readonly id: string; readonly current: number }
  /** The account overran a bound and waits for the user's consent. */
  | { readonly reason: 'overrun-locked'; readonly id: string }
  /** The ledger does not belong to this vault, or was written by newer code, or cannot be read. */
  | { readonly reason: 'ledger-locked'; readonly message: string };

export type ReserveOutcome = { readonly ok: true } | ({ readonly ok: false } & ReserveRefusal);

export type SettleSource = 'provider' | 'upstream' | 'price-table' | 'estimate' | 'bound' | 'free';

export interface Settlement {
  readonly amount: NanoUsd;
  readonly source: SettleSource;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

export interface Reservation {
  readonly id: string;
  readonly account: string;
  readonly state: ReservationState;
  readonly bound: NanoUsd;
  /** What counts against the caps now: the bound until settled, then the amount. */
  readonly counted: NanoUsd;
  readonly reservedAt: number;
  readonly provider: string;
  readonly model: string;
  readonly runId: string;
  readonly responseId?: string;
  readonly settlement?: Settlement;
}

export interface CapStatus {
  readonly cap: Cap;
  /** Settled in the window, plus orphans and overruns. */
  readonly spent: NanoUsd;
  /** Held by requests that still run. */
  readonly reserved: NanoUsd;
  /** limit − spent − reserved, not below zero. */
  readonly left: NanoUsd;
  /** When the window ends, ms since epoch; absent for `total`. */
  readonly resetsAt?: number;
}

export interface AccountStatus {
  readonly account: string;
  readonly policyVersion: number;
  readonly locked: boolean;
  readonly caps: readonly CapStatus[];
  readonly today: NanoUsd;
  readonly month: NanoUsd;
  readonly total: NanoUsd;
}

export type LedgerHealth =
  | { readonly state: 'ready' }
  | { readonly state: 'missing' | 'unreadable' | 'newer'; readonly message: string };

/**
 * Append-only, atomic account of what was reserved and what was charged. The admission invariant: a `reserve` is
 * granted only if, for every cap in force of every account named, spent + reserved + bound ≤ limit.
 * All methods that write are durable when they resolve. Every write takes the time as max(clock, last ledger time).
 */
export interface Ledger {
  /** Several reservations at once are granted or refused together; each is released or settled by itself. */
  reserve(requests: readonly ReservationRequest[], owner: LeaseOwner): Promise<ReserveOutcome>;
  /** About to send: from here on a crash counts in full until repaired. Refused (false) if the lease was lost meanwhile. */
  markSent(id: string): Promise<boolean>;
  /** Keeps the provider's response id, so that a crash can be repaired from the provider's own record. */
  noteResponse(id: string, responseId: string): Promise<void>;
  /** Never sent, or certainly not billed. */
  release(id: string): Promise<void>;
  /** Final amount; also corrects an orphan or an earlier settlement. Above the bound it becomes an `overrun` and locks the account. */
  settle(id: string, settlement: Settlement): Promise<{ readonly overrun: boolean }>;
  heartbeat(ownerId: string): Promise<void>;
  /** Turns what dead owners hold into orphans, settles orphans older than a day at their bound, prunes old rows. */
  sweep(): Promise<{ readonly orphaned: readonly Reservation[] }>;
  /** Says that a policy was edited; a reserve against another version is refused. Returns the version now in force. */
  raisePolicy(account: string, atLeast: number): Promise<number>;
  /** The user agrees to an overrun: the account works again. */
  acknowledgeOverrun(account: string): Promise<void>;
  status(account: string, caps: readonly Cap[]): Promise<AccountStatus>;
  reservation(id: string): Promise<Reservation | undefined>;
  /** Newest first. */
  history(options?: {
    readonly account?: string;
    readonly limit?: number;
    readonly before?: number;
  }): Promise<readonly Reservation[]>;
  /** Identity of this ledger; the vault remembers it, so that a lost ledger is noticed. */
  id(): Promise<string>;
  health(): Promise<LedgerHealth>;
  /** Forgets everything but the account names' policy versions and the sums that caps still need. */
  forgetHistory(): Promise<void>;
}
