import type { Ledger, LedgerLead } from '@patchbay/core';
import type { HostState } from '../contract/views.ts';

type Ahead = NonNullable<HostState['ledger']['ahead']>;

/** How many of the latest entries are looked through for one from before the clock went wrong. */
const LOOK_BACK = 200;

/**
 * A ledger whose time is far ahead of the clock, in words: what that means, since when, and what can be done.
 * Times are those of the user's own time zone, to be held against a watch.
 * @param clock ms since epoch
 */
export async function leadView(
  { by, time, settable }: LedgerLead,
  ledger: Pick<Ledger, 'history'>,
  clock: number,
): Promise<Ahead> {
  const latest = await ledger.history({ limit: LOOK_BACK }).catch(() => []);
  const since = latest.find(({ reservedAt }) => reservedAt <= clock)?.reservedAt;
  const before = since === undefined ? '' : ` The entry before that is of ${dayOf(since)}.`;
  const history = `It was written to when the clock said ${dayOf(time)}.${before} Now the clock says ${momentOf(clock)}`;
  const message = `The record of what your keys have spent is ${spanOf(by)} ahead of this computer’s clock. Caps hold, but none begins anew.`;
  if (!settable) return { message, details: `${history}, which cannot be right: correct it.` };
  return {
    message,
    details: `${history}. If that is wrong, correct the clock: nothing else is to be done.`,
    remedy:
      'If that is right, set the record’s time back. It then goes on from now, and all that was recorded at a later time counts as spent now: today, this week and this month. Nothing that was spent is forgotten.',
  };
}

const HOUR_MS = 3_600_000;

function spanOf(ms: number): string {
  const days = ms / (24 * HOUR_MS);
  if (days < 3) return `${Math.floor(ms / HOUR_MS)} hours`;
  if (days < 60) return `${Math.floor(days)} days`;
  return days < 730 ? `about ${Math.round(days / 30.44)} months` : `about ${Math.round(days / 365.25)} years`;
}

const DAYS = new Intl.DateTimeFormat('en', { dateStyle: 'long' });
const MOMENTS = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' });
const dayOf = (at: number) => DAYS.format(at);
/** A clock that says nonsense is quoted as such. */
const momentOf = (at: number) => (Math.abs(at) < 8.64e15 ? MOMENTS.format(at) : 'no time at all');
