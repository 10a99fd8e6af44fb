import type { Draft } from './apply.ts';
import type { Account, StoredReservation, VacatedWindow } from './model.ts';
import { CAP_WINDOWS, charge, newAccount, newWindow, perWindow, sumsOf, windowsAt } from './sums.ts';
import { windowStart } from './windows.ts';

/*
 * A clock that once ran far ahead has taken the ledger's time along, which then stands still until the clock gets there
 * again: caps hold, but their windows never end. When the user says that the clock is right now, the time is set back.
 *
 * Whatever was recorded "later" than now was spent at some time since the clock went wrong: nobody knows when, so all of it
 * counts in the windows of now, from where it leaves with them. And should it have been the other way round, a clock that
 * is wrong now and put right afterwards, then time comes back to the windows that it was set back out of: these begin with
 * what counted in them, so that no window ever begins empty twice.
 */

/** What counts in the windows that the ledger's time is set back out of, from `time` to `at`. */
export function vacatedAt(account: Account, time: number, at: number): readonly VacatedWindow[] {
  const windows = windowsAt(account, time);
  return CAP_WINDOWS.flatMap((window) => {
    const { start, spent, held } = windows[window];
    const counts = spent + held;
    return start === windowStart(window, at) || counts === 0n ? [] : [{ window, start, spent: counts }];
  });
}

/** Takes everything that is later than `at` to be of that time. All accounts and reservations must be in the draft. */
export function moveBack(
  draft: Draft,
  at: number,
  vacating: readonly { readonly account: string; readonly vacated: readonly VacatedWindow[] }[],
): void {
  const mine = new Map<string, StoredReservation[]>();
  for (const [id, before] of draft.reservations) {
    const { reservedAt, changedAt } = before;
    const now =
      changedAt > at ? { ...before, reservedAt: Math.min(reservedAt, at), changedAt: Math.min(changedAt, at) } : before;
    if (now !== before) draft.reservations.set(id, now);
    const others = mine.get(now.account);
    if (others) others.push(now);
    else mine.set(now.account, [now]);
  }
  const leaving = new Map(vacating.map(({ account, vacated }) => [account, vacated]));
  // Of some there may be nothing left in the book but this and a checkpoint behind it.
  for (const name of new Set([...draft.accounts.keys(), ...leaving.keys()])) {
    const before = draft.accounts.get(name) ?? newAccount(name);
    const more = leaving.get(name) ?? [];
    const kept = (before.vacated ?? []).filter((one) => !more.some((other) => isSame(one, other)));
    const vacated = [...kept, ...more];
    const pruned = prunedAt(before.pruned, at);
    let windows = perWindow((window) => newWindow(window, windowStart(window, at), vacated));
    for (const one of mine.get(name) ?? []) windows = charge(windows, one.reservedAt, sumsOf(one));
    for (const window of CAP_WINDOWS) {
      const { start, spent, held } = windows[window];
      if (pruned[window].start === start)
        windows = { ...windows, [window]: { start, spent: spent + pruned[window].spent, held } };
    }
    // In all nothing has changed.
    windows = { ...windows, total: windowsAt(before, at).total };
    draft.accounts.set(name, { ...before, windows, pruned, ...(vacated.length > 0 && { vacated }) });
  }
}

/**
 * Sums of what is pruned, as of `at`. Where they are of a later window, nobody knows any more what of it belongs to the
 * window of now: then all that was ever pruned counts there.
 */
function prunedAt(pruned: Account['pruned'], at: number): Account['pruned'] {
  return perWindow((window) => {
    const start = windowStart(window, at);
    return pruned[window].start <= start ? pruned[window] : { start, spent: pruned.total.spent, held: 0n };
  });
}

const isSame = (one: VacatedWindow, other: VacatedWindow) => one.window === other.window && one.start === other.start;
