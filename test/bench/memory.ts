import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { progress, type Row } from './suite.ts';

const DELTAS = [1_000, 10_000, 100_000];

/** Peak memory while a long answer streams through, each length in a process of its own, so that none sees another's heap. */
export async function memorySuite(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const deltas of DELTAS) {
    for (const keep of ['nothing', 'answer'] as const) {
      progress(`memory: ${deltas} deltas, keeping ${keep === 'nothing' ? 'nothing' : 'the folded answer'}`);
      const script = fileURLToPath(new URL('./memory-run.ts', import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, [script, String(deltas), keep]);
      rows.push({ peer: 'patchbay', dialect: 'openai-chat', deltas, keep, ...(JSON.parse(stdout) as Row) });
    }
  }
  return rows;
}
