import type { Settlement } from './ledger.ts';
import { across, DAILY, DAY, equal, HOUR, type LedgerCase, OWNER, request, sent } from './ledger-harness.testing.ts';

const MINUTE = HOUR / 60;
const AT_MOST: Settlement = { amount: 40n, source: 'bound' };
const RECORD: Settlement = { amount: 7n, source: 'provider', inputTokens: 3, outputTokens: 2 };

/** Bills at their bound that the provider's own record may correct: who looks for it, how often, and what comes of it. */
export const repairCases: readonly LedgerCase[] = [
  {
    name: 'whoever opens the ledger later may look for the record of a bill settled at its bound, and repair it',
    run: across(async ({ ledger, open }) => {
      await sent(ledger, 'r');
      await ledger.noteResponse('r', 'gen-1');
      await ledger.settle('r', AT_MOST);
      const later = open();
      const { asked, nextIn } = await later.ask(['r']);
      equal(nextIn, undefined, 'wait');
      equal(
        asked.map(({ id, provider, responseId, runId, account }) => [id, provider, responseId, runId, account]),
        [['r', 'openrouter', 'gen-1', 'run', 'account-a']],
      );
      equal(await later.repair('r', RECORD), 40n, 'sum before');
      equal((await later.reservation('r'))?.settlement, RECORD);
      equal((await ledger.status('account-a', [DAILY])).caps[0]?.spent, 7n, 'sum');
      equal(await ledger.ask(['r']), { asked: [] }, 'leave for what is known');
      equal(await ledger.repair('r', { amount: 9n, source: 'provider' }), undefined, 'second repair');
      equal((await ledger.reservation('r'))?.counted, 7n, 'sum after a second repair');
    }),
  },
  {
    name: 'an orphan may be looked for too, before and after it is settled at its bound',
    run: across(async ({ ledger, open, clock }) => {
      await sent(ledger, 'r');
      await ledger.noteResponse('r', 'gen-1');
      equal((await ledger.ask(['r'])).asked.length, 0, 'leave while its owner lives');
      clock.now += 2 * MINUTE;
      const next = open();
      equal((await next.sweep()).orphaned.length, 1, 'orphans');
      equal((await next.ask(['r'])).asked.length, 1, 'leave for an orphan');
      clock.now += DAY + HOUR;
      await next.sweep();
      equal((await next.reservation('r'))?.settlement, AT_MOST);
      equal((await next.ask(['r'])).asked.length, 1, 'leave for what was an orphan');
      equal(await next.repair('r', RECORD), 40n, 'sum before');
    }),
  },
  {
    name: 'of many who ask at once one alone gets leave, and of many who repair one alone does',
    run: across(async ({ ledger, open }) => {
      const ids = ['a', 'b'];
      for (const id of ids) {
        await sent(ledger, id);
        await ledger.noteResponse(id, `gen-${id}`);
        await ledger.settle(id, AT_MOST);
      }
      const windows = [ledger, open(), open(), open()];
      const leaves = await Promise.all(windows.map((one) => one.ask(ids)));
      equal(leaves.flatMap(({ asked }) => asked.map(({ id }) => id)).sort(), ids, 'leaves');
      const repairs = await Promise.all(windows.map((one) => one.repair('a', RECORD)));
      equal(
        repairs.filter((from) => from !== undefined),
        [40n],
        'repairs',
      );
      equal((await ledger.status('account-a', [DAILY])).caps[0]?.spent, 47n, 'sum');
    }),
  },
  {
    name: 'leave is given six times, each after a longer wait, and never again',
    run: across(async ({ ledger, open, clock }) => {
      await sent(ledger, 'r');
      await ledger.noteResponse('r', 'gen-1');
      await ledger.settle('r', { amount: 20n, source: 'estimate' });
      const waits: (number | undefined)[] = [];
      for (let times = 1; times < 12; times++) {
        const { asked } = await open().ask(['r']);
        if (asked.length === 0) break;
        equal([asked[0]?.asked?.times, asked[0]?.asked?.at], [times, clock.now], 'note');
        const { nextIn } = await open().ask(['r']);
        waits.push(nextIn);
        clock.now += (nextIn ?? DAY) - 1;
        equal((await ledger.ask(['r'])).asked.length, 0, 'leave a moment too early');
        clock.now += 1;
      }
      equal(waits, [2.5 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, undefined], 'waits');
      equal((await ledger.reservation('r'))?.counted, 20n, 'sum of what nobody found');
    }),
  },
  {
    name: 'whatever is certain, or cannot be looked for, gets no leave and stands',
    run: across(async ({ ledger }) => {
      const caps = [{ ...DAILY, limit: 1_000n }];
      const make = async (id: string, responseId?: string) => {
        await sent(ledger, id, { caps });
        if (responseId !== undefined) await ledger.noteResponse(id, responseId);
      };
      await make('billed', 'gen-1');
      await ledger.settle('billed', { amount: 4n, source: 'provider' });
      await make('counted', 'gen-2');
      await ledger.settle('counted', { amount: 5n, source: 'price-table' });
      await make('released', 'gen-3');
      await ledger.release('released');
      await make('nameless');
      await ledger.settle('nameless', AT_MOST);
      await make('running', 'gen-4');
      equal(await ledger.reserve([request('waiting', { caps })], OWNER), { ok: true });
      const all = ['billed', 'counted', 'released', 'nameless', 'running', 'waiting', 'nobody'];
      equal(await ledger.ask(all), { asked: [] }, 'leave');
      for (const id of all.slice(0, -1)) equal(await ledger.repair(id, RECORD), undefined, `repair of ${id}`);
      equal((await ledger.reservation('billed'))?.counted, 4n, 'sum of what was billed');
    }),
  },
  {
    name: 'a record that says more than was foreseen is an overrun like any other',
    run: across(async ({ ledger }) => {
      await sent(ledger, 'r');
      await ledger.noteResponse('r', 'gen-1');
      await ledger.settle('r', AT_MOST);
      equal(await ledger.repair('r', { amount: 41n, source: 'provider' }), 40n, 'sum before');
      equal((await ledger.reservation('r'))?.state, 'overrun');
      equal((await ledger.status('account-a', [DAILY])).locked, true, 'lock');
    }),
  },
  {
    name: 'a look at the time of a clock that was wrong keeps nobody from looking again',
    run: across(async ({ ledger, clock }) => {
      const right = clock.now;
      clock.now += 40 * DAY;
      await sent(ledger, 'r');
      await ledger.noteResponse('r', 'gen-1');
      await ledger.settle('r', AT_MOST);
      equal((await ledger.ask(['r'])).asked.length, 1, 'leave');
      clock.now = right;
      equal(await ledger.setTimeBack(), true);
      equal((await ledger.ask(['r'])).asked.length, 1, 'leave');
    }),
  },
  {
    name: 'at most sixteen may be looked for at once, the others right after them',
    run: across(async ({ ledger }) => {
      const ids = Array.from({ length: 20 }, (_, index) => `r${index}`);
      for (const id of ids) {
        await sent(ledger, id, { bound: 1n });
        await ledger.noteResponse(id, `gen-${id}`);
        await ledger.settle(id, { amount: 1n, source: 'bound' });
      }
      const first = await ledger.ask(ids);
      equal([first.asked.length, first.nextIn], [16, 0], 'first leave');
      equal((await ledger.ask(ids)).asked.length, 4, 'second leave');
    }),
  },
];
