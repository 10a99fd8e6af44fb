import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** What a run of vitest adds up to; `skipped` lists each reason given and how often. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Names of tests that passed, but not on the first try. */
  readonly retried: readonly string[];
  /** False where vitest was stopped before its end. */
  readonly complete: boolean;
}

/** Where the reporter leaves its summary. */
export const SUMMARY_FILE = 'PATCHBAY_TEST_SUMMARY';

/**
 * Counts what ran. Whatever broke outside of a test (a file that does not load, a hook that throws, an unhandled
 * rejection) counts as one failure each, so that no broken run can close with "0 failed".
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: string): void {
    let passed = 0;
    let failed = errors.length;
    let skipped = 0;
    const reasons: Record<string, number> = {};
    const retried: string[] = [];
    for (const module of modules) {
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') {
          passed += 1;
          if (test.diagnostic()?.flaky) retried.push(test.fullName);
        } else if (result.state === 'failed') failed += 1;
        else {
          skipped += 1;
          const why = (result.state === 'skipped' && result.note) || `see ${module.relativeModuleId}`;
          reasons[why] = (reasons[why] ?? 0) + 1;
        }
      }
    }
    const summary: TestSummary = { passed, failed, skipped, reasons, retried, complete: reason !== 'interrupted' };
    const file = process.env[SUMMARY_FILE];
    if (file) writeFileSync(file, JSON.stringify(summary));
  }
}
