import type { CapWindow, NanoUsd } from '../ledger.ts';
import { type Account, LEDGER_VERSION, type StoredReservation, type Sums, type WindowSums } from './model.ts';
import { windowStart } from './windows.ts';

export const CAP_WINDOWS: readonly CapWindow[] = ['day', 'week', 'month', 'total'];

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

/**
 * The windows at a moment: those that are over begin anew. Time goes back only where the user says so, and a window that it
 * was set back out of does not begin twice: what counted in it then counts again.
 */
export function windowsAt({ windows, vacated }: Pick<Account, 'windows' | 'vacated'>, at: number): Account['windows'] {
  return perWindow((window) => {
    const start = windowStart(window, at);
    return windows[window].start < start ? newWindow(window, start, vacated) : windows[window];
  });
}

export function newWindow(window: CapWindow, start: number, vacated: Account['vacated'] = []): WindowSums {
  const again = vacated.find((one) => one.window === window && one.start === start);
  return { start, spent: again?.spent ?? 0n, held: 0n };
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
export const EMPTY: WindowSums = { start: LONG_AGO, spent: 0n, held: 0n };
