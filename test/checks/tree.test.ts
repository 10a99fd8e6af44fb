import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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
  it.each(['packages/core', 'packages/stores', 'packages/chat', 'extensions/browser', '.'])(
    'typechecks: %s',
    (project) => {
      const config = join(root, project, 'tsconfig.json');
      expect(existsSync(config)).toBe(true);
      const { code, output } = run(bin('tsc'), ['-p', config, '--pretty', 'false']);
      expect(output).toBe('');
      expect(code).toBe(0);
    },
  );

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
    const probe = spawnSync(bin('biome'), ['lint', '--colors=off', '--stdin-file-path=packages/core/src/probe.ts'], {
      cwd: root,
      input: "import { z } from 'zod';\nexport const probe = z;\n",
      encoding: 'utf8',
    });
    expect(`${probe.stdout}${probe.stderr}`).toContain('zod/mini');
  });
});
