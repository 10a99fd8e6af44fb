import { describe, expect, it } from 'vitest';
import { ledgerCases, type MakeHarness } from './ledger.testing.ts';
import { checkLedgerModel } from './ledger-model.testing.ts';
import { createMemoryLedger, createMemoryLedgerStorage } from './memory-ledger.ts';
import { createLedger } from './storage-ledger.ts';

const memory: MakeHarness = (now) => {
  const storage = createMemoryLedgerStorage();
  return {
    open: (options) => createLedger(storage, { now, ...options }),
    rows: async () => (await storage.dump()).rows,
    dispose: () => undefined,
  };
};

describe('the ledger, in memory', () => {
  it.each(ledgerCases)('$name', ({ run }) => run(memory));

  it('keeps the admission invariant in any history', () => checkLedgerModel(memory, { runs: 300, steps: 80 }));

  it('stands alone with its defaults', async () => {
    const ledger = createMemoryLedger();
    expect(await ledger.id()).toMatch(/^[0-9a-f-]{36}$/);
    expect(await ledger.audit()).toEqual([]);
  });
});
