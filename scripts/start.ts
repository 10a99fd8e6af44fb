import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launch, type Product } from '../test/support/extension.ts';
import { type ModelServer, startModelServer, TEST_KEYS } from '../test/support/model-server/server.ts';
import { addKey } from '../test/support/options-page.ts';
import { modelCount, pickModel, ready } from '../test/support/panel-driver.ts';
import { demonstrate } from './lib/demonstrate.ts';
import { say } from './lib/project.ts';
import { startVsCode } from './vscode-start.ts';

/**
 * The main job: Patchbay in a Chromium of its own, with a key and a cap in place. With a display it stays until it is
 * closed; without one (or with `--headless`) it sends one message through the real side panel, prints what came back, and
 * ends.
 */

/** USD a day. A demonstration costs a fraction of a cent; with a real key, this is the most that it can cost. */
const CAP = '1';

interface Backend {
  readonly name: string;
  readonly secret: string;
  readonly address?: string;
  /** Words that pick the model for the first message. */
  readonly model: string;
  readonly server?: ModelServer;
}

async function backend(): Promise<Backend> {
  const secret = process.env.OPENROUTER_API_KEY?.trim();
  if (secret) return { name: 'OpenRouter', secret, model: 'gpt-5-mini' };
  const server = await startModelServer();
  return {
    name: `the local model server at ${server.origin}`,
    secret: TEST_KEYS.good,
    address: server.openRouterUrl,
    model: 'sonnet',
    server,
  };
}

const hasDisplay = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

async function main(): Promise<void> {
  const headless = process.argv.includes('--headless') || !hasDisplay();
  if (process.argv.includes('vscode')) return startVsCode(headless);
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-'));
  let product: Product | undefined;
  let server: ModelServer | undefined;
  const end = async () => {
    await product?.quit().catch(() => undefined);
    await server?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const work = async () => {
    const to = await backend();
    server = to.server;
    say(`talking to ${to.name}.`);
    say(headless ? 'starting Chromium without a window …' : 'starting Chromium …');
    product = await launch({ headless, folder });
    const panel = await setUp(product, to);
    if (headless) {
      const { picture } = product;
      await demonstrate(panel, {
        address: to.address ?? 'https://openrouter.ai/api/v1',
        cap: `$${CAP} a day`,
        picture: () => picture(panel, 'panel'),
      });
    } else {
      const closed = new Promise<void>((resolve) => product?.context.on('close', () => resolve()));
      say('ready: write into the panel on the side. Close the browser or press Ctrl+C to end.');
      await closed;
    }
  };
  try {
    await Promise.race([work(), interrupted]);
  } finally {
    await end();
  }
}

/** Adds the key through the options page, as a person would, and opens the side panel. */
async function setUp(product: Product, to: Backend): Promise<Page> {
  say('adding a key with a cap on the options page …');
  const options = await product.openPage('options.html#add');
  await addKey(options, {
    secret: to.secret,
    ...(to.address !== undefined && { address: to.address }),
    caps: { day: CAP },
  }).catch((error: Error) => {
    throw new Error(to.server ? error.message : `The key in OPENROUTER_API_KEY could not be added: ${error.message}`);
  });
  say('opening the side panel …');
  const first = product.context.pages().find((page) => page !== options);
  const panel = await product.openPanel(first);
  await options.close();
  await ready(panel);
  say(`${await modelCount(panel)} models to choose from.`);
  await pickModel(panel, to.model);
  return panel;
}

try {
  await main();
  process.exit(0);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
