import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type CDPSession, chromium, type Page, type Worker } from 'playwright-core';
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
  /** One of the extension's own pages as a tab, such as `options.html#add`. */
  openPage(path: string): Promise<Page>;
  /** Another browser window, with one empty tab. */
  openWindow(): Promise<Page>;
  /** The background worker of this moment, woken if need be. */
  worker(): Promise<Worker>;
  /** Kills the background worker at once, as the browser or a crash does. */
  killWorker(): Promise<void>;
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
export const extensionIdOf = (path: string): string =>
  [...createHash('sha256').update(path).digest('hex').slice(0, 32)]
    .map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)))
    .join('');

/** Puts the extension and a fresh profile into a folder; the hosts count as granted before. */
export async function prepare(
  folder: string,
  hosts: readonly string[],
): Promise<{ readonly extension: string; readonly profile: string; readonly id: string }> {
  const extension = join(folder, 'extension');
  const profile = join(folder, 'profile');
  await copyExtension('chrome', extension);
  const id = extensionIdOf(extension);
  const grant = { api: [], explicit_host: hosts, manifest_permissions: [], scriptable_host: [] };
  mkdirSync(join(profile, 'Default'), { recursive: true });
  writeFileSync(
    join(profile, 'Default', 'Preferences'),
    JSON.stringify({
      extensions: { settings: { [id]: { granted_permissions: grant, runtime_granted_permissions: grant } } },
    }),
  );
  return { extension, profile, id };
}

/** Switches that every Chromium here is started with. `--disable-extensions-except` is what lets ours load at all. */
export const chromiumArgs = (extension: string): string[] => [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  `--disable-extensions-except=${extension}`,
  `--load-extension=${extension}`,
];

/** Starts Chromium with the extension, which is built first if need be. */
export async function launch(options: LaunchOptions = {}): Promise<Product> {
  // Playwright leaves a side panel alone otherwise: at birth its target is of type "other". Pinned with its version.
  process.env.PW_CHROMIUM_ATTACH_TO_OTHER = '1';
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'patchbay-'));
  const remove = () => {
    if (!options.folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return await start(folder, options, remove);
  } catch (error) {
    remove();
    throw error;
  }
}

async function start(folder: string, options: LaunchOptions, remove: () => void): Promise<Product> {
  const browser = await findChromium();
  const { extension, profile, id } = await prepare(folder, options.hosts ?? LOCAL_HOSTS);
  const [width, height] = options.window ?? [1280, 900];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browser.path,
    headless: options.headless ?? true,
    viewport: null,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [...chromiumArgs(extension), `--window-size=${width},${height}`, ...(options.args ?? [])],
  });
  context.setDefaultTimeout(30_000);
  const lines: string[] = [];
  const listen = (page: Page) => {
    page.on('console', (message) => lines.push(`${page.url()} ${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => lines.push(`${page.url()} error: ${error.stack ?? error.message}`));
  };
  context.on('page', listen);
  context.pages().forEach(listen);
  context.on('serviceworker', (worker) => {
    worker.on('console', (message) => lines.push(`worker ${message.type()}: ${message.text()}`));
  });

  const host = `chrome-extension://${id}`;
  const cdp = await context.browser()?.newBrowserCDPSession();
  if (!cdp) throw new Error('the browser gives no debugging session');
  const wake = async (): Promise<Worker> => {
    const known = context.serviceWorkers().find((worker) => worker.url().startsWith(host));
    return known ?? (await context.waitForEvent('serviceworker', (worker) => worker.url().startsWith(host)));
  };
  const first = context.pages()[0] ?? (await context.newPage());
  // The toolbar icon opens the panel only once the worker's setPanelBehavior has taken effect.
  const worker = await wake();
  await until(() => worker.evaluate('chrome.sidePanel.getPanelBehavior().then((b) => b.openPanelOnActionClick)'));

  return {
    context,
    origin: host,
    profile,
    console: lines,
    openPanel: async (inWindowOf = first) => {
      const targetId = await tabOf(cdp, inWindowOf);
      const [panel] = await Promise.all([
        context.waitForEvent('page'),
        cdp.send('Extensions.triggerAction' as never, { id, targetId } as never),
      ]);
      await panel.waitForURL(`${host}/sidepanel.html`);
      return panel;
    },
    openPage: async (path) => {
      const page = await context.newPage();
      await page.goto(`${host}/${path}`);
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
      const mine = async () => {
        const { targetInfos } = await cdp.send('Target.getTargets', { filter: [{}] });
        return targetInfos.find((target) => target.type === 'service_worker' && target.url.startsWith(host));
      };
      const target = await mine();
      if (!target) return;
      await cdp.send('Target.closeTarget', { targetId: target.targetId });
      await until(async () => (await mine())?.targetId !== target.targetId);
    },
    picture: async (page, name) => {
      mkdirSync(OUT, { recursive: true });
      const path = join(OUT, `${name}.png`);
      await page.screenshot({ path });
      return path;
    },
    quit: () => context.close(),
    close: async () => {
      await context.close();
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
