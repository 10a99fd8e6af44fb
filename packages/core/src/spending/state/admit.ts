import type { Cap, CapStatus, NanoUsd, ReservationRequest, ReserveRefusal } from '../ledger.ts';
import type { Account, StoredReservation } from './model.ts';
import { countedOf, windowsAt } from './sums.ts';
import { windowEnd, windowStart } from './windows.ts';

/** What a cap holds now. */
export function capStatus(cap: Cap, account: Account, now: number): CapStatus {
  const { spent, held } = windowsAt(account, now)[cap.window];
  const left = cap.limit - spent - held;
  const resetsAt = windowEnd(cap.window, now);
  return { cap, spent, reserved: held, left: left > 0n ? left : 0n, ...(resetsAt !== undefined && { resetsAt }) };
}

/**
 * The admission invariant: nothing is reserved unless every cap in force holds spent + reserved + bound. Undefined is yes.
 */
export function refusalOf(request: ReservationRequest, account: Account, now: number): ReserveRefusal | undefined {
  const { id, policyVersion, caps, bound } = request;
  if (policyVersion < account.policyVersion) return { reason: 'policy-version', id, current: account.policyVersion };
  if (account.locked) return { reason: 'overrun-locked', id };
  let tightest: CapStatus | undefined;
  for (const cap of caps) {
    const status = capStatus(cap, account, now);
    if (status.spent + status.reserved + bound <= cap.limit) continue;
    if (!tightest || status.left < tightest.left) tightest = status;
  }
  if (!tightest) return undefined;
  const { cap, left, resetsAt } = tightest;
  return { reason: 'cap', id, cap, left, ...(resetsAt !== undefined && { resetsAt }) };
}

/**
 * Whether counting `amount` in place of what is held for the reservation breaks a cap it was admitted under. Only possible
 * where the rest had been given back already, and others may have taken it.
 */
export function crossesCap(reservation: StoredReservation, amount: NanoUsd, account: Account, now: number): boolean {
  const more = amount - countedOf(reservation);
  if (more <= 0n) return false;
  return reservation.caps.some((cap) => {
    const { start, spent, held } = windowsAt(account, now)[cap.window];
    return start === windowStart(cap.window, reservation.reservedAt) && spent + held + more > cap.limit;
  });
}
