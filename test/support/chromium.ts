import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT, say } from '../../scripts/lib/project.ts';

/** A browser on this machine. */
export interface Browser {
  readonly path: string;
  readonly version: string;
}

/**
 * A Chromium that loads unpacked extensions: one that is installed, else Playwright's, else (root on Debian) apt's.
 * Branded Chrome does not qualify: it ignores `--load-extension` since version 137.
 * @throws Error with one sentence that says what to install
 */
export async function findChromium(): Promise<Browser> {
  const found = installedChromium() ?? usable(playwrightChromium(), isChromium);
  if (found) return found;
  say('no Chromium on this machine; downloading the one Playwright keeps (about 170 MB, once) …');
  await run(process.execPath, [join(ROOT, 'node_modules/playwright-core/cli.js'), 'install', 'chromium'], 600_000);
  const downloaded = usable(playwrightChromium(), isChromium);
  if (downloaded) return downloaded;
  await apt('chromium');
  const installed = installedChromium();
  if (installed) return installed;
  throw new Error(
    'No Chromium could be found or installed: install it (Debian, Ubuntu: apt-get install chromium) or name its path in PATCHBAY_CHROMIUM.',
  );
}

/**
 * A Firefox new enough for the extension, for the tests that open its sidebar.
 * @throws Error with one sentence that says what to install
 */
export async function findFirefox(): Promise<Browser> {
  const installed = () => firstUsable('PATCHBAY_FIREFOX', ['firefox-esr', 'firefox'], FIREFOX_PLACES, isFirefox);
  const found = installed();
  if (found) return found;
  await apt('firefox-esr');
  const fresh = installed();
  if (fresh) return fresh;
  throw new Error(
    `No Firefox ${OLDEST_FIREFOX} or newer could be found or installed: install it (Debian: apt-get install firefox-esr) or name its path in PATCHBAY_FIREFOX.`,
  );
}

const OLDEST_FIREFOX = 142;
const CHROMIUM_PLACES = ['/usr/lib/chromium/chromium', '/Applications/Chromium.app/Contents/MacOS/Chromium'];
const FIREFOX_PLACES = ['/Applications/Firefox.app/Contents/MacOS/firefox'];

const isChromium = (version: string) => /^(Chromium|Google Chrome for Testing) \d/.test(version);
const isFirefox = (version: string) => Number(/^Mozilla Firefox (\d+)/.exec(version)?.[1] ?? 0) >= OLDEST_FIREFOX;

const installedChromium = () =>
  firstUsable('PATCHBAY_CHROMIUM', ['chromium', 'chromium-browser'], CHROMIUM_PLACES, isChromium);

function playwrightChromium(): string | undefined {
  try {
    return chromium.executablePath();
  } catch {
    return undefined;
  }
}

function firstUsable(
  variable: string,
  names: readonly string[],
  places: readonly string[],
  accepts: (version: string) => boolean,
): Browser | undefined {
  const named = process.env[variable];
  if (named) {
    const browser = usable(named, accepts);
    if (!browser) throw new Error(`${variable} names ${named}, which is not a browser that these commands can use.`);
    return browser;
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...places];
  for (const path of candidates) {
    const browser = usable(path, accepts);
    if (browser) return browser;
  }
  return undefined;
}

/** Undefined unless it starts (a download without its system libraries does not) and says a version we accept. */
function usable(path: string | undefined, accepts: (version: string) => boolean): Browser | undefined {
  if (!path || !existsSync(path)) return undefined;
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return undefined;
  }
  const answer = spawnSync(path, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 60_000,
  });
  const version = answer.status === 0 ? answer.stdout.trim() : '';
  return accepts(version) ? { path, version } : undefined;
}

/** Installs a Debian package where that is possible; where it is not, the caller's own sentence says what to do. */
async function apt(name: string): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !isDebian()) return;
  say(`installing ${name} with apt-get (once; about a minute) …`);
  const options = ['-y', '-qq', '-o', 'DPkg::Lock::Timeout=300'];
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', ...options], 300_000, env);
  await run('apt-get', ['install', '--no-install-recommends', ...options, name, 'fonts-dejavu-core'], 900_000, env);
}

function isDebian(): boolean {
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** Runs a command with its output on standard error; whether it worked shows in what it was to bring. */
function run(
  command: string,
  args: readonly string[],
  timeout: number,
  env: Record<string, string> = {},
): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 2, 2], timeout, env: { ...process.env, ...env } });
    child.on('error', () => resolve());
    child.on('exit', () => resolve());
  });
}
