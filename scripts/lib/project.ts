import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT: string = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Everything a command makes besides its output; ignored by git. */
export const CACHE: string = join(ROOT, '.cache');

/** Pictures and dumps that a person may want to look at; ignored by git. */
export const OUT: string = join(ROOT, 'out');

/** A line of progress. Standard output belongs to what was asked for. */
export function say(text: string): void {
  process.stderr.write(`patchbay: ${text}\n`);
}
