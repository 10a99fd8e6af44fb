import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { launch, type Product } from '../test/support/extension.ts';
import { type ModelServer, startModelServer, TEST_KEYS } from '../test/support/model-server/server.ts';
import { addKey } from '../test/support/options-page.ts';
import { answersIn, authorOf, detailsOf, modelCount, pickModel, ready, send } from '../test/support/panel-driver.ts';
import { say } from './lib/project.ts';
import { startVsCode } from './vscode-start.ts';

/**
 * The main job: Patchbay in a Chromium of its own, with a key and a cap in place. With a display it stays until it is
 * closed; without one (or with `--headless`) it sends one message through the real side panel, prints what came back, and
 * ends.
 */

/** USD a day. A demonstration costs a fraction of a cent; with a real key, this is the most that it can cost. */
const CAP = '1';
const QUESTION = 'Compare debounce and throttle in a table, and say when to use which.';

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
    if (headless) await demonstrate(product, panel, to);
    else {
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

/** One message through the real side panel, printed as it streams, and everything that is known about its answer. */
async function demonstrate(product: Product, panel: Page, to: Backend): Promise<void> {
  say(`asking: ${QUESTION}`);
  const before = await answersIn(panel).count();
  await send(panel, QUESTION);
  const answer = answersIn(panel).nth(before);
  await answer.waitFor();
  await printStream(answer);
  const status = await answer.getAttribute('data-status');
  if (status !== 'complete') {
    const why = (await answer.locator('.failure, .cut').allTextContents()).join(' ').replaceAll(/\s+/g, ' ');
    throw new Error(`The answer did not come to its end: ${why}`);
  }
  const picture = await product.picture(panel, 'panel');
  const details = await detailsOf(answer);
  const rows = [
    ['model', await authorOf(answer)],
    [
      'route',
      `${details.provider} at ${to.address ?? 'https://openrouter.ai/api/v1'}, answered by ${details['answered by']}`,
    ],
    ['tokens', `${details['input tokens']} in, ${details['output tokens']} out`],
    ['cost', details.cost],
    ['cap left', `${details['left of the cap']} of $${CAP} a day`],
    ['picture', picture],
  ];
  process.stdout.write(`\n${rows.map(([name, value]) => `${name?.padEnd(10)}${value}\n`).join('')}`);
}

/** Prints each block of an answer as soon as the next one has begun, and the last one at the end. */
async function printStream(answer: Locator): Promise<void> {
  let printed = 0;
  for (;;) {
    // In this order: what was complete before the status was read is complete after it.
    const over = (await answer.getAttribute('data-status')) !== 'streaming';
    const blocks = await answer.locator('.markdown > *').evaluateAll((elements) =>
      // biome-ignore lint/performance/useDomNodeTextContent: lists and tables are wanted as they are laid out
      elements.map((element) => element.querySelector('pre')?.textContent ?? (element as HTMLElement).innerText),
    );
    for (const block of blocks.slice(printed, over ? undefined : -1)) {
      process.stdout.write(`\n${block.trimEnd()}\n`);
      printed += 1;
    }
    if (over) return;
    await answer.page().waitForTimeout(100);
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
