import { admissionCases } from './ledger-admission.testing.ts';
import type { LedgerCase } from './ledger-harness.testing.ts';
import { repairCases } from './ledger-repair.testing.ts';
import { setBackCases } from './ledger-set-back.testing.ts';
import { timeCases } from './ledger-time.testing.ts';

export { equal, type MakeHarness } from './ledger-harness.testing.ts';

/**
 * What every ledger does, on whatever it stores: runs under any test runner, and in a browser's page without one.
 * The cases throw where something is not as it should be.
 */
export const ledgerCases: readonly LedgerCase[] = [...admissionCases, ...timeCases, ...setBackCases, ...repairCases];
