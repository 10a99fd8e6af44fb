import { expect, it } from 'vitest';
import { launchUnwatched } from '../support/extension.ts';
import { scheduled, slowStart } from '../support/model-server/scripts.ts';
import { startModelServer, TEST_KEYS } from '../support/model-server/server.ts';
import type { Script } from '../support/model-server/stage.ts';
import { addKey } from '../support/options-page.ts';
import { ended, lastAnswer, pickModel, ready, send } from '../support/panel-driver.ts';

const MODEL = 'openai/gpt-4.1';

/**
 * Starts an answer in the real side panel, closes the panel, takes every debugger off the browser (an attached one keeps
 * a worker alive and would prove nothing), and looks again once the server has said everything or was left.
 */
async function alone(
  script: Script,
  longestMs: number,
): Promise<{ status: string | null; text: string; closedBy: string | undefined }> {
  const server = await startModelServer();
  server.script(MODEL, script);
  const browser = await launchUnwatched();
  try {
    const product = await browser.attach();
    const options = await product.openPage('options.html#add');
    await addKey(options, { secret: TEST_KEYS.good, address: server.openRouterUrl, caps: { day: '5' } });
    await options.close();
    const panel = await product.openPanel();
    await ready(panel);
    await pickModel(panel, MODEL);
    await send(panel, 'Take your time.');
    await server.journal.until((exchange) => exchange.path.endsWith('/chat/completions'));
    await panel.close();
    await browser.detach();

    const exchange = await server.journal.until(
      (one) => one.path.endsWith('/chat/completions') && one.closedBy !== undefined,
      longestMs,
    );
    const again = await (await browser.attach()).openPanel();
    await ready(again);
    const answer = lastAnswer(again);
    await ended(answer);
    return {
      status: await answer.getAttribute('data-status'),
      text: (await answer.locator('.markdown').allTextContents()).join('').trim(),
      closedBy: exchange.closedBy,
    };
  } finally {
    await browser.close();
    await server.close();
  }
}

it.concurrent('a wait of 75 seconds for the first word survives with the panel closed and nobody watching', async () => {
  expect(await alone(slowStart(75_000, 'At last.'), 120_000)).toEqual({
    status: 'complete',
    text: 'At last.',
    closedBy: 'server',
  });
});

it.concurrent('an answer of three minutes survives with the panel closed and nobody watching', async () => {
  const words = Array.from({ length: 180 }, (_, index) => `word${index} `);
  expect(await alone(scheduled(words, 1_000), 240_000)).toEqual({
    status: 'complete',
    text: words.join('').trim(),
    closedBy: 'server',
  });
});
