import type { Cap, Ledger } from './ledger.ts';
import {
  ACCOUNT,
  across,
  codeOf,
  DAILY,
  DAY,
  equal,
  HOUR,
  type LedgerCase,
  NOON,
  OWNER,
  rememberedLedger,
  request,
  sent,
  statesOf,
} from './ledger-harness.testing.ts';

/** What crashes, clocks, calendars and the years make of it. */
export const timeCases: readonly LedgerCase[] = [
  {
    name: 'a crash leaves what was sent counted in full, and what was not sent free again',
    run: across(async ({ ledger, open, clock }) => {
      await sent(ledger, 'a', { bound: 30n });
      await ledger.noteResponse('a', 'gen-a');
      await ledger.reserve([request('b', { bound: 20n })], OWNER);
      const next = open();
      equal((await next.status(ACCOUNT, [DAILY])).caps[0]?.left, 50n);
      equal(await next.sweep(), { orphaned: [] });
      clock.now += OWNER.leaseMs + 1;
      const { orphaned } = await next.sweep();
      equal(
        orphaned.map(({ id, state, counted, responseId }) => ({ id, state, counted, responseId })),
        [{ id: 'a', state: 'orphaned', counted: 30n, responseId: 'gen-a' }],
      );
      equal(await statesOf(next), { a: 'orphaned', b: 'released' });
      equal((await next.status(ACCOUNT, [DAILY])).caps[0]?.left, 70n);
      equal(await next.markSent('b'), false);
      // Again: still an orphan, for whoever can repair it.
      equal((await next.sweep()).orphaned.length, 1);
    }),
  },
  {
    name: 'an orphan is repaired from the provider’s record, or settled at its bound after a day and still corrected later',
    run: across(async ({ ledger, clock }) => {
      for (const id of ['a', 'b', 'c']) await sent(ledger, id, { bound: 30n });
      clock.now += OWNER.leaseMs + 1;
      equal((await ledger.sweep()).orphaned.length, 3);
      await ledger.settle('a', { amount: 7n, source: 'provider' });
      await ledger.release('b');
      clock.now += DAY - 1;
      equal((await ledger.sweep()).orphaned.length, 1);
      clock.now += 1;
      equal((await ledger.sweep()).orphaned, []);
      equal((await ledger.reservation('c'))?.settlement, { amount: 30n, source: 'bound' });
      equal((await ledger.status(ACCOUNT, [])).total, 37n);
      equal(await ledger.settle('c', { amount: 9n, source: 'provider' }), { overrun: false });
      equal((await ledger.status(ACCOUNT, [])).total, 16n);
    }),
  },
  {
    name: 'a heartbeat keeps a lease; a late owner’s settlement still lands',
    run: across(async ({ ledger, clock }) => {
      await sent(ledger, 'r');
      clock.now += OWNER.leaseMs - 1;
      await ledger.heartbeat(OWNER.id);
      await ledger.heartbeat('nobody');
      clock.now += OWNER.leaseMs - 1;
      equal((await ledger.sweep()).orphaned, []);
      clock.now += 1;
      equal((await ledger.sweep()).orphaned, [], 'orphans in the last moment of the lease');
      clock.now += 1;
      equal((await ledger.sweep()).orphaned.length, 1);
      await ledger.heartbeat(OWNER.id);
      equal(await ledger.settle('r', { amount: 6n, source: 'provider' }), { overrun: false });
      equal((await ledger.status(ACCOUNT, [])).total, 6n);
    }),
  },
  {
    name: 'does not wait for ever for an owner that lives but never settles',
    run: across(async ({ ledger, clock }) => {
      await sent(ledger, 'a');
      await ledger.reserve([request('b')], OWNER);
      for (let hour = 0; hour < 24; hour += 1) {
        clock.now += HOUR;
        await ledger.reserve([request(`keeps-alive-${hour}`, { bound: 0n, caps: [] })], {
          ...OWNER,
          leaseMs: 2 * HOUR,
        });
      }
      equal(
        (await ledger.sweep()).orphaned.map(({ id }) => id),
        ['a'],
      );
      equal((await ledger.reservation('b'))?.state, 'released');
    }),
  },
  {
    name: 'windows follow the calendar in UTC; a request over midnight counts where it was reserved',
    run: across(async ({ ledger, clock }) => {
      const caps: Cap[] = (['day', 'week', 'month', 'total'] as const).map((window) => ({ limit: 100n, window }));
      const left = async () => (await ledger.status(ACCOUNT, caps)).caps.map((cap) => cap.left);
      clock.now = Date.UTC(2026, 7, 29, 23, 59);
      await sent(ledger, 'saturday', { caps, bound: 40n });
      clock.now = Date.UTC(2026, 7, 30, 0, 1);
      equal(await left(), [100n, 60n, 60n, 60n]);
      await sent(ledger, 'sunday', { caps, bound: 30n });
      await ledger.settle('saturday', { amount: 10n, source: 'provider' });
      equal(await left(), [70n, 60n, 60n, 60n]);
      clock.now = Date.UTC(2026, 7, 31);
      equal(await left(), [100n, 100n, 60n, 60n]);
      await ledger.settle('sunday', { amount: 35n, source: 'provider' });
      await ledger.acknowledgeOverrun(ACCOUNT);
      clock.now = Date.UTC(2026, 8, 1);
      equal(await left(), [100n, 100n, 100n, 55n]);
      equal(
        (await ledger.status(ACCOUNT, caps)).caps.map(({ resetsAt }) => resetsAt),
        [Date.UTC(2026, 8, 2), Date.UTC(2026, 8, 7), Date.UTC(2026, 9, 1), undefined],
      );
    }),
  },
  {
    name: 'a clock that is set back, or says nonsense, opens no window twice',
    run: across(async ({ ledger, clock, open }) => {
      await sent(ledger, 'a', { bound: 100n });
      for (const wrong of [NOON - 2 * DAY, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
        clock.now = wrong;
        const refused = await open().reserve([request('b', { bound: 1n })], OWNER);
        equal(!refused.ok && refused.reason, 'cap');
      }
      clock.now = NOON + DAY;
      equal(await ledger.reserve([request('c', { bound: 90n })], OWNER), { ok: true });
      clock.now = NOON;
      // Back on the first day: the ledger stays on the second.
      const refused = await ledger.reserve([request('d', { bound: 11n })], OWNER);
      equal(!refused.ok && refused.reason === 'cap' && refused.left, 10n);
      equal((await ledger.reservation('c'))?.reservedAt, NOON + DAY);
    }),
  },
  {
    name: 'a refused reserve leaves no trace, not even of the time',
    run: across(async ({ ledger, clock }) => {
      await sent(ledger, 'a', { bound: 100n });
      clock.now = NOON + HOUR;
      equal((await ledger.reserve([request('b', { bound: 1n })], OWNER)).ok, false);
      clock.now = NOON;
      await ledger.settle('a', { amount: 1n, source: 'provider' });
      await ledger.reserve([request('c', { bound: 1n })], OWNER);
      equal((await ledger.reservation('c'))?.reservedAt, NOON);
    }),
  },
  {
    name: 'lists the newest first, by account, in pages',
    run: across(async ({ ledger }) => {
      for (const [id, account] of [
        ['a', 'one'],
        ['b', 'two'],
        ['c', 'one'],
        ['d', 'one'],
      ] as const)
        await ledger.reserve([request(id, { account, bound: 1n })], OWNER);
      const ids = async (query: Parameters<Ledger['history']>[0]) => (await ledger.history(query)).map(({ id }) => id);
      equal(await ids({}), ['d', 'c', 'b', 'a']);
      equal(await ids({ account: 'one' }), ['d', 'c', 'a']);
      equal(await ids({ account: 'two' }), ['b']);
      equal(await ids({ account: 'three' }), []);
      const [first, second] = await ledger.history({ account: 'one', limit: 2 });
      equal([first?.id, second?.id], ['d', 'c']);
      equal(await ids({ account: 'one', before: second!.seq, limit: 2 }), ['a']);
      equal(await ids({ before: second!.seq, limit: 1 }), ['b']);
      equal(await ids({ limit: 0 }), []);
    }),
  },
  {
    name: 'prunes what is long over behind a checkpoint that carries the sums',
    run: across(async ({ ledger, clock, open }) => {
      await sent(ledger, 'old');
      await ledger.settle('old', { amount: 25n, source: 'provider' });
      await ledger.raisePolicy(ACCOUNT, 5);
      clock.now += 10 * DAY;
      await ledger.reserve([request('young', { policyVersion: 5, caps: [] })], OWNER);
      await ledger.release('young');
      clock.now += 81 * DAY + 1;
      await ledger.sweep();
      equal(await statesOf(ledger), { young: 'released' });
      const status = await open().status(ACCOUNT, [{ limit: 100n, window: 'total' }]);
      equal([status.total, status.caps[0]?.left, status.policyVersion], [25n, 75n, 5]);
      equal(await codeOf(ledger.settle('old', { amount: 1n, source: 'provider' })), 'unknown-reservation');
      clock.now += 91 * DAY;
      await ledger.sweep();
      equal(await statesOf(ledger), {});
      equal((await ledger.status(ACCOUNT, [])).total, 25n);
    }),
  },
  {
    name: 'forgets the history but not the sums, the policy or a lock',
    run: across(async ({ ledger, open }) => {
      await sent(ledger, 'a', { bound: 10n });
      await ledger.settle('a', { amount: 11n, source: 'provider' });
      await ledger.acknowledgeOverrun(ACCOUNT);
      await sent(ledger, 'b', { bound: 10n });
      await ledger.settle('b', { amount: 12n, source: 'provider' });
      await ledger.acknowledgeOverrun(ACCOUNT);
      await sent(ledger, 'runs', { bound: 5n });
      await ledger.reserve([request('c', { account: 'account-b', bound: 1n })], OWNER);
      await ledger.settle('c', { amount: 2n, source: 'provider' });
      await ledger.forgetHistory();
      await ledger.forgetHistory();
      const after = open();
      equal(await statesOf(after), { runs: 'sent' });
      equal((await after.status(ACCOUNT, [DAILY])).caps[0], {
        cap: DAILY,
        spent: 23n,
        reserved: 5n,
        left: 72n,
        resetsAt: Date.UTC(2026, 7, 20),
      });
      equal((await after.status(ACCOUNT, [])).locked, false);
      equal((await after.status('account-b', [])).locked, true);
      equal(await after.raisePolicy(ACCOUNT, 0), 2);
      await after.settle('runs', { amount: 1n, source: 'provider' });
      await after.forgetHistory();
      equal((await after.status(ACCOUNT, [])).today, 24n);
    }),
  },
  {
    name: 'keeps its identity, and every instance has the same',
    run: across(async ({ ledger, open }) => {
      const [id, other] = await Promise.all([ledger.id(), open().id()]);
      equal(id, other);
      equal(id.length > 0, true);
      await sent(ledger, 'r');
      equal(await open().id(), id);
      equal(await ledger.health(), { state: 'ready' });
    }),
  },
  {
    name: 'is bound to its vault, and locked for one that remembers another ledger until the user confirms',
    run: across(async ({ open }) => {
      const vault = rememberedLedger();
      const ledger = open({ vault });
      equal(await ledger.health(), { state: 'ready' });
      equal(await ledger.reserve([request('a')], OWNER), { ok: true });
      equal(await vault.ledgerId(), await ledger.id());

      const bereft = rememberedLedger('a ledger that is gone');
      const found = open({ vault: bereft });
      equal((await found.health()).state, 'missing');
      const refused = await found.reserve([request('b')], OWNER);
      equal(!refused.ok && refused.reason, 'ledger-locked');
      equal(await statesOf(found), { a: 'reserved' });
      await bereft.setLedgerId(await found.id());
      equal(await found.health(), { state: 'ready' });
      equal(await found.reserve([request('b')], OWNER), { ok: true });
    }),
  },
];
