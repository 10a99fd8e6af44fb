import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium, findFirefox } from '../test/support/chromium.ts';
import { findVsCode, VSCODE_MISSING } from '../test/support/vscode/install.ts';
import { buildExtension } from './lib/build-extension.ts';
import { packExtension } from './lib/pack-extension.ts';
import { ROOT, say } from './lib/project.ts';
import { SUMMARY_FILE, type TestSummary } from './summary-reporter.ts';

/**
 * Runs every test, or what the arguments name (they go to vitest as they are), and closes with one plain line:
 * `N passed, N failed`, then `, N skipped` if any were. The exit code says the same.
 */
async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (needed(args, BROWSER_TESTS)) {
    try {
      await prepareBrowsers();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
      process.stdout.write('0 passed, 1 failed\n');
      process.exitCode = 1;
      return;
    }
  }
  const missing = needed(args, VSCODE_TESTS) ? await prepareVsCode() : {};
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-test-'));
  const file = join(folder, 'summary.json');
  try {
    const code = await vitest(args, { ...missing, [SUMMARY_FILE]: file });
    process.exitCode = close(read(file), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The projects of tests that open a browser or look at what it is given. */
const BROWSER_TESTS = /checks|e2e(?!\/vscode)|lifetime/;
const VSCODE_TESTS = /^vscode$|test\/e2e(\/?$|\/vscode)/;

/** False where the arguments name other projects or files only. */
function needed(args: readonly string[], tests: RegExp): boolean {
  const projects = args.flatMap((arg, index) => {
    if (arg.startsWith('--project=')) return [arg.slice('--project='.length)];
    return args[index - 1] === '--project' ? [arg] : [];
  });
  if (projects.length > 0) return projects.some((name) => tests.test(name));
  const files = args.filter((arg) => /\.tsx?$|\//.test(arg));
  return args.includes('--root') ? false : files.length === 0 || files.some((file) => tests.test(file));
}

/**
 * Downloads and builds take minutes the first time; no single test should have to wait for them.
 * @throws Error with one sentence where there is no browser to test with
 */
async function prepareBrowsers(): Promise<void> {
  const browsers = [await findChromium(), await findFirefox()];
  say(`testing with ${browsers.map((browser) => browser.version).join(' and ')}.`);
  for (const target of ['chrome', 'firefox'] as const) {
    // The tests that need it fail with the same words; those that do not are worth running.
    await buildExtension(target).catch((error: Error) => say(error.message));
  }
}

/** What the tests have to be told where there is no VS Code: each that needs it fails with these words, and the others run. */
async function prepareVsCode(): Promise<NodeJS.ProcessEnv> {
  try {
    await findVsCode();
    await packExtension();
    return {};
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say(message);
    return { [VSCODE_MISSING]: message };
  }
}

function vitest(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      `--reporter=${join(ROOT, 'scripts/summary-reporter.ts')}`,
      ...args,
    ],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } },
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
  for (const name of summary?.retried ?? []) process.stdout.write(`passed at the second try only: ${name}\n`);
  for (const [reason, count] of Object.entries(summary?.reasons ?? {})) {
    process.stdout.write(`skipped ${count}: ${reason}\n`);
  }
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  return failed > 0 ? 1 : 0;
}

await main();
