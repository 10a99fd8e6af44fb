import type { AccountStatus, Cap, Reservation } from '../ledger.ts';
import { capStatus } from './admit.ts';
import type { State, StoredReservation } from './model.ts';
import { countedOf, newAccount, windowsAt } from './sums.ts';

/** What the world may see of a stored reservation. */
export function reservationView(stored: StoredReservation): Reservation {
  const { v: _v, ownerId: _o, caps: _c, policyVersion: _p, changedAt: _t, rows: _r, open: _s, ...seen } = stored;
  return { ...seen, counted: countedOf(stored) };
}

/** @param now the ledger's time */
export function accountStatus(
  state: Pick<State, 'accounts'>,
  name: string,
  caps: readonly Cap[],
  now: number,
): AccountStatus {
  const account = state.accounts.get(name) ?? newAccount(name);
  const windows = windowsAt(account, now);
  return {
    account: name,
    policyVersion: account.policyVersion,
    locked: account.locked,
    caps: caps.map((cap) => capStatus(cap, account, now)),
    today: windows.day.spent,
    month: windows.month.spent,
    total: windows.total.spent,
  };
}
