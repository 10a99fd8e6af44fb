import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './project.ts';

/** What no build reads: what builds made, and tests. */
const NO_SOURCE = /(^|\/)(node_modules|\.output|\.wxt|out|dist)$|\.(test|testing)\.tsx?$/;

/** SHA-256 in hex of all sources under these paths of the repository: a build whose sources are the same is the same. */
export function fingerprintOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => files(path))) {
    hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest('hex');
}

function files(path: string): string[] {
  const full = join(ROOT, path);
  if (NO_SOURCE.test(path)) return [];
  try {
    return readdirSync(full, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const inside = relative(ROOT, join(full, entry.name));
        if (entry.isDirectory()) return files(inside);
        return entry.isFile() && !NO_SOURCE.test(inside) ? [inside] : [];
      });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [path];
    throw error;
  }
}
