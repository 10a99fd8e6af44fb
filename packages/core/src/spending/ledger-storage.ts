import type { Dump } from './state/audit.ts';
import type { Account, Meta, Needs, Owner, Row, State, StoredReservation } from './state/model.ts';

/** A state as it was found: `meta` is missing in a storage that was never written. */
export interface Found extends Omit<State, 'meta'> {
  readonly meta: Meta | undefined;
}

/** What a command changed. Records replace the ones of the same key; rows are new. */
export interface Changes {
  readonly meta?: Meta;
  readonly accounts: readonly Account[];
  readonly reservations: readonly StoredReservation[];
  readonly owners: readonly Owner[];
  readonly rows: readonly Row[];
  readonly deletedReservations: readonly string[];
  readonly deletedOwners: readonly string[];
  readonly deletedRows: readonly number[];
}

export interface HistoryQuery {
  readonly account?: string;
  readonly limit?: number;
  /** Only those with a smaller `seq`. */
  readonly before?: number;
}

/**
 * What an engine does for a ledger, and all it does: nothing in it knows what money is. Several instances on one database
 * may run at once. Every method throws `StoreError`.
 */
export interface LedgerStorage {
  /**
   * One transaction, alone among all instances: finds what `needs` asks for, calls `step` once, writes what it returns.
   * `strict` is on disk when it resolves; `relaxed` may be lost in a power cut. A throw in `step` is rethrown and nothing is
   * written. With each reservation comes its account; for an account that is not there comes a reservation of it, if there
   * is any, since then the account was lost and must not begin anew.
   */
  transact<T>(
    needs: Needs,
    durability: 'strict' | 'relaxed',
    step: (found: Found) => { readonly changes?: Changes; readonly outcome: T },
  ): Promise<T>;
  /** The same without writing. */
  read(needs: Needs): Promise<Found>;
  /** Newest first. */
  history(query: HistoryQuery): Promise<readonly StoredReservation[]>;
  /** Everything, at one moment. */
  dump(): Promise<Dump>;
}
