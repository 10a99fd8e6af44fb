import type { Cap } from './ledger.ts';
import {
  ACCOUNT,
  across,
  codeOf,
  DAILY,
  equal,
  type LedgerCase,
  NOON,
  OWNER,
  request,
  sent,
  statesOf,
} from './ledger-harness.testing.ts';

/** What is granted, refused, settled and counted. */
export const admissionCases: readonly LedgerCase[] = [
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
];
