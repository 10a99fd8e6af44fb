import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fingerprintOf } from './fingerprint.ts';
import { exclusively } from './lock.ts';
import { CACHE, OUT, ROOT, say } from './project.ts';

const SOURCES = [
  ...['package.json', 'pnpm-lock.yaml', 'packages', 'extensions/vscode'],
  ...['scripts/vscode-build.ts', 'scripts/vscode-package.ts'],
];

/**
 * Packs the VS Code extension unless the package there is already of these very sources. Safe to call from several
 * processes.
 * @returns path of the `.vsix`
 */
export async function packExtension(): Promise<string> {
  const file = join(OUT, 'patchbay.vsix');
  const stamp = join(CACHE, 'build-vscode');
  await exclusively('build-vscode', async () => {
    const sources = fingerprintOf(SOURCES);
    const made = existsSync(file) && existsSync(join(ROOT, 'extensions/vscode/dist/extension.cjs'));
    if (made && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
    say('packing the extension for VS Code …');
    // In a process of its own: what a test runner sets in this one would change the build.
    const { NODE_ENV: _, VITEST: __, ...env } = process.env;
    await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/vscode-package.ts')], { env });
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(stamp, sources);
  });
  return file;
}
