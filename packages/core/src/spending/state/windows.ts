import type { CapWindow } from '../ledger.ts';

const DAY_MS = 86_400_000;

/** Start of the UTC window that holds `at`, ms since epoch; 0 for `total`. Weeks start on Monday. */
export function windowStart(window: CapWindow, at: number): number {
  const day = Math.floor(at / DAY_MS);
  switch (window) {
    case 'day':
      return day * DAY_MS;
    case 'week':
      // Day 0 was a Thursday, three days after a Monday.
      return (Math.floor((day + 3) / 7) * 7 - 3) * DAY_MS;
    case 'month': {
      const date = new Date(at);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    }
    case 'total':
      return 0;
  }
}

/** When that window ends and the next begins; undefined for `total`, which never does. */
export function windowEnd(window: CapWindow, at: number): number | undefined {
  const start = windowStart(window, at);
  switch (window) {
    case 'day':
      return start + DAY_MS;
    case 'week':
      return start + 7 * DAY_MS;
    case 'month': {
      const date = new Date(start);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    }
    case 'total':
      return undefined;
  }
}

/** 1 January 10000: a clock that says more is broken. */
const LATEST = Date.UTC(10_000, 0, 1);

/**
 * The ledger's time: never before what it has already written, so that a clock set back opens no new window twice. A clock
 * that says nonsense is not believed.
 */
export function ledgerTime(clock: number, last: number): number {
  return clock > last && clock < LATEST ? Math.floor(clock) : last;
}

/** Before this code was written: a clock that says less is wrong. */
const EARLIEST = Date.UTC(2026, 0, 1);

/**
 * How far ahead of the clock a ledger's time has to be for that to be worth a word. Less mends itself within a day, and a
 * clock that takes local time for UTC is at most 14 hours off.
 */
const LEAD_MS = DAY_MS;

/** How far the ledger's time is ahead of the clock, ms, where that is more than a day. */
export function leadOf(clock: number, time: number): number | undefined {
  return time - clock > LEAD_MS ? time - clock : undefined;
}

/** To when the ledger's time may be set back; undefined where it is not far ahead, or the clock cannot be right. */
export function setBackTo(clock: number, time: number): number | undefined {
  return clock >= EARLIEST && leadOf(clock, time) !== undefined ? Math.floor(clock) : undefined;
}
