import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page, type Worker } from 'playwright-core';
import { copyExtension } from '../../scripts/lib/build-extension.ts';
import { OUT } from '../../scripts/lib/project.ts';
import { findChromium } from './chromium.ts';

/** A Chromium with the built extension in it, and everything a test or a person at the door does to it. */
export interface Product {
  readonly context: BrowserContext;
  /** `chrome-extension://<id>` */
  readonly origin: string;
  /** The browser's profile folder. */
  readonly profile: string;
  /** The real side panel of a window (default: the first one), opened as a click on the toolbar icon does. */
  openPanel(inWindowOf?: Page): Promise<Page>;
  /** Closes every side panel, as a click on its cross does. */
  closePanels(): Promise<void>;
  /** One of the extension's own pages as a tab, such as `options.html#add`. */
  openPage(path: string): Promise<Page>;
  /** Another browser window, with one empty tab. */
  openWindow(): Promise<Page>;
  /** The background worker of this moment, woken if need be. */
  worker(): Promise<Worker>;
  /** Kills the background worker at once, as the browser or a crash does. */
  killWorker(): Promise<void>;
  /** Whether the browser has the background started. */
  workerRuns(): Promise<boolean>;
  /** Saves a picture of a page into the folder `out` and returns its path. */
  picture(page: Page, name: string): Promise<string>;
  /** Everything that any page or worker of the extension wrote to its console, and uncaught errors. */
  readonly console: readonly string[];
  /** Ends the browser; the profile stays until `remove`. */
  quit(): Promise<void>;
  /** Ends the browser and removes what it left on disk. */
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** Match patterns that count as granted before, so that a request for them needs no prompt. */
  readonly hosts?: readonly string[];
  /** Default true. */
  readonly headless?: boolean;
  /** Used instead of a temporary folder, and not removed. */
  readonly folder?: string;
  readonly args?: readonly string[];
  /** Width and height of the window. */
  readonly window?: readonly [number, number];
}

/** Hosts that the local model server is on. */
export const LOCAL_HOSTS: readonly string[] = ['http://127.0.0.1/*', 'http://localhost/*'];

/** An unpacked extension's id: the first half of its path's SHA-256, with letters for digits. */
const extensionIdOf = (path: string): string =>
  [...createHash('sha256').update(path).digest('hex').slice(0, 32)]
    .map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)))
    .join('');

/** Puts the extension and a fresh profile into a folder; the hosts count as granted before. */
async function prepare(
  folder: string,
  hosts: readonly string[],
): Promise<{ readonly extension: string; readonly profile: string; readonly id: string }> {
  const extension = join(folder, 'extension');
  const profile = join(folder, 'profile');
  await copyExtension('chrome', extension);
  const id = extensionIdOf(extension);
  const grant = { api: [], explicit_host: hosts, manifest_permissions: [], scriptable_host: [] };
  const preferences = join(profile, 'Default', 'Preferences');
  // A profile that was used before has its own by now, the grants among them.
  if (!existsSync(preferences)) {
    mkdirSync(join(profile, 'Default'), { recursive: true });
    const settings = { [id]: { granted_permissions: grant, runtime_granted_permissions: grant } };
    writeFileSync(preferences, JSON.stringify({ extensions: { settings } }));
  }
  return { extension, profile, id };
}

/** Switches that every Chromium here is started with. `--disable-extensions-except` is what lets ours load at all. */
const chromiumArgs = (extension: string, [width, height]: readonly [number, number] = [1280, 900]): string[] => [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  `--disable-extensions-except=${extension}`,
  `--load-extension=${extension}`,
  `--window-size=${width},${height}`,
];

/** Starts Chromium with the extension, which is built first if need be. */
export async function launch(options: LaunchOptions = {}): Promise<Product> {
  attachToPanels();
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'patchbay-'));
  const remove = () => {
    if (!options.folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const browser = await findChromium();
    const { extension, profile, id } = await prepare(folder, options.hosts ?? LOCAL_HOSTS);
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: browser.path,
      headless: options.headless ?? true,
      viewport: null,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: [...chromiumArgs(extension, options.window), ...(options.args ?? [])],
    });
    const product = await productIn(context, id, profile, () => context.close(), remove);
    await untilPanelOpens(await product.worker());
    return product;
  } catch (error) {
    remove();
    throw error;
  }
}

/** A Chromium that goes on without us: no debugger is attached to it between `detach` and the next `attach`. */
export interface Unwatched {
  attach(): Promise<Product>;
  detach(): Promise<void>;
  /** Ends the browser and removes what it left on disk. */
  close(): Promise<void>;
}

/**
 * Starts Chromium with the extension as a process of its own. An attached debugger keeps a background worker alive, so
 * whatever is to be learned about its life has to happen while nobody is attached.
 */
export async function launchUnwatched(options: LaunchOptions = {}): Promise<Unwatched> {
  attachToPanels();
  const browser = await findChromium();
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-'));
  const { extension, profile, id } = await prepare(folder, options.hosts ?? LOCAL_HOSTS);
  const child = spawn(
    browser.path,
    [
      '--headless=new',
      ...chromiumArgs(extension, options.window),
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
      'about:blank',
    ],
    { stdio: 'ignore', detached: true },
  );
  const kill = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  };
  process.once('exit', kill);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let attached: Browser | undefined;
  const detach = async () => {
    await attached?.close();
    attached = undefined;
  };
  const port = () => {
    try {
      return readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n')[0];
    } catch {
      return undefined;
    }
  };
  let fresh = true;
  return {
    attach: async () => {
      await until(() => port() !== undefined, 60_000);
      attached = await chromium.connectOverCDP(`http://127.0.0.1:${port()}`);
      const [context] = attached.contexts();
      if (!context) throw new Error('the browser has no profile open');
      const product = await productIn(context, id, profile, detach, () => undefined);
      // Later on the worker may well be asleep, and has set what it had to.
      if (fresh) await untilPanelOpens(await product.worker());
      fresh = false;
      return product;
    },
    detach,
    close: async () => {
      await detach();
      process.off('exit', kill);
      kill();
      await gone;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Playwright leaves a side panel alone otherwise: at birth its target is of type "other". Pinned with its version. */
function attachToPanels(): void {
  process.env.PW_CHROMIUM_ATTACH_TO_OTHER = '1';
}

/** The toolbar icon opens the panel only once the new worker's setPanelBehavior has taken effect. */
const untilPanelOpens = (worker: Worker): Promise<void> =>
  until(() => worker.evaluate('chrome.sidePanel.getPanelBehavior().then((b) => b.openPanelOnActionClick)'));

async function productIn(
  context: BrowserContext,
  id: string,
  profile: string,
  quit: () => Promise<void>,
  remove: () => void,
): Promise<Product> {
  context.setDefaultTimeout(30_000);
  const lines: string[] = [];
  const listen = (page: Page) => {
    page.on('console', (message) => lines.push(`${page.url()} ${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => lines.push(`${page.url()} error: ${error.stack ?? error.message}`));
  };
  const listenTo = (worker: Worker) => {
    worker.on('console', (message) => lines.push(`worker ${message.type()}: ${message.text()}`));
  };
  context.on('page', listen);
  context.pages().forEach(listen);
  context.on('serviceworker', listenTo);
  context.serviceWorkers().forEach(listenTo);

  const origin = `chrome-extension://${id}`;
  const cdp = await context.browser()?.newBrowserCDPSession();
  if (!cdp) throw new Error('the browser gives no debugging session');
  const first = context.pages().find((page) => page.url().startsWith('about:blank')) ?? (await context.newPage());
  const wake = async (): Promise<Worker> => {
    const known = context.serviceWorkers().find((worker) => worker.url().startsWith(origin));
    return known ?? (await context.waitForEvent('serviceworker', (worker) => worker.url().startsWith(origin)));
  };
  const workerTarget = async () => {
    const { targetInfos } = await cdp.send('Target.getTargets', { filter: [{}] });
    return targetInfos.find((target) => target.type === 'service_worker' && target.url.startsWith(origin))?.targetId;
  };
  return {
    context,
    origin,
    profile,
    console: lines,
    openPanel: async (inWindowOf = first) => {
      const targetId = await tabOf(cdp, inWindowOf);
      const [panel] = await Promise.all([
        context.waitForEvent('page'),
        cdp.send('Extensions.triggerAction' as never, { id, targetId } as never),
      ]);
      await panel.waitForURL(`${origin}/sidepanel.html`);
      return panel;
    },
    closePanels: async () => {
      const panels = context.pages().filter((page) => page.url().startsWith(`${origin}/sidepanel.html`));
      await Promise.all(panels.map((panel) => panel.close()));
    },
    openPage: async (path) => {
      const page = await context.newPage();
      await page.goto(`${origin}/${path}`);
      return page;
    },
    openWindow: async () => {
      const [page] = await Promise.all([
        context.waitForEvent('page'),
        cdp.send('Target.createTarget', { url: 'about:blank', newWindow: true }),
      ]);
      return page;
    },
    worker: wake,
    killWorker: async () => {
      const targetId = await workerTarget();
      if (!targetId) return;
      // One that is only just starting, or about to stop, does not hear the first time.
      let asked = 0;
      await until(async () => {
        if ((await workerTarget()) !== targetId) return true;
        if (Date.now() < asked + 1_000) return false;
        asked = Date.now();
        await cdp.send('Target.closeTarget', { targetId }).catch(() => undefined);
        return false;
      });
    },
    workerRuns: async () => (await workerTarget()) !== undefined,
    picture: async (page, name) => {
      mkdirSync(OUT, { recursive: true });
      const path = join(OUT, `${name}.png`);
      await page.screenshot({ path });
      return path;
    },
    quit,
    close: async () => {
      await quit();
      remove();
    },
  };
}

/** The id of the tab that a page is in. */
async function tabOf(cdp: CDPSession, page: Page): Promise<string> {
  const mark = `#${Math.random().toString(36).slice(2)}`;
  // A page and its tab are two targets that share nothing but what they show.
  await page
    .evaluate((fragment) => history.replaceState(null, '', fragment), mark)
    .catch(() => page.goto(`about:blank${mark}`));
  let found: string | undefined;
  await until(async () => {
    const { targetInfos } = await cdp.send('Target.getTargets', { filter: [{ type: 'tab' }] });
    found = targetInfos.find((target) => target.url.endsWith(mark))?.targetId;
    return found !== undefined;
  });
  return found as string;
}

/** Waits until a condition holds; throws after 15 s. */
export async function until(condition: () => Promise<unknown> | unknown, timeoutMs = 15_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
