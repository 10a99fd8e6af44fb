import type { Cap, CapWindow, LeaseOwner, ReservationRequest, ReservationState, Settlement } from './ledger.ts';
import type { Row } from './state/model.ts';

/**
 * The ledger as DESIGN tells it, written a second time and as simply as it can be: a list of reservations, and every sum
 * added up anew from that list. Slow, and independent of the code under test down to the calendar.
 */

interface Entry {
  readonly id: string;
  readonly account: string;
  readonly bound: bigint;
  caps: readonly Cap[];
  readonly version: number;
  readonly owner: string;
  reservedAt: number;
  changedAt: number;
  state: ReservationState;
  settlement?: Settlement;
  responseId?: string;
  /** When somebody looked for the provider's record, each time. */
  looks: number[];
  /** Pruned: counts, but nobody can speak of it any more. */
  forgotten: boolean;
}

const DAY = 86_400_000;

export type OracleRefusal =
  | { reason: 'cap'; id: string; left: bigint }
  | { reason: 'policy-version'; id: string; current: number }
  | { reason: 'overrun-locked'; id: string };

export function createOracle(clock: () => number) {
  const entries: Entry[] = [];
  const versions = new Map<string, number>();
  const locked = new Set<string>();
  const leases = new Map<string, { until: number; ms: number }>();
  let time = 0;
  let bookkeeping = false;
  /** By account and window: what counted in a window when time was set back out of it; what was pruned and may belong there. */
  const vacated = new Map<string, bigint>();
  const unplaced = new Map<string, bigint>();

  const now = () => (Number.isFinite(clock()) && clock() > time ? Math.floor(clock()) : time);
  const written = () => {
    time = now();
  };
  const find = (id: string) => {
    const entry = entries.find((one) => one.id === id && !one.forgotten);
    if (!entry) throw new Error(`no ${id}`);
    return entry;
  };
  const move = (entry: Entry, state: ReservationState) => {
    written();
    entry.state = state;
    entry.changedAt = time;
  };
  const keyOf = (account: string, window: CapWindow, at: number) => `${account} ${window} ${windowName(window, at)}`;
  const sum = (account: string, window: CapWindow, at = now()) => {
    const key = keyOf(account, window, at);
    return entries
      .filter((one) => one.account === account && windowName(window, one.reservedAt) === windowName(window, at))
      .reduce((total, one) => total + counted(one), (vacated.get(key) ?? 0n) + (unplaced.get(key) ?? 0n));
  };
  const isOpen = ({ state }: Entry) => state === 'reserved' || state === 'sent' || state === 'orphaned';

  return {
    entries: () => entries.filter((one) => !one.forgotten),
    sum,
    version: (account: string) => versions.get(account) ?? 0,
    locked: (account: string) => locked.has(account),
    counted,

    reserve(requests: readonly ReservationRequest[], owner: LeaseOwner): OracleRefusal | undefined {
      const before = { count: entries.length, versions: new Map(versions), time, bookkeeping };
      for (const { id, account, bound, caps, policyVersion } of requests) {
        const refusal = ((): OracleRefusal | undefined => {
          const current = versions.get(account) ?? 0;
          if (policyVersion < current) return { reason: 'policy-version', id, current };
          if (locked.has(account)) return { reason: 'overrun-locked', id };
          const left = caps
            .map(({ limit, window }) => limit - sum(account, window))
            .filter((held) => held < bound)
            .sort((a, b) => (a < b ? -1 : 1))[0];
          return left === undefined ? undefined : { reason: 'cap', id, left: left < 0n ? 0n : left };
        })();
        if (refusal) {
          entries.length = before.count;
          versions.clear();
          for (const [name, version] of before.versions) versions.set(name, version);
          time = before.time;
          bookkeeping = before.bookkeeping;
          return refusal;
        }
        written();
        if (policyVersion > (versions.get(account) ?? 0)) {
          versions.set(account, policyVersion);
          bookkeeping = true;
        }
        const terms = { account, bound, caps, version: policyVersion, owner: owner.id };
        entries.push({
          id,
          ...terms,
          reservedAt: time,
          changedAt: time,
          state: 'reserved',
          looks: [],
          forgotten: false,
        });
      }
      leases.set(owner.id, { until: now() + owner.leaseMs, ms: owner.leaseMs });
      return undefined;
    },
    markSent(id: string): boolean {
      const entry = find(id);
      if (entry.state !== 'reserved') return entry.state === 'sent';
      const holds = !locked.has(entry.account) && entry.version === (versions.get(entry.account) ?? 0);
      move(entry, holds ? 'sent' : 'released');
      return holds;
    },
    noteResponse(id: string, responseId: string) {
      const entry = find(id);
      if (entry.responseId === responseId) return;
      written();
      entry.responseId = responseId;
    },
    release(id: string) {
      const entry = find(id);
      if (isOpen(entry)) move(entry, 'released');
    },
    settle(id: string, settlement: Settlement): boolean {
      const entry = find(id);
      const { amount, source } = settlement;
      if (entry.settlement?.amount === amount && entry.settlement.source === source) return entry.state === 'overrun';
      const more = amount - counted(entry);
      const crosses = entry.caps.some(
        ({ limit, window }) =>
          windowName(window, entry.reservedAt) === windowName(window, now()) &&
          sum(entry.account, window) + more > limit,
      );
      const overrun = amount > entry.bound || (more > 0n && crosses);
      if (overrun && more > 0n) locked.add(entry.account);
      move(entry, overrun ? 'overrun' : 'settled');
      entry.settlement = settlement;
      return overrun;
    },
    ask(ids: readonly string[]): { asked: string[]; nextIn?: number } {
      const asked: string[] = [];
      const waits: number[] = [];
      for (const id of new Set(ids)) {
        const entry = find(id);
        if (!isUnsure(entry) || entry.looks.length > 5) continue;
        const last = entry.looks.at(-1);
        const wait = last === undefined || last > now() ? 0 : last + PATIENCE[entry.looks.length - 1]! * 60_000 - now();
        if (wait > 0 || asked.length === 16) {
          waits.push(Math.max(0, wait));
          continue;
        }
        written();
        entry.looks.push(time);
        asked.push(id);
      }
      return { asked, ...(waits.length > 0 && { nextIn: Math.min(...waits) }) };
    },
    /** What counted before, and whether it is more than was foreseen. */
    repair(id: string, settlement: Settlement): { from: bigint; overrun: boolean } | undefined {
      const entry = find(id);
      if (!isUnsure(entry)) return undefined;
      const from = counted(entry);
      return { from, overrun: this.settle(id, settlement) };
    },
    heartbeat(owner: string) {
      const lease = leases.get(owner);
      if (lease) lease.until = now() + lease.ms;
    },
    sweep(): string[] {
      const at = now();
      for (const [owner, { until }] of leases) if (until < at) leases.delete(owner);
      for (const entry of entries) {
        if (entry.forgotten) continue;
        const abandoned = !leases.has(entry.owner) || at - entry.reservedAt >= DAY;
        if (entry.state === 'reserved' && abandoned) move(entry, 'released');
        else if (entry.state === 'sent' && abandoned) move(entry, 'orphaned');
        else if (entry.state === 'orphaned' && at - entry.changedAt >= DAY) {
          move(entry, 'settled');
          entry.settlement = { amount: entry.bound, source: 'bound' };
        }
      }
      const over = entries.filter((one) => !one.forgotten && !isOpen(one));
      if (over.some((one) => at - one.changedAt > 91 * DAY)) {
        for (const one of over) if (at - one.changedAt > 90 * DAY) one.forgotten = true;
        bookkeeping = false;
        written();
      }
      return entries.filter((one) => one.state === 'orphaned').map(({ id }) => id);
    },
    raisePolicy(account: string, atLeast: number): number {
      const version = Math.max((versions.get(account) ?? 0) + 1, atLeast);
      versions.set(account, version);
      bookkeeping = true;
      written();
      return version;
    },
    consent(account: string) {
      if (!locked.delete(account)) return;
      bookkeeping = true;
      written();
    },
    setBack(): boolean {
      const at = Math.floor(clock());
      if (!(at >= Date.UTC(2026, 0, 1)) || time - clock() <= DAY) return false;
      for (const account of new Set(entries.map((one) => one.account))) {
        const forgotten = entries.filter((one) => one.forgotten && one.account === account);
        const latest = Math.max(...forgotten.map((one) => one.reservedAt));
        for (const window of ['day', 'week', 'month'] as const) {
          if (windowName(window, time) === windowName(window, at)) continue;
          const counts = sum(account, window, time);
          if (counts > 0n) vacated.set(keyOf(account, window, time), counts);
        }
        for (const window of ['day', 'week', 'month'] as const) {
          // Only the sums of the latest window are known of what was pruned.
          if (!(latest > at) || windowName(window, latest) === windowName(window, at)) continue;
          const before = forgotten.filter(
            (one) => one.reservedAt <= at && windowName(window, one.reservedAt) !== windowName(window, at),
          );
          unplaced.set(
            keyOf(account, window, at),
            before.reduce((total, one) => total + counted(one), 0n),
          );
        }
      }
      for (const one of entries) {
        one.reservedAt = Math.min(one.reservedAt, at);
        one.changedAt = Math.min(one.changedAt, at);
      }
      for (const lease of leases.values()) lease.until = Math.min(lease.until, at + lease.ms);
      time = at;
      return true;
    },
    forget() {
      const over = entries.filter((one) => !one.forgotten && !isOpen(one));
      if (over.length === 0 && !bookkeeping) return;
      for (const one of over) one.forgotten = true;
      bookkeeping = false;
      written();
    },
  };
}

/** Minutes that the others leave to whoever looks for a record, from the first look to the fifth. */
const PATIENCE = [2.5, 10, 60, 360, 1440];

function isUnsure({ state, responseId, settlement }: Entry): boolean {
  if (responseId === undefined) return false;
  return state === 'orphaned' || ['bound', 'estimate'].includes(settlement?.source ?? '');
}

/** The calendar once more, from dates as text. */
export function windowName(window: CapWindow, at: number): string {
  const date = new Date(at);
  if (window === 'day') return date.toISOString().slice(0, -14);
  if (window === 'month') return date.toISOString().slice(0, -17);
  if (window === 'total') return '';
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, -14);
}

function counted({ state, bound, settlement }: Pick<Entry, 'state' | 'bound'> & { settlement?: Settlement }): bigint {
  if (state === 'released') return 0n;
  return state === 'settled' || state === 'overrun' ? (settlement?.amount ?? bound) : bound;
}

/**
 * Reads a whole book, row by row, and throws at the first moment at which the admission invariant did not hold: after every
 * single row, not only where somebody looked.
 */
export function checkJournal(rows: readonly Row[]): void {
  const entries = new Map<
    string,
    { account: string; at: number; caps: readonly Cap[]; version: number; counts: bigint }
  >();
  const versions = new Map<string, number>();
  const locked = new Set<string>();
  /** What counted in a window when time was set back out of it. */
  const vacated = new Map<string, bigint>();
  let time = 0;
  const keyOf = (account: string, window: CapWindow, at: number) => `${account} ${window} ${windowName(window, at)}`;
  const usedIn = (account: string, window: CapWindow, at: number) =>
    [...entries.values()]
      .filter((one) => one.account === account && windowName(window, one.at) === windowName(window, at))
      .reduce((total, one) => total + one.counts, vacated.get(keyOf(account, window, at)) ?? 0n);
  const fail = (row: Row, why: string): never => {
    throw new Error(`Row ${row.seq} (${row.type}): ${why}.`);
  };
  const over = (account: string, caps: readonly Cap[], madeAt: number, at: number) =>
    caps.find(
      ({ limit, window }) =>
        windowName(window, madeAt) === windowName(window, at) && usedIn(account, window, at) > limit,
    );

  // Behind a checkpoint rows are missing: whoever prunes reads the book before.
  if (rows.some(({ type }) => type === 'checkpoint')) return;
  for (const row of rows) {
    if (row.type === 'checkpoint') continue;
    const before = time;
    time = row.at;
    if (row.at < before && row.type !== 'set-back') fail(row, 'older than the row before it');
    if (row.type === 'set-back') {
      for (const account of new Set([...entries.values()].map((one) => one.account))) {
        for (const window of ['day', 'week', 'month'] as const) {
          if (windowName(window, before) === windowName(window, row.at)) continue;
          vacated.set(keyOf(account, window, before), usedIn(account, window, before));
        }
      }
      for (const one of entries.values()) one.at = Math.min(one.at, row.at);
      continue;
    }
    if (row.type === 'policy') {
      if (row.version <= (versions.get(row.account) ?? 0)) fail(row, 'a policy version that does not grow');
      versions.set(row.account, row.version);
      continue;
    }
    if (row.type === 'consented') {
      locked.delete(row.account);
      continue;
    }
    if (row.type === 'reserved') {
      const { account, caps, policyVersion, bound } = row;
      if (locked.has(account)) fail(row, 'reserved on a locked account');
      if (policyVersion !== (versions.get(account) ?? 0)) fail(row, 'reserved under another policy');
      entries.set(row.id, { account, at: row.at, caps, version: policyVersion, counts: bound });
      const cap = over(account, caps, row.at, row.at);
      if (cap) fail(row, `over ${cap.limit} a ${cap.window}`);
      continue;
    }
    const entry = entries.get(row.id) ?? fail(row, 'unknown');
    if (row.type === 'sent') {
      if (locked.has(entry.account)) fail(row, 'sent on a locked account');
      if (entry.version !== (versions.get(entry.account) ?? 0)) fail(row, 'sent under another policy');
    } else if (row.type === 'released') entry.counts = 0n;
    else if (row.type === 'settled' || row.type === 'overrun') {
      const more = row.settlement.amount > entry.counts;
      entry.counts = row.settlement.amount;
      if (row.type === 'overrun') {
        if (row.locks) locked.add(entry.account);
        else if (more) fail(row, 'an overrun without a lock');
      } else if (more && over(entry.account, entry.caps, entry.at, row.at)) fail(row, 'crossed a cap in silence');
    }
  }
}
