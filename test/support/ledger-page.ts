/**
 * The browser's side of the ledger tests and of its benchmark: one script for pages and their workers. A page does what its
 * address asks for (`?role=`) and posts what it found to the server it came from.
 */
import type { Cap, LeaseOwner, Ledger, LedgerHealth, LedgerRow, Reservation } from '@patchbay/core';
import { createDatabase, createIndexedDbLedger, type Database } from '@patchbay/stores/indexeddb';
import { type MakeHarness, request } from '../../packages/core/src/spending/ledger-harness.testing.ts';
import { checkLedgerModel } from '../../packages/core/src/spending/ledger-model.testing.ts';
import { toJson } from './ledger-json.ts';
import { LANES, measurePairs, type PairRate } from './ledger-rate.ts';

/** What pages and workers post. */
export type LedgerReport =
  /** No history went wrong; one that does is an error. */
  | { readonly kind: 'model'; readonly histories: number }
  /** All that is in the ledger, before anything is added to it. */
  | {
      readonly kind: 'check';
      readonly audit: readonly string[];
      /** As a vault sees it that remembers no ledger. */
      readonly health: LedgerHealth['state'];
      readonly rows: readonly LedgerRow[];
      readonly reservations: readonly Reservation[];
    }
  /** A call has resolved: from here on it must not be lost. */
  | { readonly kind: 'done'; readonly id: string; readonly call: 'reserve' | 'sent' | 'release' }
  | { readonly kind: 'done'; readonly id: string; readonly call: 'settle'; readonly amount: bigint }
  | { readonly kind: 'refused' }
  | { readonly kind: 'rate'; readonly rate: PairRate }
  | { readonly kind: 'error'; readonly message: string };

const query = new URLSearchParams(location.search);
const LEASE: LeaseOwner = { id: crypto.randomUUID(), leaseMs: 3_600_000 };

const waiting: LedgerReport[] = [];
let posting = false;

/** Reports go out as fast as they can; those that a kill cuts off were never made. */
async function post(report: LedgerReport): Promise<void> {
  waiting.push(report);
  if (posting) return;
  posting = true;
  while (waiting.length > 0) {
    await fetch('/report', { method: 'POST', body: toJson(waiting.splice(0)) }).catch(() => undefined);
  }
  posting = false;
}

/** Random histories on two connections of one database, beside the oracle. */
async function model(): Promise<void> {
  let made = 0;
  const fresh: MakeHarness = (now) => {
    made += 1;
    const name = `model-${made}`;
    const opened: Database[] = [];
    const open = () => {
      const database = createDatabase({ name });
      opened.push(database);
      return database;
    };
    return {
      open: (options) => createIndexedDbLedger(open(), { now, ...options }),
      rows: () => readRows(open()),
      dispose: () => {
        for (const database of opened) database.close();
        indexedDB.deleteDatabase(name);
      },
    };
  };
  await checkLedgerModel(fresh, { runs: 10, steps: 40 });
  await post({ kind: 'model', histories: made });
}

/** The book itself, past the ledger. */
function readRows(database: Database): Promise<LedgerRow[]> {
  const read = (transaction: IDBTransaction) =>
    new Promise<LedgerRow[]>((resolve, reject) => {
      const all = transaction.objectStore('ledger-rows').getAll();
      all.onsuccess = () => resolve(all.result);
      all.onerror = () => reject(all.error);
    });
  return database.transaction({ stores: ['ledger-rows'], mode: 'readonly' }, read);
}

async function check(): Promise<void> {
  // A product does at each start of the browser what is left out here where a test says so.
  const fresh = query.get('log') !== 'reused';
  const outside = {
    afterStart: async (work: () => Promise<void>) => {
      if (fresh) await work();
    },
    wasMade: async () => false,
    made: async () => undefined,
  };
  const database = createDatabase({ outside });
  const vault = { ledgerId: async () => undefined, setLedgerId: async () => undefined };
  const ledger = createIndexedDbLedger(database, { vault });
  const { state: health } = await ledger.health();
  const [audit, rows, reservations] = [await ledger.audit(), await readRows(database), await ledger.history()];
  await post({ kind: 'check', audit, health, rows, reservations });
  for (let tab = 0; tab < Number(query.get('tabs')); tab += 1) window.open(`/?role=spend&round=${query.get('round')}`);
}

/** Several lives at once on a connection of its own, until the browser dies. */
function spend(): void {
  const ledger = createIndexedDbLedger(createDatabase());
  const began = Date.now();
  const round = query.get('round');
  for (let lane = 0; lane < 3; lane += 1) {
    void (async () => {
      for (;;) await live(ledger, `round-${round}-${Math.floor((Date.now() - began) / 150)}`);
    })().catch((error: unknown) => post({ kind: 'error', message: String(error) }));
  }
}

/** What each account may hold: little enough that most lives meet the cap. */
const CAP: Cap = { limit: 2500n, window: 'total' };

async function live(ledger: Ledger, account: string): Promise<void> {
  const id = crypto.randomUUID();
  const bound = BigInt(1 + Math.floor(Math.random() * 1000));
  const outcome = await ledger.reserve([request(id, { account, bound, caps: [CAP] })], LEASE);
  if (!outcome.ok) {
    void post({ kind: 'refused' });
    return;
  }
  void post({ kind: 'done', id, call: 'reserve' });
  const fate = Math.random();
  if (fate < 0.05) return;
  if (await ledger.markSent(id)) void post({ kind: 'done', id, call: 'sent' });
  if (fate < 0.15) return;
  if (fate < 0.25) {
    await ledger.release(id);
    void post({ kind: 'done', id, call: 'release' });
    return;
  }
  if (fate < 0.5) await ledger.noteResponse(id, `gen-${id}`);
  const amount = BigInt(Math.floor(Math.random() * Number(bound)));
  await ledger.settle(id, { amount, source: 'provider' });
  void post({ kind: 'done', id, call: 'settle', amount });
}

async function bench(): Promise<void> {
  for (const lanes of LANES) {
    const ledger = createIndexedDbLedger(createDatabase({ name: `bench-${lanes}` }));
    await post({ kind: 'rate', rate: await measurePairs(ledger, lanes, Number(query.get('seconds'))) });
  }
}

async function main(): Promise<void> {
  if (typeof document === 'undefined') return spend();
  const role = query.get('role');
  if (role === 'model') return model();
  if (role === 'bench') return bench();
  if (role === 'check') return check();
  for (let worker = 0; worker < 2; worker += 1) new Worker(`/page.js${location.search}`, { type: 'module' });
}

main().catch((error: unknown) =>
  post({ kind: 'error', message: error instanceof Error ? (error.stack ?? '') : String(error) }),
);
