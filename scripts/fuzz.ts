import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, say } from './lib/project.ts';

/** Random streams that each dialect is fed. */
const STREAMS = 100_000;

/**
 * Feeds every dialect what no provider should send: so many random byte streams, and a tenth as many recordings with
 * bytes changed, lost, doubled and swapped, and answers in one piece beside the same ones streamed. `npm test` does a
 * small part of it. Takes about five minutes.
 */
say(`${STREAMS} random streams and ${STREAMS / 10} mutated recordings for each dialect …`);
const run = spawnSync(
  process.execPath,
  [
    join(ROOT, 'scripts/test.ts'),
    '--project=unit',
    '--reporter=verbose',
    'test/conformance/fuzz.test.ts',
    'test/conformance/twins.test.ts',
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, PATCHBAY_FUZZ: String(STREAMS) } },
);
process.exitCode = run.status ?? 1;
