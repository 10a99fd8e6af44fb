import { spawnSync } from 'node:child_process';

/** Files below a folder that hold these bytes anywhere, databases and logs too. */
export function filesHolding(folder: string, text: string): string[] {
  const found = spawnSync('grep', ['-rlaF', '--', text, folder], { encoding: 'utf8' });
  // 1: nothing was found. A file that is gone by the time it is read is no failure, and 2.
  if (found.status === null || found.error) throw new Error(`grep did not run: ${found.error?.message}`);
  return found.stdout.split('\n').filter(Boolean);
}
