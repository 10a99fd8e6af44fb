import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import type { FakeHost } from '../../packages/chat/src/ui/testing/fake-host.ts';
import { findChromium } from './chromium.ts';
import { type ServedPage, servePanel } from './panel-page.ts';

/** The panel over its fake host in Chromium. */
export interface PanelBench {
  /** Opens a page; `scenario` is a name of the panel's scenarios. */
  open(scenario: string, options?: BrowserContextOptions & { readonly query?: string }): Promise<PanelPage>;
  close(): Promise<void>;
}

/** What a test does to one panel. */
export interface PanelPage {
  readonly page: Page;
  readonly composer: Locator;
  readonly log: Locator;
  /** Errors and warnings on the console, and uncaught errors. */
  readonly complaints: readonly string[];
  /** Addresses outside of the page's own that it asked for. */
  readonly strangers: readonly string[];
  button(name: string | RegExp): Locator;
  send(text: string): Promise<void>;
  /** The newest answer. */
  answer(): Locator;
  /** Waits until the newest answer is final. */
  answered(): Promise<void>;
  /** Parameters of all requests of a name that the host got, oldest first. */
  asked(name: string): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

declare global {
  interface Window {
    host: FakeHost;
    opened: string[];
  }
}

export async function startPanelBench(): Promise<PanelBench> {
  const served: ServedPage = await servePanel();
  const { path } = await findChromium();
  const browser: Browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
  return {
    open: async (scenario, options = {}) => {
      const { query = '', ...contextOptions } = options;
      const context = await browser.newContext({ viewport: { width: 360, height: 665 }, ...contextOptions });
      const page = await context.newPage();
      const complaints: string[] = [];
      const strangers: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(new URL(served.url).origin) && !url.startsWith('blob:')) strangers.push(url);
      });
      await page.goto(`${served.url}?scenario=${scenario}${query}`);
      const composer = page.locator('[data-composer]');
      const log = page.getByRole('log');
      // The shell stands from the start; the panel itself is there once the host has answered.
      if (!query.includes('hold'))
        await page.waitForFunction(() => document.querySelector('.thread:not([data-loading]) .log') !== null);
      return {
        page,
        composer,
        log,
        complaints,
        strangers,
        button: (name) => page.getByRole('button', { name, exact: typeof name === 'string' }),
        send: async (text) => {
          await composer.fill(text);
          await composer.press('Enter');
        },
        answer: () => log.locator('.assistant').last(),
        answered: () =>
          log.locator('.assistant').last().and(page.locator('[aria-busy="false"]')).waitFor({ timeout: 60_000 }),
        asked: (name) =>
          page.evaluate(async (wanted) => {
            // What was sent before this is with the host then.
            await new Promise((resolve) => setTimeout(resolve, 50));
            return window.host.journal.filter((entry) => entry.name === wanted).map(({ params }) => params as never);
          }, name),
        close: () => context.close(),
      };
    },
    close: async () => {
      await browser.close();
      await served.close();
    },
  };
}
