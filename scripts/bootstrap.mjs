// Every root command starts here, on whatever Node the machine has (18 or newer) and with nothing installed.
// It puts the dependencies in place, then hands over to the TypeScript script on the Node 24 among them.
// Plain JavaScript without dependencies, on purpose. Standard output belongs to the command: all that is said here
// goes to standard error.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const WINDOWS = process.platform === 'win32';
const STAMP = join(ROOT, 'node_modules', '.patchbay-installed');
const LOCK = join(ROOT, '.cache', 'install.lock');
/** The first Node that runs TypeScript files without a flag. */
const OLDEST_NODE = [22, 18];

const COMMANDS = {
  start: 'scripts/start.ts',
  test: 'scripts/test.ts',
  fuzz: 'scripts/fuzz.ts',
  bench: 'test/bench/main.ts',
  build: 'scripts/build.ts',
  package: 'scripts/vscode-package.ts',
  check: 'scripts/check.ts',
};

const say = (text) => process.stderr.write(`patchbay: ${text}\n`);
/** Ends the command with this one sentence. */
const fail = (text) => {
  throw new Error(text);
};
const manifest = () => JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Everything that decides what an installation contains. */
function fingerprint() {
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];
  for (const folder of ['packages', 'extensions']) {
    if (!existsSync(join(ROOT, folder))) continue;
    for (const name of readdirSync(join(ROOT, folder)).sort()) files.push(join(folder, name, 'package.json'));
  }
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of files) {
    const path = join(ROOT, file);
    if (existsSync(path)) hash.update(`\0${file}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

const installed = (wanted) => {
  try {
    return readFileSync(STAMP, 'utf8') === wanted;
  } catch {
    return false;
  }
};

/** The pnpm this repository is pinned to: from PATH if it is that very version, else fetched by npx. */
function pnpm() {
  const version = manifest()
    .packageManager.replace(/^pnpm@/, '')
    .replace(/\+.*$/, '');
  const found = spawnSync('pnpm', ['--version'], {
    cwd: ROOT,
    shell: WINDOWS,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 20_000,
    env: { ...process.env, COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' },
  });
  if (found.status === 0 && found.stdout.trim() === version) return { command: 'pnpm', args: [] };
  return { command: 'npx', args: ['-y', `pnpm@${version}`] };
}

const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Two commands started at the same time install once: the second waits for the first. */
function locked(work) {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let said = false; ; sleep(200)) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    let holder = 0;
    try {
      holder = Number(readFileSync(LOCK, 'utf8'));
    } catch {
      continue;
    }
    // An empty file is a lock being written this very moment; a number of a process that is gone is a left-over.
    if (holder > 0 && !alive(holder)) rmSync(LOCK, { force: true });
    else if (!said) {
      said = true;
      say('waiting for another command that is installing …');
    }
  }
  try {
    work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function install() {
  const wanted = fingerprint();
  if (installed(wanted)) return;
  locked(() => {
    if (installed(wanted)) return;
    const { command, args } = pnpm();
    say(`installing the dependencies with ${[command, ...args].join(' ')} (once; about a minute) …`);
    const env = { ...process.env, CI: 'true' };
    // Development dependencies are what the commands run on.
    delete env.NODE_ENV;
    const run = spawnSync(command, [...args, 'install', '--frozen-lockfile'], {
      cwd: ROOT,
      shell: WINDOWS,
      stdio: ['ignore', 2, 2],
      env,
    });
    if (run.error) fail(`npm's npx could not be started (${run.error.message}): install Node.js together with npm.`);
    if (run.status !== 0) {
      fail('the dependencies could not be installed; the lines above say why. Check the network and run it again.');
    }
    writeFileSync(STAMP, wanted);
    say('dependencies installed.');
  });
}

/** The Node 24 that came with the dependencies, else this one if it is new enough. */
function node() {
  const bundled = join(ROOT, 'node_modules', '.bin', 'node');
  if (existsSync(bundled)) return bundled;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return process.execPath;
  return fail(
    `Node ${OLDEST_NODE.join('.')} or newer is needed on ${process.platform}-${process.arch}; this is ${process.versions.node}.`,
  );
}

function run(name, args) {
  if (!Object.hasOwn(COMMANDS, name ?? '')) fail(`unknown command; use one of: ${Object.keys(COMMANDS).join(', ')}.`);
  install();
  const path = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const child = spawn(node(), [join(ROOT, COMMANDS[name]), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, [path]: [join(ROOT, 'node_modules', '.bin'), process.env[path] ?? ''].join(delimiter) },
  });
  // A terminal sends Ctrl+C to the command itself too; everything else has to be passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    say(`the command could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : code));
}

try {
  run(process.argv[2], process.argv.slice(3));
} catch (error) {
  say(error.message);
  process.exit(1);
}
