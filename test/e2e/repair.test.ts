import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectHost } from '../support/host-client.ts';
import { scheduled } from '../support/model-server/scripts.ts';
import { addKey } from '../support/options-page.ts';
import { capMeter, ended, lastAnswer, pickModel, ready, send, stopButton } from '../support/panel-driver.ts';
import { type Stage, startStage } from '../support/stage.ts';

/** A bill that is counted at the most it can be, and whose record only a later background finds. */

const MODEL = 'openai/gpt-4.1';
const CAP = 0.1;
const LABEL = 'capped';
/** Longer than others leave whoever looks for a record to it. */
const LATER_MS = 200_000;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  await stage.addKey({ label: LABEL, caps: { total: String(CAP) } });
});
afterAll(() => stage?.close());
afterEach((context) => stage.tidy(context));

/** The first amount that a text names, USD. */
const amountIn = (text: string | null) => Number(/\$([\d.]+)/.exec(text ?? '')?.[1]);
const shownCost = async (panel: Page) => amountIn(await lastAnswer(panel).locator('.answer-cost').textContent());

async function spent(): Promise<number> {
  const page = await stage.product.openPage('options.html');
  const { state } = await connectHost(page);
  await page.close();
  return Number(state.keys.find(({ label }) => label === LABEL)?.caps[0]?.spentUsd);
}

/** Time is what the ledger saw last: a page whose clock is ahead writes something down, another key. */
async function minutesPass(): Promise<void> {
  const page = await stage.product.openPage('options.html#add');
  // In force before any of the product's code runs, which keeps hold of the clock it finds.
  await page.addInitScript((ms) => {
    const real = Date.now;
    Date.now = () => real() + ms;
  }, LATER_MS);
  await page.reload();
  const secret = `sk-or-v1-${'2'.padStart(64, '0')}`;
  await addKey(page, { label: 'another', secret, address: stage.server.openRouterUrl, caps: { total: '1' } });
  await page.close();
}

it('a bill settled at its bound is repaired by the background that comes after the one that was killed', async () => {
  const stopScript = stage.server.script(MODEL, scheduled(['one ', 'two ', 'three'], 60_000));
  const isRecord = (path: string) => path.endsWith('/generation');
  const reveal = stage.server.script(
    (exchange) => isRecord(exchange.path),
    (record) => record.json(404, { error: { message: 'Generation not found', code: 404 } }),
  );

  const panel = await stage.panel();
  await pickModel(panel, 'gpt-4.1');
  await send(panel, 'Count to three, slowly.');
  await lastAnswer(panel).getByText('one').waitFor();
  await stopButton(panel).click();
  await ended(lastAnswer(panel));
  // GPT-4.1 answers at most 8,192 tokens here, at 8 USD per million.
  await expect.poll(() => shownCost(panel)).toBeGreaterThan(0.06);
  await expect.poll(async () => amountIn(await capMeter(panel))).toBeLessThan(CAP - 0.06);
  expect(await spent()).toBeGreaterThan(0.06);
  // It looks for the record, and dies before it is there.
  await stage.server.journal.until((exchange) => isRecord(exchange.path) && exchange.status === 404);
  await panel.close();
  await minutesPass();
  await stage.product.killWorker();
  reveal();
  stopScript();

  const again = await stage.product.openPanel();
  await ready(again);
  await expect.poll(() => shownCost(again), { timeout: 30_000 }).toBeLessThan(0.01);
  expect(await lastAnswer(again).getAttribute('data-status')).toBe('interrupted');
  expect(await lastAnswer(again).textContent()).toContain('one');
  await expect.poll(async () => amountIn(await capMeter(again))).toBeGreaterThan(CAP - 0.01);
  await stage.product.picture(again, 'repaired');

  // What the record says, and nothing else, is what counts.
  const found = await stage.server.journal.until((exchange) => isRecord(exchange.path) && exchange.status === 200);
  const { data } = JSON.parse(found.sent.map((one) => one.text).join('')) as { data: { total_cost: number } };
  expect(data.total_cost).toBeGreaterThan(0);
  expect(await spent()).toBeCloseTo(data.total_cost, 8);
});
