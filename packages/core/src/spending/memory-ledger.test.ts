import { describe, expect, it } from 'vitest';
import { ledgerCases, type MakeHarness } from './ledger.testing.ts';
import { createMemoryLedger, createMemoryLedgerStorage } from './memory-ledger.ts';
import { createLedger } from './storage-ledger.ts';

const memory: MakeHarness = (now) => {
  const storage = createMemoryLedgerStorage();
  return { open: (options) => createLedger(storage, { now, ...options }), dispose: () => undefined };
};

describe('the ledger, in memory', () => {
  it.each(ledgerCases)('$name', ({ run }) => run(memory));

  it('stands alone with its defaults', async () => {
    const ledger = createMemoryLedger();
    expect(await ledger.id()).toMatch(/^[0-9a-f-]{36}$/);
    expect(await ledger.audit()).toEqual([]);
  });
});
