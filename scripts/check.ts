import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './lib/project.ts';

/** The checks alone (types, lint, arrows, unused exports, sizes), without the rest of the tests. */
const child = spawn(
  process.execPath,
  [join(ROOT, 'scripts/test.ts'), '--project', 'checks', ...process.argv.slice(2)],
  {
    cwd: ROOT,
    stdio: 'inherit',
  },
);
child.on('exit', (code) => process.exit(code ?? 1));
