import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFirefox } from './chromium.ts';

/** A Firefox driven over WebDriver BiDi, with access to its own windows besides the pages in them. */
export interface Firefox {
  /** One BiDi command. */
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** Value of an expression (awaited) in a page or, with a context from {@link Firefox.window}, in the browser's window. */
  evaluate<T>(context: string, expression: string): Promise<T>;
  /** The context of the first page. */
  page(): Promise<string>;
  /** The context of the browser's own window, whose script may do what the user may. */
  window(): Promise<string>;
  /** Goes to an address without waiting for the load event, which extension pages do not report. */
  open(context: string, url: string): Promise<void>;
  /** Installs an unpacked extension until the browser ends. */
  install(folder: string): Promise<void>;
  picture(context: string): Promise<Buffer>;
  close(): Promise<void>;
}

/** Nothing but what is asked for: no first-run pages, no updates, no network of its own. */
const QUIET: Readonly<Record<string, string | number | boolean>> = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'termsofuse.acceptedVersion': 999,
  'termsofuse.bypassNotification': true,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
};

/** Starts Firefox without a display. */
export async function launchFirefox(preferences: Record<string, string | number | boolean> = {}): Promise<Firefox> {
  const browser = await findFirefox();
  const profile = mkdtempSync(join(tmpdir(), 'patchbay-firefox-'));
  const lines = Object.entries({ ...QUIET, ...preferences }).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const child = spawn(
    browser.path,
    [
      '--headless',
      '--profile',
      profile,
      '--no-remote',
      '--remote-debugging-port=0',
      '--remote-allow-system-access',
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const clean = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 5_000))]);
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      const timer = setTimeout(() => reject(new Error(`Firefox opened no BiDi port:\n${said}`)), 90_000);
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const found = /WebDriver BiDi listening on (ws:\S+)/.exec(said)?.[1];
        if (!found) return;
        clearTimeout(timer);
        resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`Firefox ended with code ${code}:\n${said}`)));
    });
    return await connect(`${address}/session`, clean);
  } catch (error) {
    child.kill('SIGKILL');
    await clean();
    throw error;
  }
}

interface Answer {
  readonly id?: number;
  readonly type?: 'success' | 'error' | 'event';
  readonly result?: Record<string, unknown>;
  readonly error?: string;
  readonly message?: string;
}

interface Context {
  readonly context: string;
  readonly url: string;
}

async function connect(address: string, clean: () => Promise<void>): Promise<Firefox> {
  const socket = new WebSocket(address);
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error('Firefox refused the BiDi connection'));
  });
  let last = 0;
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.onmessage = (event) => {
    const answer = JSON.parse(String(event.data)) as Answer;
    if (answer.id === undefined) return;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  };
  const send: Firefox['send'] = (method, params = {}) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, (answer) => {
        if (answer.type === 'error') reject(new Error(`${method}: ${answer.error}: ${answer.message}`));
        else resolve(answer.result ?? {});
      });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  await send('session.new', { capabilities: {} });

  const first = async (scope: object): Promise<string> => {
    const { contexts } = (await send('browsingContext.getTree', scope)) as { contexts: Context[] };
    const found = contexts[0];
    if (!found) throw new Error('Firefox has no window');
    return found.context;
  };
  return {
    send,
    evaluate: async <T>(context: string, expression: string) => {
      const answer = (await send('script.evaluate', {
        expression,
        target: { context },
        awaitPromise: true,
        userActivation: true,
      })) as { type: string; result?: { value?: unknown }; exceptionDetails?: { text: string } };
      if (answer.type === 'exception') throw new Error(answer.exceptionDetails?.text);
      return answer.result?.value as T;
    },
    page: () => first({}),
    window: () => first({ 'moz:scope': 'chrome' }),
    open: async (context, url) => {
      await send('browsingContext.navigate', { context, url, wait: 'none' });
    },
    install: async (folder) => {
      await send('webExtension.install', { extensionData: { type: 'path', path: folder } });
    },
    picture: async (context) => {
      const { data } = (await send('browsingContext.captureScreenshot', { context })) as { data: string };
      return Buffer.from(data, 'base64');
    },
    close: async () => {
      await Promise.race([
        send('browser.close').catch(() => undefined),
        new Promise((done) => setTimeout(done, 3_000)),
      ]);
      socket.close();
      await clean();
    },
  };
}
