import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CACHE, ROOT } from './lib/project.ts';

let folder = '';
beforeAll(() => {
  mkdirSync(CACHE, { recursive: true });
  // Inside the repository, so that `vitest` is found from there.
  folder = mkdtempSync(join(CACHE, 'test-command-'));
  writeFileSync(join(folder, 'vitest.config.ts'), `export default { test: { include: ['*.case.ts'] } };`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The test command over one file of tests; its closing line, exit code and whole output. */
function closingOf(body: string, ...args: string[]): { line: string | undefined; code: number | null; output: string } {
  const file = join(folder, 'some.case.ts');
  rmSync(file, { force: true });
  if (body) writeFileSync(file, `import { afterAll, beforeAll, expect, it } from 'vitest';\n${body}\n`);
  const env: NodeJS.ProcessEnv = { ...process.env };
  // The worker that runs this very test must not be taken for the one to come.
  for (const name of Object.keys(env)) if (/^(VITEST|TEST$)/.test(name)) delete env[name];
  const done = spawnSync(process.execPath, [join(ROOT, 'scripts/test.ts'), '--root', folder, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env,
  });
  const line = done.stdout.split('\n').at(-2);
  expect(done.stdout.endsWith('\n')).toBe(true);
  return { line, code: done.status, output: done.stdout + done.stderr };
}

describe('the closing line', () => {
  it('says that all is well, alone and last', () => {
    expect(closingOf(`it('a', () => {}); it('b', () => {});`)).toMatchObject({ line: '2 passed, 0 failed', code: 0 });
  });

  it('counts skipped tests and prints their reason', () => {
    const { line, code, output } = closingOf(
      `it('a', () => {}); it('b', (test) => test.skip('the recordings are not here'));`,
    );
    expect({ line, code }).toEqual({ line: '1 passed, 0 failed, 1 skipped', code: 0 });
    expect(output).toContain('skipped 1: the recordings are not here');
  });

  it('names what needed a second try', () => {
    const { line, code, output } = closingOf(
      `let tries = 0; it('shy', { retry: 1 }, () => { tries += 1; expect(tries).toBe(2); });`,
    );
    expect({ line, code }).toEqual({ line: '1 passed, 0 failed', code: 0 });
    expect(output).toContain('passed at the second try only: shy');
  });

  it.each([
    ['a failing test', `it('a', () => {}); it('b', () => expect(1).toBe(2));`, '1 passed, 1 failed'],
    ['a file that does not load', `it('a', () => {}); throw new Error('no');`, '0 passed, 1 failed'],
    [
      'a hook that fails after a test',
      `it('a', () => {}); afterAll(() => { throw new Error('no'); });`,
      '1 passed, 1 failed',
    ],
    ['an error that nobody caught', `it('a', () => { void Promise.reject(new Error('no')); });`, '1 passed, 1 failed'],
  ])('fails with %s', (_, body, line) => {
    expect(closingOf(body)).toMatchObject({ line, code: 1 });
  });

  it('fails where a hook keeps tests from running', () => {
    const { line, code } = closingOf(`beforeAll(() => { throw new Error('no'); }); it('a', () => {});`);
    expect(line).toMatch(/^0 passed, [1-9]\d* failed/);
    expect(code).toBe(1);
  });

  it('fails where nothing ran, and where vitest itself breaks', () => {
    expect(closingOf('')).toMatchObject({ line: '0 passed, 1 failed', code: 1 });
    expect(closingOf(`it('a', () => {});`, '--no-such-option=1')).toMatchObject({ code: 1 });
    expect(closingOf(`it('a', () => {});`, '--config', 'missing.ts')).toMatchObject({
      line: '0 passed, 1 failed',
      code: 1,
    });
  });
});
