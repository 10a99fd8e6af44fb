import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../../scripts/lib/project.ts';

const DIST = join(ROOT, 'extensions/vscode/dist');

/**
 * Paths of what the Node extension host reads when it requires this script: the script, and all that it requires before
 * anything runs. What is imported when it is needed is left out.
 * @param after a script that was required before: what it has read is read no second time
 */
export function hostScripts(entry: string, after?: string): readonly string[] {
  const read = after === undefined ? [] : hostScripts(after);
  const found: string[] = [];
  const waiting = [join(DIST, entry)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.includes(file) || read.includes(file)) continue;
    found.push(file);
    for (const [, path] of readFileSync(file, 'utf8').matchAll(HOISTED)) {
      waiting.push(join(dirname(file), path as string));
    }
  }
  return found;
}

/** A `require` at the top of a bundle; one that waits for its use stands behind an arrow. */
const HOISTED = /(?<!=>\s*)\brequire\(["'`](\.[^"'`]+)["'`]\)/g;
