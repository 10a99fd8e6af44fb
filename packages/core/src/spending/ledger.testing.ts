import { type Cap, type LeaseOwner, type Ledger, LedgerError, type ReservationRequest } from './ledger.ts';
import type { Row as LedgerRow } from './state/model.ts';

/** One storage under test; what it holds outlives the ledgers opened on it. */
export interface LedgerHarness {
  /** Another instance on the same storage; never closing one is how a crash looks to it. */
  open(options?: { readonly vault?: RememberedLedger }): Ledger;
  /** The whole book, where the storage can show it: then the invariant is checked after every single row. */
  rows?(): Promise<readonly LedgerRow[]>;
  dispose(): void;
}

/** The part of a vault that a ledger is bound by. */
export interface RememberedLedger {
  ledgerId(): Promise<string | undefined>;
  setLedgerId(id: string): Promise<void>;
}

/** @param now the clock that every instance reads, ms since epoch */
export type MakeHarness = (now: () => number) => LedgerHarness;

export interface LedgerCase {
  readonly name: string;
  readonly run: (make: MakeHarness) => Promise<void>;
}

/** Noon of Wednesday, 19 August 2026, UTC. */
export const NOON = Date.UTC(2026, 7, 19, 12);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const ACCOUNT = 'account-a';
const OWNER: LeaseOwner = { id: 'owner-a', leaseMs: 60_000 };
const DAILY: Cap = { limit: 100n, window: 'day' };

/**
 * What every ledger does, on whatever it stores: runs under any test runner, and in a browser's page without one.
 * The cases throw where something is not as it should be.
 */
export const ledgerCases: readonly LedgerCase[] = [
  {
    name: 'reserves, sends, settles and gives the rest back',
    run: across(async ({ ledger }) => {
      equal(await ledger.reserve([request('r')], OWNER), { ok: true });
      equal((await ledger.status(ACCOUNT, [DAILY])).caps[0]?.left, 60n);
      equal(await ledger.markSent('r'), true);
      await ledger.noteResponse('r', 'gen-1');
      equal(await ledger.settle('r', { amount: 15n, source: 'provider', inputTokens: 7, outputTokens: 3 }), {
        overrun: false,
      });
      equal(await ledger.reservation('r'), {
        id: 'r',
        seq: 2,
        account: ACCOUNT,
        state: 'settled',
        bound: 40n,
        counted: 15n,
        reservedAt: NOON,
        provider: 'openrouter',
        model: 'some/model',
        runId: 'run',
        responseId: 'gen-1',
        settlement: { amount: 15n, source: 'provider', inputTokens: 7, outputTokens: 3 },
      });
      equal(await ledger.status(ACCOUNT, [DAILY]), {
        account: ACCOUNT,
        policyVersion: 1,
        locked: false,
        caps: [{ cap: DAILY, spent: 15n, reserved: 0n, left: 85n, resetsAt: Date.UTC(2026, 7, 20) }],
        today: 15n,
        month: 15n,
        total: 15n,
      });
    }),
  },
  {
    name: 'refuses what would cross a cap, to the last nano-USD, and says what is left of the tightest',
    run: across(async ({ ledger }) => {
      const caps: Cap[] = [DAILY, { limit: 90n, window: 'month' }, { limit: 95n, window: 'total' }];
      equal(await ledger.reserve([request('a', { caps, bound: 40n })], OWNER), { ok: true });
      equal(await ledger.reserve([request('b', { caps, bound: 51n })], OWNER), {
        ok: false,
        reason: 'cap',
        id: 'b',
        cap: caps[1],
        left: 50n,
        resetsAt: Date.UTC(2026, 8, 1),
      });
      equal(await ledger.reservation('b'), undefined);
      equal(await ledger.reserve([request('b', { caps, bound: 50n })], OWNER), { ok: true });
      equal(await ledger.reserve([request('c', { caps, bound: 0n })], OWNER), { ok: true });
    }),
  },
  {
    name: 'names a total cap without an end, and never less than nothing left',
    run: across(async ({ ledger }) => {
      await ledger.reserve([request('a', { caps: [], bound: 500n })], OWNER);
      const total: Cap = { limit: 100n, window: 'total' };
      equal(await ledger.reserve([request('b', { caps: [total], bound: 1n })], OWNER), {
        ok: false,
        reason: 'cap',
        id: 'b',
        cap: total,
        left: 0n,
      });
    }),
  },
  {
    name: 'grants a group together or not at all, and lets each go by itself',
    run: across(async ({ ledger }) => {
      const three = ['a', 'b', 'c'].map((id) => request(id, { bound: 40n }));
      equal(await ledger.reserve(three, OWNER), {
        ok: false,
        reason: 'cap',
        id: 'c',
        cap: DAILY,
        left: 20n,
        resetsAt: Date.UTC(2026, 7, 20),
      });
      equal((await ledger.status(ACCOUNT, [DAILY])).caps[0]?.reserved, 0n);
      equal(await ledger.history(), []);
      equal(await ledger.reserve(three.slice(0, 2), OWNER), { ok: true });
      await ledger.release('a');
      await ledger.settle('b', { amount: 3n, source: 'price-table' });
      equal(await statesOf(ledger), { a: 'released', b: 'settled' });
      equal((await ledger.status(ACCOUNT, [DAILY])).caps[0]?.left, 97n);
    }),
  },
  {
    name: 'keeps accounts apart, and a group over several of them together',
    run: across(async ({ ledger }) => {
      const group = [request('a', { bound: 100n }), request('b', { account: 'account-b', bound: 101n })];
      const refused = await ledger.reserve(group, OWNER);
      equal(!refused.ok && refused.reason === 'cap' && refused.id, 'b');
      equal((await ledger.status(ACCOUNT, [DAILY])).caps[0]?.left, 100n);
      equal(await ledger.reserve([group[0]!, { ...group[1]!, bound: 100n }], OWNER), { ok: true });
    }),
  },
  {
    name: 'takes twenty requests at once from two instances for what one cap holds',
    run: across(async ({ ledger, open }) => {
      const other = open();
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? ledger : other).reserve([request(`r${index}`, { bound: 9n })], OWNER),
        ),
      );
      equal(outcomes.filter(({ ok }) => ok).length, 11);
      equal((await other.status(ACCOUNT, [DAILY])).caps[0], {
        cap: DAILY,
        spent: 0n,
        reserved: 99n,
        left: 1n,
        resetsAt: Date.UTC(2026, 7, 20),
      });
    }),
  },
  {
    name: 'settling twice changes nothing, releasing after it is refused quietly, and a correction replaces',
    run: across(async ({ ledger }) => {
      await sent(ledger, 'r');
      await ledger.settle('r', { amount: 10n, source: 'estimate' });
      const before = await ledger.reservation('r');
      equal(await ledger.settle('r', { amount: 10n, source: 'estimate' }), { overrun: false });
      await ledger.release('r');
      equal(await ledger.reservation('r'), before);
      equal(await ledger.settle('r', { amount: 12n, source: 'provider' }), { overrun: false });
      equal((await ledger.status(ACCOUNT, [DAILY])).today, 12n);
      await ledger.settle('r', { amount: 4n, source: 'provider' });
      equal((await ledger.status(ACCOUNT, [DAILY])).today, 4n);
    }),
  },
  {
    name: 'throws typed errors for what it does not know, knows already, or is no amount',
    run: across(async ({ ledger }) => {
      for (const attempt of [
        () => ledger.markSent('x'),
        () => ledger.noteResponse('x', 'gen'),
        () => ledger.release('x'),
        () => ledger.settle('x', { amount: 1n, source: 'provider' }),
      ])
        equal(await codeOf(attempt()), 'unknown-reservation');
      await sent(ledger, 'r');
      equal(await codeOf(ledger.reserve([request('r')], OWNER)), 'duplicate-reservation');
      equal(await codeOf(ledger.reserve([request('s'), request('s')], OWNER)), 'duplicate-reservation');
      equal(await codeOf(ledger.reserve([request('s', { bound: -1n })], OWNER)), 'invalid');
      equal(await codeOf(ledger.reserve([request('s', { caps: [{ limit: -1n, window: 'day' }] })], OWNER)), 'invalid');
      equal(await codeOf(ledger.reserve([request('s')], { id: 'o', leaseMs: 0 })), 'invalid');
      equal(await codeOf(ledger.settle('r', { amount: -1n, source: 'provider' })), 'invalid');
      equal(await statesOf(ledger), { r: 'sent' });
    }),
  },
  {
    name: 'a released reservation cannot be sent, but a bill for it still counts',
    run: across(async ({ ledger }) => {
      await ledger.reserve([request('r')], OWNER);
      await ledger.release('r');
      await ledger.release('r');
      equal(await ledger.markSent('r'), false);
      equal((await ledger.status(ACCOUNT, [])).total, 0n);
      equal(await ledger.settle('r', { amount: 5n, source: 'provider' }), { overrun: false });
      equal((await ledger.status(ACCOUNT, [])).total, 5n);
    }),
  },
  {
    name: 'records a bill above its bound in full and locks the account until the user agrees',
    run: across(async ({ ledger }) => {
      await sent(ledger, 'r');
      equal(await ledger.settle('r', { amount: 70n, source: 'provider' }), { overrun: true });
      equal(await ledger.settle('r', { amount: 70n, source: 'provider' }), { overrun: true });
      const status = await ledger.status(ACCOUNT, [DAILY]);
      equal([status.locked, status.today, status.caps[0]?.left], [true, 70n, 30n]);
      equal(await ledger.reserve([request('s', { bound: 0n })], OWNER), {
        ok: false,
        reason: 'overrun-locked',
        id: 's',
      });
      await ledger.acknowledgeOverrun(ACCOUNT);
      await ledger.acknowledgeOverrun('never-seen');
      equal(await ledger.reserve([request('s', { bound: 30n })], OWNER), { ok: true });
      // A smaller bill corrects it, a smaller overrun needs no new consent, a larger one does.
      equal(await ledger.settle('r', { amount: 60n, source: 'provider' }), { overrun: true });
      equal((await ledger.status(ACCOUNT, [])).locked, false);
      equal(await ledger.settle('r', { amount: 20n, source: 'provider' }), { overrun: false });
      equal(await ledger.settle('r', { amount: 41n, source: 'provider' }), { overrun: true });
      equal((await ledger.status(ACCOUNT, [])).locked, true);
    }),
  },
  {
    name: 'does not send under a lock or an edited policy what was reserved before',
    run: across(async ({ ledger }) => {
      await ledger.reserve([request('a', { bound: 10n }), request('b', { bound: 10n })], OWNER);
      await sent(ledger, 'c', { bound: 10n });
      await ledger.settle('c', { amount: 11n, source: 'provider' });
      equal(await ledger.markSent('a'), false);
      await ledger.acknowledgeOverrun(ACCOUNT);
      equal(await ledger.raisePolicy(ACCOUNT, 1), 2);
      equal(await ledger.markSent('b'), false);
      equal(await statesOf(ledger), { a: 'released', b: 'released', c: 'overrun' });
    }),
  },
  {
    name: 'an upward correction that others left no room for is an overrun, one that fits is not',
    run: across(async ({ ledger }) => {
      await sent(ledger, 'a', { bound: 90n });
      await ledger.settle('a', { amount: 10n, source: 'estimate' });
      await sent(ledger, 'b', { bound: 60n });
      equal(await ledger.settle('a', { amount: 40n, source: 'provider' }), { overrun: false });
      equal((await ledger.status(ACCOUNT, [])).locked, false);
      equal(await ledger.settle('a', { amount: 41n, source: 'provider' }), { overrun: true });
      equal((await ledger.status(ACCOUNT, [])).locked, true);
    }),
  },
  {
    name: 'refuses an older policy, adopts a newer one, and raises by at least one',
    run: across(async ({ ledger, open }) => {
      equal(await ledger.raisePolicy(ACCOUNT, 1), 1);
      equal(await ledger.raisePolicy(ACCOUNT, 1), 2);
      equal(await ledger.raisePolicy(ACCOUNT, 7), 7);
      equal(await open().reserve([request('r', { policyVersion: 6 })], OWNER), {
        ok: false,
        reason: 'policy-version',
        id: 'r',
        current: 7,
      });
      equal(await ledger.reserve([request('r', { policyVersion: 9 })], OWNER), { ok: true });
      equal((await ledger.status(ACCOUNT, [])).policyVersion, 9);
      equal(await codeOf(ledger.raisePolicy(ACCOUNT, Number.NaN)), 'invalid');
      const raised = await Promise.all([ledger.raisePolicy(ACCOUNT, 0), open().raisePolicy(ACCOUNT, 0)]);
      equal(raised.sort(), [10, 11]);
    }),
  },
  {
    name: 'a key that is deleted and added again finds what it has spent',
    run: across(async ({ ledger, open }) => {
      await sent(ledger, 'r');
      await ledger.settle('r', { amount: 40n, source: 'provider' });
      // Added again: the same secret has the same fingerprint, and its new policy gets a version of its own.
      const version = await open().raisePolicy(ACCOUNT, 1);
      equal(version, 2);
      const refused = await open().reserve([request('s', { bound: 61n, policyVersion: version })], OWNER);
      equal(!refused.ok && refused.reason === 'cap' && refused.left, 60n);
    }),
  },
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

/** A case on a fresh storage, ending with an audit: whatever happened, the rows and the sums must agree. */
function across(
  body: (context: { ledger: Ledger; open: LedgerHarness['open']; clock: { now: number } }) => Promise<void>,
): LedgerCase['run'] {
  return async (make) => {
    const clock = { now: NOON };
    const harness = make(() => clock.now);
    try {
      await body({ ledger: harness.open(), open: harness.open, clock });
      equal(await harness.open().audit(), []);
    } finally {
      harness.dispose();
    }
  };
}

/** A request with the usual terms, where a case does not say otherwise. */
export function request(id: string, terms: Partial<ReservationRequest> = {}): ReservationRequest {
  return {
    id,
    account: ACCOUNT,
    policyVersion: 1,
    caps: [DAILY],
    bound: 40n,
    provider: 'openrouter',
    model: 'some/model',
    runId: 'run',
    ...terms,
  };
}

async function sent(ledger: Ledger, id: string, terms?: Partial<ReservationRequest>): Promise<void> {
  equal(await ledger.reserve([request(id, terms)], OWNER), { ok: true });
  equal(await ledger.markSent(id), true);
}

async function statesOf(ledger: Ledger): Promise<Record<string, string>> {
  return Object.fromEntries((await ledger.history()).map(({ id, state }) => [id, state]));
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof LedgerError ? error.code : `not a LedgerError: ${String(error)}`),
  );
}

function rememberedLedger(id?: string): RememberedLedger {
  let remembered = id;
  return {
    ledgerId: async () => remembered,
    setLedgerId: async (next) => {
      remembered = next;
    },
  };
}

/** Throws unless both say the same, bigints and missing fields told apart. */
export function equal(actual: unknown, expected: unknown, what = 'value'): void {
  const [is, should] = [text(actual), text(expected)];
  if (is !== should) throw new Error(`The ${what} is ${is}, but should be ${should}.`);
}

function text(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${key}: ${text(field)}`).join(', ')}}`;
}
