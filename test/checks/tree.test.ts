import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const bin = (name: string) => join(root, 'node_modules/.bin', name);

/** Runs a tool over the tree; what it prints is the failure's message. */
function run(command: string, args: readonly string[], cwd = root): { code: number | null; output: string } {
  const done = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' },
  });
  return { code: done.status, output: `${done.stdout}${done.stderr}${done.error ?? ''}`.slice(-6000) };
}

describe('the tree', () => {
  it.each([
    'packages/core',
    'packages/stores',
    'packages/chat',
    'extensions/browser',
    'extensions/vscode',
    'packages/stores/src/sqlite',
    '.',
  ])('typechecks: %s', (project) => {
    const config = join(root, project, 'tsconfig.json');
    expect(existsSync(config)).toBe(true);
    const { code, output } = run(bin('tsc'), ['-p', config, '--pretty', 'false']);
    expect(output).toBe('');
    expect(code).toBe(0);
  });

  it('is formatted and linted', () => {
    const { code, output } = run(bin('biome'), ['check', '--error-on-warnings', '--colors=off', '.']);
    expect(code, output).toBe(0);
  });

  it('has no unused export, file or dependency', () => {
    const { code, output } = run(bin('knip'), ['--no-progress']);
    expect(output.trim()).toBe('');
    expect(code).toBe(0);
  });

  it('names no machine path and no registry host', () => {
    const { output } = run('git', [
      'grep',
      '-nIE',
      '(^|[^a-zA-Z0-9.])/(work|farm|root|home)/|registry\\.(npmjs|yarnpkg)',
      '--',
      '.',
      ':!test/checks/tree.test.ts',
    ]);
    expect(output).toBe('');
  });

  it('refuses the full zod import', () => {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-lint-'));
    const lint = (specifier: string) => {
      writeFileSync(join(folder, 'probe.ts'), `import { z } from '${specifier}';\n\nexport const probe = z;\n`);
      return run(bin('biome'), ['lint', `--config-path=${root}`, '--vcs-enabled=false', 'probe.ts'], folder);
    };
    const mini = lint('zod/mini');
    const full = lint('zod');
    rmSync(folder, { recursive: true });
    expect(mini.code, mini.output).toBe(0);
    expect(full.code).not.toBe(0);
    expect(full.output).toContain('Use zod/mini');
  });
});
