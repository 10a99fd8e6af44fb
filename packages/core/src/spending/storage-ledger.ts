import { type Vault, VaultError } from '../keys/key.ts';
import { StoreError } from '../records/store.ts';
import { type Ledger, LedgerError, type LedgerHealth } from './ledger.ts';
import type { Changes, Found, LedgerStorage } from './ledger-storage.ts';
import { audit, hasSums } from './state/audit.ts';
import { type Command, LEDGER_VERSION, type Meta, type Needs, type Outcomes, type State } from './state/model.ts';
import { needsOf, reduce, type Step } from './state/reduce.ts';
import { accountStatus, reservationView } from './state/view.ts';
import { leadOf, ledgerTime, setBackTo } from './state/windows.ts';

export interface LedgerOptions {
  /** ms since epoch. Default: the system's clock. */
  readonly now?: () => number;
  /** Default: a random UUID. */
  readonly newId?: () => string;
  /**
   * The vault whose keys this ledger accounts for. A vault that remembers another ledger keeps this one from reserving until
   * the user has confirmed it (`vault.setLedgerId(await ledger.id())`). One that remembers none is bound to this one, but not
   * if this one was made in place of a lost one: then the user has to confirm likewise.
   */
  readonly vault?: Pick<Vault, 'ledgerId' | 'setLedgerId'>;
}

/** A ledger on any storage: the reducer decides, the storage remembers. */
export function createLedger(storage: LedgerStorage, options: LedgerOptions = {}): Ledger {
  const now = options.now ?? Date.now;
  const newId = options.newId ?? (() => crypto.randomUUID());
  const { vault } = options;

  /** `guard` may refuse before anything else is looked at. */
  const run = <C extends Command>(
    command: C,
    guard: (meta: Meta) => void = () => undefined,
  ): Promise<Outcomes[C['type']]> =>
    storage.transact(needsOf(command), command.type === 'heartbeat' ? 'relaxed' : 'strict', (found) => {
      const state = stateOf(found, newId);
      guard(state.meta);
      const step = reduce(state, command, now());
      return { outcome: step.outcome, changes: changesOf(found, state, step) };
    });

  const read = async (needs: Needs): Promise<State> => stateOf(await storage.read(needs), newId);

  const identity = (): Promise<Meta> =>
    storage.transact({}, 'strict', (found) => {
      const { meta } = stateOf(found, newId);
      return { outcome: meta, ...(!found.meta && { changes: { ...NOTHING, meta } }) };
    });

  /** The only ledger that may grant anything; undefined where no vault cares. */
  const boundTo = async (): Promise<string | undefined> => {
    if (!vault) return undefined;
    const remembered = await vault.ledgerId();
    if (remembered !== undefined) return remembered;
    const own = await identity();
    // What was lost may have been spent over the very keys that are now added again.
    if (own.lost) throw new StoreError('missing', LOST);
    await vault.setLedgerId(own.id);
    return own.id;
  };

  return {
    reserve: async (requests, owner) => {
      try {
        const expected = await boundTo();
        return await run({ type: 'reserve', requests, owner }, (meta) => {
          if (expected !== undefined && meta.id !== expected) throw new StoreError('missing', MISSING);
        });
      } catch (error) {
        // A vault that cannot say which ledger is its own grants nothing either.
        if (error instanceof StoreError || error instanceof VaultError)
          return { ok: false, reason: 'ledger-locked', message: error.message };
        throw error;
      }
    },
    markSent: (reservation) => typed(run({ type: 'mark-sent', id: reservation })),
    noteResponse: (reservation, responseId) => typed(run({ type: 'note-response', id: reservation, responseId })),
    release: (reservation) => typed(run({ type: 'release', id: reservation })),
    settle: (reservation, settlement) => typed(run({ type: 'settle', id: reservation, settlement })),
    ask: async (ids) => {
      if (ids.length === 0) return { asked: [] };
      const { asked, ...rest } = await typed(run({ type: 'ask', ids }));
      return { asked: asked.map(reservationView), ...rest };
    },
    repair: (reservation, settlement) => typed(run({ type: 'repair', id: reservation, settlement })),
    heartbeat: (ownerId) => typed(run({ type: 'heartbeat', ownerId })),
    sweep: async () => ({ orphaned: (await typed(run({ type: 'sweep' }))).map(reservationView) }),
    raisePolicy: (account, atLeast) => typed(run({ type: 'raise-policy', account, atLeast })),
    acknowledgeOverrun: (account) => typed(run({ type: 'consent', account })),
    setTimeBack: () => typed(run({ type: 'set-back' })),
    status: async (account, caps) => {
      const state = await typed(read({ accounts: [account] }));
      return accountStatus(state, account, caps, ledgerTime(now(), state.meta.time));
    },
    reservation: async (reservation) => {
      const { reservations } = await typed(read({ reservations: [reservation] }));
      const stored = reservations.get(reservation);
      return stored && reservationView(stored);
    },
    history: async (query = {}) => (await typed(storage.history(query))).map(reservationView),
    id: async () => (await typed(identity())).id,
    health: async () => {
      try {
        const { meta } = await storage.read({});
        if (meta) checkVersion(meta);
        const ready: LedgerHealth = { state: 'ready', ...(meta && aheadOf(now(), meta.time)) };
        if (!vault) return ready;
        const remembered = await vault.ledgerId().catch(() => meta?.id);
        if (remembered === undefined) return meta?.lost ? { state: 'missing', message: LOST } : ready;
        return remembered === meta?.id ? ready : { state: 'missing', message: MISSING };
      } catch (error) {
        return healthAfter(error);
      }
    },
    forgetHistory: () => typed(run({ type: 'forget' })),
    audit: async () => audit(await typed(storage.dump())),
  };
}

const MISSING =
  'The record of what these keys have spent was deleted or replaced, so their caps cannot be checked. ' +
  'Confirm to start a new record; what was spent before will not count.';

const LOST =
  'The browser found its storage damaged and deleted it, and with it the record of what your keys have spent. ' +
  'Confirm to start a new record; what was spent before will not count.';

const NOTHING: Changes = {
  accounts: [],
  reservations: [],
  owners: [],
  rows: [],
  deletedReservations: [],
  deletedOwners: [],
  deletedRows: [],
};

/** Only what can be trusted comes out; a sum that is not there is never taken for zero. */
function stateOf(found: Found, newId: () => string): State {
  const { meta, accounts, reservations, owners } = found;
  const records = [...accounts.values(), ...reservations.values(), ...owners.values()];
  for (const record of meta ? [meta, ...records] : records) checkVersion(record);
  const sound =
    (meta === undefined ? records.length === 0 : Number.isSafeInteger(meta.nextSeq) && Number.isFinite(meta.time)) &&
    [...accounts.values()].every(hasSums) &&
    [...reservations.values()].every(({ bound, account }) => typeof bound === 'bigint' && accounts.has(account));
  if (!sound) throw new StoreError('unreadable', 'The record of what was spent is damaged.');
  return { meta: meta ?? { v: LEDGER_VERSION, id: newId(), time: 0, nextSeq: 1 }, accounts, reservations, owners };
}

function checkVersion({ v }: { readonly v: number }): void {
  if (v === LEDGER_VERSION) return;
  if (v > LEDGER_VERSION)
    throw new StoreError(
      'newer',
      'The record of what was spent was written by a newer version of Patchbay. Update it.',
    );
  throw new StoreError('unreadable', 'The record of what was spent cannot be read.');
}

function changesOf(found: Found, before: State, { state, rows, droppedRows }: Step<unknown>): Changes {
  const dropped = new Set(droppedRows);
  return {
    ...(state.meta !== found.meta && { meta: state.meta }),
    accounts: changed(before.accounts, state.accounts),
    reservations: changed(before.reservations, state.reservations),
    owners: changed(before.owners, state.owners),
    rows: rows.filter(({ seq }) => !dropped.has(seq)),
    deletedReservations: gone(before.reservations, state.reservations),
    deletedOwners: gone(before.owners, state.owners),
    deletedRows: droppedRows,
  };
}

function changed<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): T[] {
  return [...after].flatMap(([key, record]) => (before.get(key) === record ? [] : [record]));
}

function gone(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  return [...before.keys()].filter((key) => !after.has(key));
}

function aheadOf(clock: number, time: number): Pick<Extract<LedgerHealth, { state: 'ready' }>, 'ahead'> {
  const by = leadOf(clock, time);
  return by === undefined ? {} : { ahead: { by, time, settable: setBackTo(clock, time) !== undefined } };
}

function healthAfter(error: unknown): LedgerHealth {
  if (!(error instanceof StoreError)) throw error;
  return { state: error.code === 'newer' ? 'newer' : 'unreadable', message: error.message };
}

/** What a storage throws, in the ledger's own words. */
async function typed<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreError) throw new LedgerError('unavailable', error.message, { cause: error });
    throw error;
  }
}
