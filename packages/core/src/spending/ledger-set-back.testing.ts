import type { Cap, Ledger } from './ledger.ts';
import {
  ACCOUNT,
  across,
  DAILY,
  DAY,
  equal,
  HOUR,
  type LedgerCase,
  NOON,
  OWNER,
  request,
  sent,
  statesOf,
} from './ledger-harness.testing.ts';

const FAR = Date.UTC(2099, 11, 31, 23);
const CAPS: readonly Cap[] = (['day', 'week', 'month', 'total'] as const).map((window) => ({ limit: 1000n, window }));

/** What counts in the day, the week, the month and in all. */
async function used(ledger: Ledger): Promise<readonly bigint[]> {
  const { caps } = await ledger.status(ACCOUNT, CAPS);
  return caps.map(({ spent, reserved }) => spent + reserved);
}

async function paid(ledger: Ledger, id: string, amount: bigint): Promise<void> {
  await sent(ledger, id, { caps: [], bound: amount });
  await ledger.settle(id, { amount, source: 'provider' });
}

/** What a clock that was wrong has left behind, and how the user gets out of it. */
export const setBackCases: readonly LedgerCase[] = [
  {
    name: 'a clock that once ran far ahead is noticed; set back, all that was spent since counts now, and windows end again',
    run: across(async ({ ledger, open, clock }) => {
      await paid(ledger, 'before', 30n);
      clock.now = FAR;
      await sent(ledger, 'runs', { caps: [], bound: 20n });
      await paid(ledger, 'meanwhile', 15n);
      equal(await ledger.health(), { state: 'ready' });
      equal(await used(ledger), [35n, 35n, 35n, 65n]);

      clock.now = NOON + 2 * HOUR;
      const by = FAR - clock.now;
      equal(await ledger.health(), { state: 'ready', ahead: { by, time: FAR, settable: true } });
      // Right again, and yet no day ends.
      clock.now += 3 * DAY;
      equal(await used(ledger), [35n, 35n, 35n, 65n]);
      clock.now -= 3 * DAY;

      equal(await ledger.setTimeBack(), true);
      const other = open();
      equal(await other.health(), { state: 'ready' });
      equal(await used(other), [65n, 65n, 65n, 65n]);
      equal((await other.status(ACCOUNT, [DAILY])).caps[0]?.resetsAt, Date.UTC(2026, 7, 20));
      equal((await other.reservation('meanwhile'))?.reservedAt, clock.now);
      equal((await other.reservation('before'))?.reservedAt, NOON);
      const refused = await other.reserve([request('more', { bound: 36n })], OWNER);
      equal(!refused.ok && refused.reason === 'cap' && refused.left, 35n);
      // Once is enough.
      equal(await other.setTimeBack(), false);

      await other.settle('runs', { amount: 5n, source: 'provider' });
      equal(await used(other), [50n, 50n, 50n, 50n]);
      clock.now += DAY;
      equal(await used(other), [0n, 50n, 50n, 50n]);
      equal(await other.settle('meanwhile', { amount: 14n, source: 'provider' }), { overrun: false });
      equal(await used(other), [0n, 49n, 49n, 49n]);
    }),
  },
  {
    name: 'nothing is set back that is no more than a day ahead, nor to a clock that cannot be right',
    run: across(async ({ ledger, clock }) => {
      clock.now = NOON + DAY;
      await sent(ledger, 'a');
      clock.now = NOON;
      equal(await ledger.health(), { state: 'ready' });
      equal(await ledger.setTimeBack(), false);
      for (const broken of [Date.UTC(2025, 11, 31), 0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
        clock.now = broken;
        equal(await ledger.setTimeBack(), false);
      }
      clock.now = 0;
      const ahead = { by: NOON + DAY, time: NOON + DAY, settable: false };
      equal(await ledger.health(), { state: 'ready', ahead });
      equal((await ledger.reservation('a'))?.reservedAt, NOON + DAY);
      clock.now = NOON - 1;
      equal(await ledger.setTimeBack(), true);
      equal((await ledger.reservation('a'))?.reservedAt, NOON - 1);
    }),
  },
  {
    name: 'set back to a clock that was wrong after all, time comes back to a window that is as full as it was left',
    run: across(async ({ ledger, open, clock }) => {
      const terms = { caps: [{ limit: 100n, window: 'day' }] as const };
      await sent(ledger, 'full', { ...terms, bound: 100n });
      clock.now = NOON - 40 * DAY;
      equal(await ledger.setTimeBack(), true);
      equal(await used(ledger), [100n, 100n, 100n, 100n]);
      clock.now += DAY;
      await sent(ledger, 'july', { ...terms, bound: 10n });

      clock.now = NOON + HOUR;
      equal(await used(open()), [100n, 100n, 100n, 110n]);
      const refused = await ledger.reserve([request('again', { ...terms, bound: 1n })], OWNER);
      equal(!refused.ok && refused.reason, 'cap');
      // Others hold more: what they spend on this day counts the next time, too.
      await sent(ledger, 'dear', { caps: [], bound: 20n });
      clock.now = NOON - 30 * DAY;
      equal(await ledger.setTimeBack(), true);
      clock.now = NOON + 2 * HOUR;
      equal(await used(open()), [120n, 120n, 120n, 130n]);
      clock.now += DAY;
      equal(await used(open()), [0n, 120n, 120n, 130n]);
    }),
  },
  {
    name: 'a dead owner’s lease does not last until the year that the clock once said',
    run: across(async ({ ledger, clock }) => {
      clock.now = FAR;
      await sent(ledger, 'dead');
      await ledger.reserve([request('unsent')], OWNER);
      clock.now = NOON;
      equal(await ledger.setTimeBack(), true);
      equal((await ledger.sweep()).orphaned, []);
      clock.now += OWNER.leaseMs + 1;
      equal((await ledger.sweep()).orphaned.length, 1);
      equal(await statesOf(ledger), { dead: 'orphaned', unsent: 'released' });
      clock.now += DAY;
      await ledger.sweep();
      equal((await ledger.reservation('dead'))?.settlement, { amount: 40n, source: 'bound' });
    }),
  },
  {
    name: 'what was pruned under a clock that ran ahead still counts in the windows in which it was spent',
    run: across(async ({ ledger, open, clock }) => {
      clock.now = NOON - DAY;
      await paid(ledger, 'yesterday', 7n);
      clock.now = NOON;
      await paid(ledger, 'today', 25n);
      clock.now = FAR;
      await ledger.raisePolicy(ACCOUNT, 1);
      await ledger.sweep();
      equal(await statesOf(ledger), {});
      clock.now = NOON + HOUR;
      equal(await ledger.setTimeBack(), true);
      equal(await used(open()), [25n, 32n, 32n, 32n]);
      clock.now += DAY;
      equal(await used(open()), [0n, 32n, 32n, 32n]);
    }),
  },
  {
    name: 'where that future itself was pruned, all that ever was counts now: rather too much than too little',
    run: across(async ({ ledger, open, clock }) => {
      clock.now = NOON - 80 * DAY;
      await paid(ledger, 'spring', 25n);
      clock.now = FAR;
      await paid(ledger, 'meanwhile', 10n);
      await ledger.forgetHistory();
      clock.now = NOON;
      equal(await ledger.setTimeBack(), true);
      equal(await used(open()), [35n, 35n, 35n, 35n]);
      await paid(ledger, 'after', 1n);
      await ledger.forgetHistory();
      equal(await used(open()), [36n, 36n, 36n, 36n]);
      clock.now += DAY;
      equal(await used(open()), [0n, 36n, 36n, 36n]);
      clock.now = Date.UTC(2026, 8, 1);
      equal(await used(open()), [0n, 0n, 0n, 36n]);
    }),
  },
];
