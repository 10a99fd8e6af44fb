import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  answersIn,
  ask,
  authorOf,
  capMeter,
  detailsOf,
  ended,
  lastAnswer,
  pickModel,
  send,
} from '../support/panel-driver.ts';
import { type Stage, startStage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  // As slow as life, so that the stream can be watched.
  stage = await startStage({ speed: 1 });
});
afterAll(() => stage?.close());
afterEach((context) => stage.tidy(context));

it('opens on the ways in, and its first message works without any key', async () => {
  const panel = await stage.panel();
  await panel.getByRole('heading', { level: 2 }).first().waitFor();
  await stage.product.picture(panel, 'first-start');
  const answer = await ask(panel, 'What is a spend cap?');
  expect(await answer.getAttribute('data-status')).toBe('complete');
  expect(await answer.locator('.answer-head').textContent()).toMatch(/not an AI/i);
  expect(stage.server.journal.chats()).toEqual([]);
});

it('streams an answer into the real side panel, with its model, its cost and what is left of the cap', async () => {
  await stage.addKey({ caps: { day: '1' } });
  const panel = await stage.panel('claude sonnet');
  await panel
    .getByRole('button', { name: /new conversation/i })
    .first()
    .click();
  await send(panel, 'Write a debounce function in TypeScript, please.');
  const answer = lastAnswer(panel);
  const text = () =>
    answer
      .locator('.markdown')
      .allTextContents()
      .then((all) => all.join(''));
  // Growing: three looks, each longer than the one before, while the answer says it is not finished.
  const lengths: number[] = [];
  await expect
    .poll(
      async () => {
        const length = (await text()).length;
        if (length > (lengths.at(-1) ?? 0)) lengths.push(length);
        return lengths.length;
      },
      { timeout: 30_000, interval: 50 },
    )
    .toBeGreaterThan(3);
  expect(await answer.getAttribute('data-status')).toBe('streaming');
  await stage.product.picture(panel, 'streaming');
  await ended(answer);
  expect(await answer.getAttribute('data-status')).toBe('complete');
  expect(await text()).toContain('clearTimeout');
  expect(await authorOf(answer)).toContain('Claude Sonnet 4.5');
  await stage.product.picture(panel, 'answered');

  const details = await detailsOf(answer);
  const [exchange] = stage.server.journal.chats();
  const cost = /"cost":([\d.e-]+)/.exec(exchange?.sent.map((one) => one.text).join('') ?? '')?.[1];
  expect(Number(details.cost?.match(/[\d.]+/)?.[0])).toBeCloseTo(Number(cost), 9);
  expect(details['output tokens']).toMatch(/^\d+$/);
  expect(await capMeter(panel)).toMatch(/\$1/);
});

it('lets another model answer the next message of the same conversation, and each shows who it was', async () => {
  const panel = await stage.panel('gpt-4.1');
  const before = await answersIn(panel).count();
  const second = await ask(panel, 'And now a table that compares it with throttle.');
  expect(before).toBeGreaterThan(0);
  expect(await authorOf(second)).toContain('GPT-4.1');
  expect(await authorOf(answersIn(panel).nth(before - 1))).toContain('Claude Sonnet 4.5');
  const asked = stage.server.journal.chats().map((exchange) => exchange.json?.model);
  expect(asked).toEqual(['anthropic/claude-sonnet-4.5', 'openai/gpt-4.1']);
  // The other model was told the whole conversation.
  expect(JSON.stringify(stage.server.journal.chats()[1]?.json?.messages)).toContain('debounce function in TypeScript');

  await pickModel(panel, 'gemini', true);
  const third = await ask(panel, 'Once more, as a list.');
  expect(await authorOf(third)).toContain('Gemini');
  const fourth = await ask(panel, 'Thanks.');
  expect(await authorOf(fourth)).toContain('GPT-4.1');
  await stage.product.picture(panel, 'two-models');
});

it('shows every model of the key with what it costs', async () => {
  const panel = await stage.panel();
  await panel.locator('.model-chip-button').click();
  await panel.getByRole('option').first().waitFor();
  await stage.product.picture(panel, 'models');
  // Twelve of the server's, and the built-in guide.
  expect(await panel.getByRole('option').first().getAttribute('aria-setsize')).toBe('13');
  await panel.getByRole('combobox').fill('free');
  await expect.poll(() => panel.getByRole('option').count()).toBeGreaterThan(0);
  expect(await panel.getByRole('option').first().textContent()).toMatch(/free/i);
});
