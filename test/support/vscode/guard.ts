import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

/**
 * Runs a command for as long as whoever started this holds the other end of its standard input: a test run that is
 * killed leaves neither a server nor its files behind. Leads a process group of its own, and ends with its command.
 * Arguments: the folder to remove, the command, its arguments.
 */
const [folder = '', command = '', ...args] = process.argv.slice(2);
/** How long the command may take to say goodbye, ms. */
const PATIENCE_MS = 3_000;

let abandoned = false;
// A signal to the group is meant for the command; this ends with it.
process.on('SIGTERM', () => undefined);

function clear(): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.kill(-process.pid, 'SIGKILL');
}

const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('exit', (code) => {
  if (abandoned) clear();
  else process.exit(code ?? 1);
});
process.stdin.on('end', () => {
  abandoned = true;
  process.kill(-process.pid, 'SIGTERM');
  setTimeout(clear, PATIENCE_MS);
});
process.stdin.resume();
