import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLedger, type Ledger } from '@patchbay/core';
import { createDatabase, createSqliteLedger } from '@patchbay/stores/sqlite';
import { openLedgerLab } from '../support/ledger-lab.ts';
import { LANES, measurePairs, type PairRate } from '../support/ledger-rate.ts';
import { progress, type Row } from './suite.ts';

const SECONDS = 3;

/**
 * Pairs of `reserve` and `settle` a second, every one of them durable: in memory, in SQLite, and in IndexedDB on a real
 * Chromium's disk. A request pays one such pair for its cap, and `markSent` beside it.
 */
export async function ledgerSuite(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  progress('ledger: memory …');
  for (const lanes of LANES) rows.push(row('memory', await measurePairs(createMemoryLedger(), lanes, SECONDS)));
  progress('ledger: SQLite …');
  for (const lanes of LANES) rows.push(row('sqlite', await inSqlite((ledger) => measurePairs(ledger, lanes, SECONDS))));
  progress('ledger: IndexedDB in Chromium …');
  const lab = await openLedgerLab();
  try {
    const first = lab.next('rate');
    await lab.start(`?role=bench&seconds=${SECONDS}`);
    rows.push(row('indexeddb', (await first).rate));
    for (const _ of LANES.slice(1)) rows.push(row('indexeddb', (await lab.next('rate')).rate));
  } finally {
    await lab.close();
  }
  return rows;
}

async function inSqlite(measure: (ledger: Ledger) => Promise<PairRate>): Promise<PairRate> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const database = createDatabase({ path: join(folder, 'ledger.sqlite') });
  try {
    return await measure(createSqliteLedger(database));
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}

function row(store: string, { lanes, pairs, seconds }: PairRate): Row {
  const perSecond = pairs / seconds;
  return {
    peer: 'patchbay',
    store,
    concurrent: lanes,
    opsPerSecond: Math.round(perSecond * 2),
    pairsPerSecond: Math.round(perSecond),
    entries: pairs,
  };
}
