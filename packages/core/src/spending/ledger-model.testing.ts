import fc from 'fast-check';
import type { Cap, CapStatus, CapWindow, LeaseOwner, Ledger, ReservationRequest } from './ledger.ts';
import { DAY, equal, HOUR, type MakeHarness, NOON, request } from './ledger-harness.testing.ts';
import { checkJournal, createOracle } from './ledger-oracle.testing.ts';

const ACCOUNTS = ['one', 'two', 'three'];
const WINDOWS: readonly CapWindow[] = ['day', 'week', 'month', 'total'];

const account = fc.constantFrom(...ACCOUNTS);
const bound = fc.bigInt({ min: 0n, max: 60n });
const which = fc.nat(10_000);
const caps = fc.uniqueArray(
  fc.record({ limit: fc.bigInt({ min: 0n, max: 400n }), window: fc.constantFrom(...WINDOWS) }),
  { maxLength: 3, selector: ({ window }) => window },
);
/** What the bill turns out to be, in hundredths of the bound. */
const percent = fc.oneof(
  { weight: 6, arbitrary: fc.nat(100) },
  { weight: 1, arbitrary: fc.integer({ min: 101, max: 300 }) },
);
const source = fc.constantFrom('provider', 'provider', 'price-table', 'bound', 'estimate');
const instance = fc.constantFrom(0, 1);

const action = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('reserve'),
      at: instance,
      account,
      bounds: fc.array(bound, { minLength: 1, maxLength: 4 }),
      also: fc.option(account, { nil: undefined }),
      age: fc.constantFrom(0, 0, 0, 0, -1, 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('burst'),
      account,
      bounds: fc.array(bound, { minLength: 1, maxLength: 64 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('lives'),
      account,
      lives: fc.array(
        fc.record({ bound, fate: fc.constantFrom('settle', 'abort', 'release', 'unsent'), percent: fc.nat(100) }),
        { minLength: 1, maxLength: 64 },
      ),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('mark-sent'), at: instance, which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('note-response'), at: instance, which, response: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('release'), at: instance, which }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('settle'), at: instance, which, percent, source }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('repair'), at: instance, which, percent }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('ask'), at: instance, some: fc.array(which, { maxLength: 24 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ask-all') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('heartbeat'), at: instance }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('sweep'), at: instance }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit'), at: instance, account, caps }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('consent'), at: instance, account }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash'), at: instance }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget'), at: instance }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('set-back'), at: instance }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('wait'),
      ms: fc.oneof(fc.nat(90_000), fc.nat(30 * HOUR), fc.nat(40 * DAY), fc.constant(92 * DAY)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('jump'),
      to: fc.oneof(
        fc.integer({ min: -400, max: 400 }).map((days) => NOON + days * DAY),
        fc.constantFrom(0, -1, Number.NaN, Number.POSITIVE_INFINITY),
      ),
    }),
  },
);

/**
 * The only ways in which a sum may pass a limit: a recorded overrun, a bill for what was admitted before the cap was
 * lowered, and what was spent under a wrong clock and counts now.
 */
type Excuse = 'overrun' | 'lowered-cap' | 'set-back';

type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

/**
 * Runs random histories on two instances of one storage beside the oracle, and compares every answer, every sum and, in the
 * end, every record and row. Throws with the shortest history that goes wrong.
 */
export async function checkLedgerModel(
  make: MakeHarness,
  options: { runs: number; steps: number; seed?: number },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: options.steps, size: 'max' }), (actions) =>
      runHistory(make, actions),
    ),
    { numRuns: options.runs, ...(options.seed !== undefined && { seed: options.seed }) },
  );
}

async function runHistory(make: MakeHarness, actions: readonly Action[]): Promise<void> {
  const clock = { now: NOON };
  const harness = make(() => clock.now);
  try {
    const world = createWorld(clock, harness.open);
    for (const one of actions) {
      const prunes = one.do === 'forget' || (one.do === 'sweep' && clock.now - NOON > 89 * DAY);
      if (prunes) await readJournal(harness);
      await world.step(one);
    }
    await readJournal(harness);
    // A restart: whatever was there is there.
    await world.compareRecords(harness.open());
    equal(await harness.open().audit(), [], 'audit');
  } finally {
    harness.dispose();
  }
}

async function readJournal(harness: ReturnType<MakeHarness>): Promise<void> {
  if (harness.rows) checkJournal(await harness.rows());
}

function createWorld(clock: { now: number }, open: () => Ledger) {
  const oracle = createOracle(() => clock.now);
  const policies = new Map<string, readonly Cap[]>(ACCOUNTS.map((name) => [name, [{ limit: 200n, window: 'day' }]]));
  let born = 0;
  let ids = 0;
  const owner = (): LeaseOwner => ({ id: `owner-${born++}`, leaseMs: 60_000 });
  const hosts = [0, 1].map(() => ({ ledger: open(), owner: owner() }));
  const host = (at: number) => hosts[at % 2]!;

  const wanted = (name: string, bound: bigint, age = 0): ReservationRequest =>
    request(`r${ids++}`, {
      account: name,
      bound,
      caps: policies.get(name) ?? [],
      policyVersion: Math.max(0, oracle.version(name) + age),
    });
  const pick = (nth: number) => {
    const entries = oracle.entries();
    return entries.length === 0 ? undefined : entries[nth % entries.length]!.id;
  };
  const capsOf = (name: string) => WINDOWS.map((window): Cap => ({ window, limit: limitOf(name, window) }));
  const limitOf = (name: string, window: CapWindow) =>
    policies.get(name)?.find((cap) => cap.window === window)?.limit ?? 10n ** 12n;

  const statuses = async () =>
    Promise.all(ACCOUNTS.map((name, index) => host(index).ledger.status(name, capsOf(name))));

  const perform = async (one: Action): Promise<Excuse | undefined> => {
    switch (one.do) {
      case 'reserve': {
        const { ledger, owner: by } = host(one.at);
        const group = one.bounds.map((bound, index) =>
          wanted(index === 1 ? (one.also ?? one.account) : one.account, bound, one.age),
        );
        const expected = oracle.reserve(group, by);
        const outcome = await ledger.reserve(group, by);
        equal(outcome.ok ? undefined : withoutCap(outcome), expected, 'refusal');
        return undefined;
      }
      case 'burst': {
        const group = one.bounds.map((bound) => wanted(one.account, bound));
        const outcomes = await Promise.all(
          group.map((each, index) => host(index).ledger.reserve([each], host(index).owner)),
        );
        // Whichever order the engine chose: what was granted fits, what was refused does not, even now.
        group.forEach((each, index) => {
          if (outcomes[index]?.ok)
            equal(oracle.reserve([each], host(index).owner), undefined, 'refusal of what was granted');
        });
        group.forEach((each, index) => {
          if (outcomes[index]?.ok) return;
          const refusal = oracle.reserve([each], host(index).owner);
          if (!refusal) throw new Error(`${each.id} was refused, but fits.`);
        });
        return undefined;
      }
      case 'lives': {
        const granted = await Promise.all(
          one.lives.map(async ({ bound, fate, percent: part }, index) => {
            const { ledger, owner: by } = host(index);
            const each = wanted(one.account, bound);
            if (!(await ledger.reserve([each], by)).ok) return [];
            const settlement = { amount: (bound * BigInt(part)) / 100n, source: 'provider' } as const;
            if (fate !== 'unsent') equal(await ledger.markSent(each.id), true, 'leave to send');
            if (fate === 'settle') equal(await ledger.settle(each.id, settlement), { overrun: false }, 'settlement');
            if (fate === 'release') await ledger.release(each.id);
            return [{ each, by, fate, settlement }];
          }),
        );
        for (const { each, by, fate, settlement } of granted.flat()) {
          oracle.reserve([{ ...each, caps: [] }], by);
          oracle.entries().at(-1)!.caps = each.caps;
          if (fate !== 'unsent') oracle.markSent(each.id);
          if (fate === 'settle') oracle.settle(each.id, settlement);
          if (fate === 'release') oracle.release(each.id);
        }
        return undefined;
      }
      case 'edit': {
        const version = oracle.raisePolicy(one.account, 0);
        equal(await host(one.at).ledger.raisePolicy(one.account, 0), version, 'policy version');
        policies.set(one.account, one.caps);
        return undefined;
      }
      case 'consent':
        oracle.consent(one.account);
        await host(one.at).ledger.acknowledgeOverrun(one.account);
        return undefined;
      case 'sweep': {
        const { orphaned } = await host(one.at).ledger.sweep();
        equal(orphaned.map(({ id }) => id).sort(), oracle.sweep().sort(), 'orphans');
        return undefined;
      }
      case 'heartbeat':
        oracle.heartbeat(host(one.at).owner.id);
        await host(one.at).ledger.heartbeat(host(one.at).owner.id);
        return undefined;
      case 'forget':
        oracle.forget();
        await host(one.at).ledger.forgetHistory();
        return undefined;
      case 'set-back': {
        const moved = oracle.setBack();
        equal(await host(one.at).ledger.setTimeBack(), moved, 'whether time was set back');
        return moved ? 'set-back' : undefined;
      }
      case 'ask': {
        const ids = one.some.flatMap((nth) => pick(nth) ?? []);
        const { asked, nextIn } = await host(one.at).ledger.ask(ids);
        equal(
          { asked: asked.map(({ id }) => id), ...(nextIn !== undefined && { nextIn }) },
          oracle.ask(ids),
          'leave to look',
        );
        return undefined;
      }
      case 'ask-all': {
        // Both windows start at once: whichever order the engine chose, nobody looks for what the other looks for.
        const ids = oracle.entries().map(({ id }) => id);
        const leaves = await Promise.all(hosts.map(({ ledger }) => ledger.ask(ids)));
        const expected = [...oracle.ask(ids).asked, ...oracle.ask(ids).asked];
        const given = leaves.flatMap(({ asked }) => asked.map(({ id }) => id));
        equal(given.sort(), expected.sort(), 'leave to look');
        return undefined;
      }
      case 'crash':
        hosts[one.at % 2] = { ledger: open(), owner: owner() };
        return undefined;
      case 'wait':
        clock.now += one.ms;
        return undefined;
      case 'jump':
        clock.now = one.to;
        return undefined;
      default:
        return performOn(one);
    }
  };

  const performOn = async (one: Extract<Action, { which: number }>): Promise<Excuse | undefined> => {
    const id = pick(one.which);
    if (id === undefined) return undefined;
    const { ledger } = host(one.at);
    switch (one.do) {
      case 'mark-sent':
        equal(await ledger.markSent(id), oracle.markSent(id), 'leave to send');
        return undefined;
      case 'note-response':
        oracle.noteResponse(id, `gen-${one.response}`);
        await ledger.noteResponse(id, `gen-${one.response}`);
        return undefined;
      case 'release':
        oracle.release(id);
        await ledger.release(id);
        return undefined;
      case 'settle': {
        const { bound: held, account: name, version } = oracle.entries().find((entry) => entry.id === id)!;
        const settlement = { amount: (held * BigInt(one.percent)) / 100n, source: one.source } as const;
        const overrun = oracle.settle(id, settlement);
        equal(await ledger.settle(id, settlement), { overrun }, 'settlement');
        if (overrun) return 'overrun';
        return version < oracle.version(name) ? 'lowered-cap' : undefined;
      }
      case 'repair': {
        const { bound: held, account: name, version } = oracle.entries().find((entry) => entry.id === id)!;
        const settlement = { amount: (held * BigInt(one.percent)) / 100n, source: 'provider' } as const;
        const repaired = oracle.repair(id, settlement);
        equal(await ledger.repair(id, settlement), repaired?.from, 'repair');
        if (repaired?.overrun) return 'overrun';
        return repaired && version < oracle.version(name) ? 'lowered-cap' : undefined;
      }
    }
  };

  return {
    step: async (one: Action) => {
      const before = await statuses();
      const limits = ACCOUNTS.map(capsOf);
      const excuse = await perform(one);
      const after = await statuses();
      after.forEach((status, index) => {
        const name = ACCOUNTS[index]!;
        equal([status.policyVersion, status.locked], [oracle.version(name), oracle.locked(name)], `lock of ${name}`);
        status.caps.forEach((cap, nth) => {
          const used = cap.spent + cap.reserved;
          equal(used, oracle.sum(name, cap.cap.window), `sum of ${name} for the ${cap.cap.window}`);
          const was = before[index]?.caps[nth];
          const limit = limits[index]?.[nth]?.limit ?? 0n;
          // Time alone changes no sum, but which day is today: a clock may also be set back to one that is full.
          if (!excuse && was && one.do !== 'wait' && one.do !== 'jump') neverMore(used, was, limit);
        });
      });
    },
    compareRecords: async (ledger: Ledger) => {
      const stored = await ledger.history();
      equal(stored.length, oracle.entries().length, 'number of reservations');
      for (const entry of oracle.entries()) {
        const found = stored.find(({ id }) => id === entry.id);
        equal(
          [found?.state, found?.counted, found?.reservedAt, found?.responseId, found?.settlement, found?.asked?.times],
          [
            entry.state,
            oracle.counted(entry),
            entry.reservedAt,
            entry.responseId,
            entry.settlement,
            entry.looks.length || undefined,
          ],
          `record of ${entry.id}`,
        );
      }
    },
  };
}

/** The admission invariant, seen from outside: what is used grows over a limit in no other way than the excuses. */
function neverMore(used: bigint, was: CapStatus, limit: bigint): void {
  const before = was.spent + was.reserved;
  if (used > before && used > limit) throw new Error(`${used} is used of ${limit}, where it was ${before}.`);
}

function withoutCap(refusal: { ok: false } & Record<string, unknown>): Record<string, unknown> {
  const { ok: _ok, cap: _cap, resetsAt: _at, ...rest } = refusal;
  return rest;
}
