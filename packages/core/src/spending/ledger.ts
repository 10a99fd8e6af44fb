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

/** The provider's own record told later what an answer really cost. Amounts in USD as decimal strings. */
export interface Correction {
  readonly runId: string;
  readonly reservationId: string;
  /** What was counted until now. */
  readonly fromUsd: string;
  readonly usd: string;
  readonly source: SettleSource;
}

export interface Reservation {
  readonly id: string;
  /** Its place in the ledger's order; grows by at least one from reservation to reservation. */
  readonly seq: number;
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
  readonly asked?: Asked;
}

/** That the provider's own record of it was looked for. */
export interface Asked {
  /** How often, each time by one process alone. */
  readonly times: number;
  /** When last, ms since epoch. */
  readonly at: number;
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

/** The ledger's time is far ahead of the clock: no window ends until the clock gets there. Caps hold all the same. */
export interface LedgerLead {
  /** ms, more than a day. */
  readonly by: number;
  /** The ledger's time, ms since epoch. */
  readonly time: number;
  /** Whether it can be set back; not to a clock that is certainly wrong itself. */
  readonly settable: boolean;
}

export type LedgerHealth =
  | { readonly state: 'ready'; readonly ahead?: LedgerLead }
  | { readonly state: 'missing' | 'unreadable' | 'newer'; readonly message: string };

/** Thrown by a ledger's methods; `code` says why. `reserve` answers `unavailable` as a refusal instead. */
export class LedgerError extends Error {
  readonly code:
    | 'unknown-reservation' // never reserved here, or forgotten since
    | 'duplicate-reservation' // ids are used once
    | 'invalid' // an amount, limit or token count that is none
    | 'unavailable'; // the disk is full, or the ledger cannot be read or was written by newer code; the message says which
  constructor(code: LedgerError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerError';
    this.code = code;
  }
}

/**
 * Append-only, atomic account of what was reserved and what was charged. The admission invariant: a `reserve` is
 * granted only if, for every cap in force of every account named, spent + reserved + bound ≤ limit.
 * All methods that write are durable when they resolve, but `heartbeat`, which loses nothing but time. Every write takes
 * the time as max(clock, last ledger time), but for `setTimeBack`. All methods throw `LedgerError`.
 *
 * A reservation counts in the windows in which it was made, for good: one made before midnight and settled after it
 * changes yesterday's sums and never today's, so the invariant holds in both.
 */
export interface Ledger {
  /**
   * Several reservations at once are granted or refused together; each is released or settled by itself. A policy newer
   * than the ledger's is adopted (the ledger was lost and started anew), an older one is refused.
   */
  reserve(requests: readonly ReservationRequest[], owner: LeaseOwner): Promise<ReserveOutcome>;
  /**
   * About to send: from here on a crash counts in full until repaired. False means: do not send, nothing is held any more,
   * reserve again; for the lease was lost, the policy edited or the account locked meanwhile. True again if asked again.
   */
  markSent(id: string): Promise<boolean>;
  /** Keeps the provider's response id, so that a crash can be repaired from the provider's own record. */
  noteResponse(id: string, responseId: string): Promise<void>;
  /** Never sent, or certainly not billed. Does nothing once settled. */
  release(id: string): Promise<void>;
  /**
   * Final amount; also corrects an orphan or an earlier settlement (then `overrun` may end, but not the lock). It becomes an
   * `overrun` and locks the account if it is above the bound, or above what was still held for it and so across a cap that
   * it was reserved under. The same settlement twice changes nothing.
   */
  settle(id: string, settlement: Settlement): Promise<{ readonly overrun: boolean }>;
  /**
   * Grants leave to look for the providers' own records of bills whose cost is not known yet. What is granted is noted as
   * asked: nobody else looks at the same time, and nobody more often than a few times. Unknown ids are passed over.
   * @returns the reservations to look for, at most 16; `nextIn` is after how many ms the next of the others may be asked for
   */
  ask(ids: readonly string[]): Promise<{ readonly asked: readonly Reservation[]; readonly nextIn?: number }>;
  /**
   * Settles at what the provider's own record says, unless somebody who knew better has settled meanwhile.
   * @returns what counted before; undefined where nothing was changed
   */
  repair(id: string, settlement: Settlement): Promise<NanoUsd | undefined>;
  /** Renews the lease; without an own reservation to keep it does nothing. */
  heartbeat(ownerId: string): Promise<void>;
  /**
   * What dead owners hold becomes an orphan if it was sent and is released if not; so does whatever nobody settled within
   * a day. Orphans are settled at their bound after another day; old rows are pruned.
   * @returns all that are orphans now: each may still be repaired from the provider's record, by `settle` or `release`
   */
  sweep(): Promise<{ readonly orphaned: readonly Reservation[] }>;
  /**
   * Says that a policy was edited: afterwards the version is at least one higher, and at least `atLeast`; a reserve or send
   * under an older one is refused. Returns the version now in force.
   */
  raisePolicy(account: string, atLeast: number): Promise<number>;
  /** The user agrees to an overrun: the account works again. */
  acknowledgeOverrun(account: string): Promise<void>;
  /**
   * The user says that the clock is right, and was wrong when it took the ledger's time more than a day ahead: time is the
   * clock's again. Whatever is recorded as later than now counts in the windows of now, from here on as if made now; and
   * should time come back to a window that it was set back out of, what counted there counts there again. Where sums of that
   * future are pruned already, all that was ever pruned counts in the windows of now.
   * @returns false where nothing was to be set back
   */
  setTimeBack(): Promise<boolean>;
  status(account: string, caps: readonly Cap[]): Promise<AccountStatus>;
  reservation(id: string): Promise<Reservation | undefined>;
  /** Newest first. `before` is the `seq` of the last one seen. */
  history(options?: {
    readonly account?: string;
    readonly limit?: number;
    readonly before?: number;
  }): Promise<readonly Reservation[]>;
  /** Identity of this ledger; the vault remembers it, so that a lost ledger is noticed. */
  id(): Promise<string>;
  health(): Promise<LedgerHealth>;
  /** Forgets all that is over but the accounts' policy versions and locks and the sums that caps still need. */
  forgetHistory(): Promise<void>;
  /** Computes every sum anew from the rows and says what does not agree, a sentence each; empty in a sound ledger. Slow. */
  audit(): Promise<readonly string[]>;
}
