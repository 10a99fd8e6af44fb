import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, say } from './lib/project.ts';
import { SUMMARY_FILE, type TestSummary } from './summary-reporter.ts';

/**
 * Runs every test, or what the arguments name (they go to vitest as they are), and closes with one plain line:
 * `N passed, N failed`, then `, N skipped` if any were. The exit code says the same.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-test-'));
  const file = join(folder, 'summary.json');
  try {
    const code = await vitest(process.argv.slice(2), file);
    process.exitCode = close(read(file), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function vitest(args: readonly string[], summaryFile: string): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      `--reporter=${join(ROOT, 'scripts/summary-reporter.ts')}`,
      ...args,
    ],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, [SUMMARY_FILE]: summaryFile } },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });
}

function read(file: string): TestSummary | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestSummary;
  } catch {
    return undefined;
  }
}

/** Prints the closing line and returns the exit code. A run that proved nothing is a failure. */
function close(summary: TestSummary | undefined, code: number): number {
  const passed = summary?.passed ?? 0;
  const skipped = summary?.skipped ?? 0;
  let failed = summary?.failed ?? 0;
  const complaint = !summary
    ? `vitest ended with code ${code} before it could say what passed.`
    : !summary.complete
      ? 'the run was interrupted.'
      : passed + failed === 0
        ? 'no test ran.'
        : failed === 0 && code !== 0
          ? `vitest ended with code ${code} although no test failed; its own lines above say why.`
          : undefined;
  if (complaint) {
    say(complaint);
    failed = Math.max(failed, 1);
  }
  for (const [reason, count] of Object.entries(summary?.reasons ?? {})) {
    process.stdout.write(`skipped ${count}: ${reason}\n`);
  }
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  return failed > 0 ? 1 : 0;
}

await main();
