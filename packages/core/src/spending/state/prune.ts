import { type Account, type CheckpointAccount, RETENTION_MS, type StoredReservation } from './model.ts';
import type { Book } from './reduce.ts';
import { CAP_WINDOWS, charge, sumsOf, windowsAt } from './sums.ts';

/** One checkpoint a day at most, so that pruning costs next to nothing. */
const SLACK_MS = 86_400_000;

/** How many reservations one sweep looks at. */
export const PRUNE_BATCH = 1000;

/** Takes out what has been over for longer than the history goes back. Every account must be in the book. */
export function pruneOld(book: Book): void {
  const closedFor = ({ changedAt }: StoredReservation) => book.now - changedAt;
  const old = closed(book).filter((reservation) => closedFor(reservation) > RETENTION_MS);
  if (old.some((reservation) => closedFor(reservation) > RETENTION_MS + SLACK_MS)) prune(book, old);
}

/** Takes out everything that is over. Every account must be in the book. */
export function pruneAll(book: Book): void {
  prune(book, closed(book));
}

function closed({ draft }: Book): StoredReservation[] {
  return [...draft.reservations.values()].filter(({ open }) => open === undefined);
}

/** The sums go into a checkpoint row first, so that the rows can go. */
function prune(book: Book, over: readonly StoredReservation[]): void {
  const { accounts, reservations } = book.draft;
  const superseded = [...accounts.values()].flatMap(({ rows }) => rows);
  if (over.length === 0 && superseded.length === 0) return;

  // As of the latest of what is pruned, not of now: should now turn out to be a wrong clock's, they still say what counted.
  const carried = new Map<string, Account['pruned']>();
  for (const [name, { pruned }] of accounts) carried.set(name, pruned);
  for (const reservation of over) {
    const { account, reservedAt } = reservation;
    const sums = carried.get(account);
    if (sums) carried.set(account, charge(windowsAt({ windows: sums }, reservedAt), reservedAt, sumsOf(reservation)));
  }
  const checkpoint = book.draft.meta.checkpoint;
  const rows = [...superseded, ...over.flatMap((one) => one.rows), ...(checkpoint === undefined ? [] : [checkpoint])];
  const all = [...accounts.values()].map(
    ({ account, policyVersion, locked, pruned }): CheckpointAccount => ({
      account,
      policyVersion,
      locked,
      pruned: carried.get(account) ?? pruned,
    }),
  );
  book.append({ type: 'checkpoint', accounts: all });
  for (const { id } of over) reservations.delete(id);
  book.dropRows(rows);
}

/** The windows of an account as the rows alone would have them, with what a checkpoint carries added. */
export function withPruned(account: Account, now: number): Account {
  return added(account, now, 1n);
}

/** The other way round, but for the total: setting the time back makes the other windows anew, from both. */
export function withoutPruned(account: Account, now: number): Account {
  const { windows } = added(account, now, -1n);
  return { ...account, windows: { ...windows, total: account.windows.total } };
}

function added(account: Account, now: number, sign: bigint): Account {
  const carried = windowsAt({ windows: account.pruned }, now);
  let windows = windowsAt(account, now);
  for (const window of CAP_WINDOWS) {
    const { start, spent, held } = windows[window];
    if (carried[window].start === start)
      windows = { ...windows, [window]: { start, spent: spent + sign * carried[window].spent, held } };
  }
  return { ...account, windows };
}
