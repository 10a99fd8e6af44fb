import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectHost } from '../support/host-client.ts';
import { scheduled } from '../support/model-server/scripts.ts';
import { answersIn, ended, lastAnswer, ready, send, stopButton } from '../support/panel-driver.ts';
import { type Stage, startStage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  await stage.addKey({ caps: { day: '5' } });
  const panel = await stage.panel('gpt-4.1');
  await panel.close();
});
afterAll(() => stage?.close());
beforeEach(() => stage.server.journal.clear());
afterEach((context) => stage.tidy(context));

const MODEL = 'openai/gpt-4.1';
const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index} `);

async function freshPanel() {
  const panel = await stage.panel();
  await panel
    .getByRole('button', { name: /new conversation/i })
    .first()
    .click();
  return panel;
}

it('an answer goes on while the panel is closed, and is whole when it is opened again', async () => {
  const remove = stage.server.script(MODEL, scheduled(words(30), 150));
  const panel = await freshPanel();
  await send(panel, 'Say thirty words.');
  await panel.getByText('word3').waitFor();
  await panel.close();

  const again = await stage.product.openPanel();
  await ready(again);
  // Still being written, and everything from before is there.
  await expect.poll(() => lastAnswer(again).textContent()).toContain('word0 word1');
  const answer = lastAnswer(again);
  await ended(answer);
  expect((await answer.locator('.markdown').textContent())?.trim().split(/\s+/)).toEqual(
    words(30).map((w) => w.trim()),
  );
  expect(await answer.getAttribute('data-status')).toBe('complete');
  const [exchange] = stage.server.journal.chats();
  expect(stage.server.journal.chats()).toHaveLength(1);
  expect(exchange?.closedBy).toBe('server');
  remove();
});

it('an answer that ended while no panel was open is there afterwards', async () => {
  const remove = stage.server.script(MODEL, scheduled(words(8), 100));
  const panel = await freshPanel();
  await send(panel, 'Say eight words.');
  await panel.getByText('word0').waitFor();
  await panel.close();
  await stage.server.journal.until((exchange) => exchange.closedBy === 'server');
  const again = await stage.product.openPanel();
  await ready(again);
  await expect.poll(() => lastAnswer(again).textContent()).toContain('word7');
  expect(await lastAnswer(again).getAttribute('data-status')).toBe('complete');
  remove();
});

it('Stop closes the connection before the next chunk, and keeps what was said', async () => {
  const every = 4_000;
  const remove = stage.server.script(MODEL, scheduled(words(20), every));
  const panel = await freshPanel();
  await send(panel, 'Say twenty words, slowly.');
  await panel.getByText('word1').waitFor();
  await stopButton(panel).click();
  const exchange = await stage.server.journal.until((one) => one.closedBy !== undefined);
  expect(exchange.closedBy).toBe('client');
  // Two chunks had come; the third was still to be written when the connection was closed.
  expect(exchange.sent).toHaveLength(2);
  expect(exchange.closedAt! - exchange.sent[1]!.at).toBeLessThan(every);
  const answer = lastAnswer(panel);
  await ended(answer);
  expect(await answer.textContent()).toContain('word0 word1');
  await stage.product.picture(panel, 'stopped');
  remove();
});

it('a killed background leaves the partial answer, marked as interrupted, and its reservation counted', async () => {
  const remove = stage.server.script(MODEL, scheduled(words(40), 250));
  const panel = await freshPanel();
  const page = await stage.product.openPage('options.html');
  const before = (await (await connectHost(page)).now()).keys[0]!.caps[0]!;
  await send(panel, 'Say forty words.');
  await panel.getByText('word9').waitFor();
  await stage.product.killWorker();
  await stage.server.journal.until((exchange) => exchange.closedBy === 'client');

  // The panel finds its way back by itself.
  const answer = lastAnswer(panel);
  await ended(answer, 40_000);
  expect(await answer.getAttribute('data-status')).toBe('interrupted');
  // Saved every half second: at most two chunks are lost.
  expect(await answer.textContent()).toContain('word0 word1 word2 word3 word4 word5');
  await stage.product.picture(panel, 'interrupted');

  await page.reload();
  const host = await connectHost(page);
  const after = host.state.keys[0]!.caps[0]!;
  // GPT-4.1 answers at most 8,192 tokens here, at 8 USD per million: all of that counts until the bill is known.
  const counted = Number(after.spentUsd) + Number(after.reservedUsd) - Number(before.spentUsd);
  expect(counted).toBeGreaterThan(0.06);
  await page.close();
  remove();

  // And what was asked can be asked again.
  await panel.getByRole('button', { name: 'Retry', exact: true }).last().click();
  await expect.poll(() => answersIn(panel).last().getAttribute('data-status'), { timeout: 20_000 }).toBe('complete');
});

it('an open panel lets the background rest, and has the news once it runs again', async () => {
  const panel = await freshPanel();
  await send(panel, 'Hello?');
  await ended(lastAnswer(panel));
  // One that ends within five seconds is taken for one in trouble, and started again at once.
  await new Promise((resolve) => setTimeout(resolve, 5_500));
  await stage.product.killWorker();
  for (let look = 0; look < 10; look += 1) {
    expect(await stage.product.workerRuns()).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await panel.locator('.banner').count()).toBe(0);

  const page = await stage.product.openPage('options.html');
  const host = await connectHost(page);
  const [conversation] = (await host.request('conversation.list', {})).conversations;
  await host.request('conversation.rename', { id: conversation!.id, title: 'Renamed elsewhere' });
  await panel.getByRole('heading', { level: 1, name: 'Renamed elsewhere' }).waitFor();
  await page.close();
  await send(panel, 'And now?');
  await expect.poll(() => answersIn(panel).count()).toBe(2);
  await ended(lastAnswer(panel));
  expect(await lastAnswer(panel).getAttribute('data-status')).toBe('complete');
});
