import type { Reservation } from '../ledger.ts';

const MINUTE = 60_000;

/**
 * How long whoever looks for a record has for it, and how long the others wait then: first as long as one round of looking
 * takes, in the end for a day. After the last of these one more may look, and then nobody.
 */
const WAITS_MS = [2.5 * MINUTE, 10 * MINUTE, 60 * MINUTE, 6 * 60 * MINUTE, 24 * 60 * MINUTE];

/** So many at once: they are looked for side by side, and each within its time. */
export const ASK_AT_ONCE = 16;

type Bill = Pick<Reservation, 'state' | 'responseId' | 'settlement' | 'asked'>;

/** Counted at what it can be at most, while the provider may have a record that says what it really was. */
export function isUnsure({ state, responseId, settlement }: Bill): boolean {
  if (responseId === undefined) return false;
  return state === 'orphaned' || settlement?.source === 'bound' || settlement?.source === 'estimate';
}

/** Whether anybody may still look for its record, now or later. */
export function mayBeAsked(bill: Bill): boolean {
  return isUnsure(bill) && (bill.asked?.times ?? 0) <= WAITS_MS.length;
}

/** After how many ms it may be looked for; 0 or less: at once. A look in the future was at the time of a wrong clock. */
export function askableIn({ asked }: Bill, now: number): number {
  if (!asked || asked.at > now) return 0;
  return asked.at + (WAITS_MS[asked.times - 1] ?? Number.POSITIVE_INFINITY) - now;
}
