import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { OUT, ROOT, say } from './lib/project.ts';
import { buildVsCode } from './vscode-build.ts';

const EXTENSION = join(ROOT, 'extensions/vscode');

/** Builds the extension and packs it with `vsce`. @returns path of the `.vsix` */
export async function packageVsCode(): Promise<string> {
  await buildVsCode();
  mkdirSync(OUT, { recursive: true });
  const file = join(OUT, 'patchbay.vsix');
  vsce(EXTENSION, file);
  return file;
}

/**
 * Packs the folder of an extension as it is.
 * @throws Error with what `vsce` says
 */
export function vsce(folder: string, file: string): void {
  const bin = join(
    dirname(createRequire(join(EXTENSION, 'package.json')).resolve('@vscode/vsce/package.json')),
    'vsce',
  );
  // The bundles hold everything: nothing of node_modules goes along, and the manifest's `files` says what does.
  const packed = spawnSync(
    process.execPath,
    [bin, 'package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', file],
    { cwd: folder, encoding: 'utf8' },
  );
  if (packed.status !== 0) throw new Error(`vsce could not pack the extension: ${packed.stderr || packed.stdout}`);
}

if (import.meta.main) {
  const file = await packageVsCode();
  say(`${file} (${Math.round(statSync(file).size / 1000)} kB)`);
}
