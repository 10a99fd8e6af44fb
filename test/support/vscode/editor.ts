import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { ROOT } from '../../../scripts/lib/project.ts';
import { findChromium } from '../chromium.ts';
import { findVsCode } from './install.ts';
import type { PanelWindow } from './workbench.ts';

export interface EditorOptions {
  /** Packaged extensions to install; without any, the editor is as it comes. */
  readonly vsix?: readonly string[];
  /** Files of the workspace, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly extraArguments?: readonly string[];
  /** Set for its server, besides what it inherits. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default true. */
  readonly headless?: boolean;
}

/** A real VS Code: its server, and a browser in which its windows open. */
export interface Editor {
  readonly workspace: string;
  /** Everything it wrote: user data, extensions, logs, and the browser's profile. */
  readonly root: string;
  readonly url: string;
  /** Opens another window on the workspace. `exposed` are functions that its page can call. */
  open(query?: string, exposed?: Readonly<Record<string, (...args: unknown[]) => unknown>>): Promise<Page>;
  /** Ends the server and starts it again at the same address, as a restart of the machine would; windows are closed. */
  restart(): Promise<void>;
  /** Process ids of the extension hosts that run now. */
  extensionHosts(): number[];
  close(): Promise<void>;
}

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  // In a browser it is on by default.
  'files.autoSave': 'off',
  'editor.minimap.enabled': false,
  'editor.accessibilitySupport': 'off',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  // Else it notices other servers of this machine and tells about each.
  'remote.autoForwardPorts': false,
  'remote.restoreForwardedPorts': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'typescript.tsserver.web.typeAcquisition.enabled': false,
};

/** No gallery of extensions: the default asks a host outside. Port 9 refuses at once. */
const NO_GALLERY = JSON.stringify({
  serviceUrl: 'http://127.0.0.1:9/gallery',
  itemUrl: 'http://127.0.0.1:9/item',
  resourceUrlTemplate: 'http://127.0.0.1:9/{publisher}/{name}/{version}/{path}',
});

const GUARD = join(ROOT, 'test/support/vscode/guard.ts');

const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a VS Code with its own user data and one workspace. Everything is gone after `close`. */
export async function startEditor(options: EditorOptions = {}): Promise<Editor> {
  const code = await findVsCode();
  const root = mkdtempSync(join(tmpdir(), 'patchbay-code-'));
  const [data, extensions, home, workspace, temp] = ['data', 'ext', 'home', 'ws', 't'].map((name) =>
    join(root, name),
  ) as [string, string, string, string, string];
  for (const folder of [join(data, 'User'), extensions, home, workspace, temp]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(data, 'User/settings.json'), JSON.stringify({ ...SETTINGS, ...options.settings }));
  for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(workspace, name), text);
  const env = { ...environment(home, temp), ...options.env };
  const common = ['--user-data-dir', data, '--extensions-dir', extensions];
  const packages = options.vsix?.flatMap((vsix) => ['--install-extension', vsix]) ?? [];
  if (packages.length > 0) execFileSync(code.node, [code.entry, ...common, ...packages], { env, stdio: 'pipe' });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = join(root, 'server.log');

  const startServer = async () => {
    const out = openSync(log, 'a');
    const child = spawn(
      process.execPath,
      [
        ...[GUARD, root, code.node, code.entry],
        ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check'],
        ...['--disable-workspace-trust', '--disable-getting-started-override'],
        ...common,
        ...(options.extraArguments ?? []),
        workspace,
      ],
      { env, stdio: ['pipe', out, out], detached: true },
    );
    const group = child.pid as number;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const deadline = Date.now() + 60_000;
    for (;;) {
      if (child.exitCode !== null) throw new Error(`code-server ended: ${readFileSync(log, 'utf8').slice(-2000)}`);
      const ready = await fetch(`${url}/healthz`).then(
        (response) => response.ok,
        () => false,
      );
      if (ready) break;
      if (Date.now() > deadline) throw new Error('code-server did not start within a minute');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return {
      group,
      stop: async () => {
        signalGroup(group, 'SIGTERM');
        const timer = setTimeout(() => signalGroup(group, 'SIGKILL'), 8_000);
        await gone;
        clearTimeout(timer);
        signalGroup(group, 'SIGKILL');
      },
    };
  };

  let server = await startServer();
  let browser: BrowserContext | undefined;
  const openBrowser = async () => {
    const { headless = true } = options;
    const context = await chromium.launchPersistentContext(join(root, 'profile'), {
      executablePath: (await findChromium()).path,
      headless,
      // With a person in front of it, the window is as large as they make it.
      viewport: headless ? { width: 1400, height: 900 } : null,
      args: BROWSER_ARGUMENTS,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(60_000);
    // Nothing but this machine is asked, by anybody.
    await context.route(
      ({ hostname, protocol }) => !['127.0.0.1', 'localhost'].includes(hostname) && /^https?:$/.test(protocol),
      (route) => route.abort(),
    );
    await context.addInitScript(watchPages);
    return context;
  };

  return {
    workspace,
    root,
    url,
    open: async (query = '', exposed = {}) => {
      const first = browser === undefined;
      browser ??= await openBrowser();
      const page = (first && browser.pages()[0]) || (await browser.newPage());
      for (const [name, call] of Object.entries(exposed)) await page.exposeFunction(name, call);
      await page.goto(`${url}/?folder=${encodeURIComponent(workspace)}${query}`, { waitUntil: 'domcontentloaded' });
      await page.locator('.monaco-workbench .part.statusbar').waitFor();
      return page;
    },
    restart: async () => {
      await browser?.close();
      browser = undefined;
      await server.stop();
      server = await startServer();
    },
    extensionHosts: () => processesOf(server.group, /type=extensionHost/),
    close: async () => {
      await browser?.close();
      await server.stop();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Runs in every frame before its own scripts: of a webview it remembers what it is sent, and its channel. */
function watchPages(): void {
  const page = window as PanelWindow & { acquireVsCodeApi?: () => PanelWindow['patchbayEditor'] };
  let acquire: (typeof page)['acquireVsCodeApi'];
  Object.defineProperty(page, 'acquireVsCodeApi', {
    set: (given: typeof acquire) => {
      acquire = given;
      const heard: string[] = [];
      page.patchbayHeard = heard;
      page.addEventListener('message', ({ data }) => heard.push(JSON.stringify(data)));
    },
    get: () =>
      acquire &&
      (() => {
        const editor = acquire?.();
        if (editor) page.patchbayEditor = editor;
        return editor;
      }),
  });
}

/** Ids of the processes of a group whose command line matches. */
function processesOf(group: number, pattern: RegExp): number[] {
  const listed = execFileSync('ps', ['-eo', 'pid=,pgid=,args='], { encoding: 'utf8' });
  return listed.split('\n').flatMap((line) => {
    const [, pid, pgid, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(pgid) === group && pattern.test(args) ? [Number(pid)] : [];
  });
}

function environment(home: string, temp: string): NodeJS.ProcessEnv {
  const own = /^(VSCODE_|CODE_SERVER_|ELECTRON_|NODE_|npm_|PASSWORD$|HASHED_PASSWORD$|PORT$|.*_proxy$)/i;
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
  return {
    ...inherited,
    HOME: home,
    // Short: sockets live in it, and their paths have a limit.
    TMPDIR: existsSync(temp) ? temp : tmpdir(),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    EXTENSIONS_GALLERY: NO_GALLERY,
  };
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Gone already.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
