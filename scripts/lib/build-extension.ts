import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf } from './fingerprint.ts';
import { exclusively } from './lock.ts';
import { CACHE, ROOT, say } from './project.ts';

export type Target = 'chrome' | 'firefox';

const EXTENSION = join(ROOT, 'extensions/browser');

/** Where a build of the extension lies. */
export const outputOf = (target: Target): string => join(EXTENSION, '.output', `${target}-mv3`);

/**
 * Builds the extension unless the build there is already of these very sources. Safe to call from several processes.
 * @returns the folder with the unpacked extension
 */
export async function buildExtension(target: Target): Promise<string> {
  await exclusively('build', () => buildIfStale(target));
  return outputOf(target);
}

/** Builds if need be and copies the unpacked extension to `folder`, so that no later build changes it under a browser. */
export async function copyExtension(target: Target, folder: string): Promise<void> {
  await exclusively('build', async () => {
    await buildIfStale(target);
    cpSync(outputOf(target), folder, { recursive: true });
  });
}

async function buildIfStale(target: Target): Promise<void> {
  const stamp = join(CACHE, `build-${target}`);
  const sources = fingerprintOf(['package.json', 'pnpm-lock.yaml', 'packages', 'extensions/browser']);
  if (existsSync(join(outputOf(target), 'manifest.json')) && read(stamp) === sources) return;
  say(`building the extension for ${target === 'chrome' ? 'Chromium' : 'Firefox'} …`);
  await wxt(['build', '-b', target, '--mv3']);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(stamp, sources);
}

function wxt(args: readonly string[]): Promise<void> {
  const bin = join(EXTENSION, 'node_modules/wxt/bin/wxt.mjs');
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: EXTENSION,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Set by vitest in its workers; a product is built for production.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The extension could not be built (wxt ended with code ${code}):\n${output.trim()}`));
    });
  });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
