import type { MessageRecord } from '@patchbay/chat/contract';
import { nanoUsdUp, parseUsd } from '@patchbay/core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectHost, type HostClient } from '../support/host-client.ts';
import type { Exchange } from '../support/model-server/journal.ts';
import { scheduled } from '../support/model-server/scripts.ts';
import { cardOf } from '../support/options-page.ts';
import { ask, capMeter, composerOf, ended, lastAnswer, pickModel, ready, send } from '../support/panel-driver.ts';
import { type Stage, startStage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage?.close());
beforeEach(() => stage.server.journal.clear());
afterEach((context) => stage.tidy(context));

const SONNET = 'anthropic/claude-sonnet-4.5';

/** A fresh key (and so a fresh account) for each test. */
let keys = 0;
async function freshKey(caps: Record<string, string>): Promise<string> {
  keys += 1;
  const secret = `sk-or-v1-${keys.toString(16).padStart(64, '0')}`;
  const label = `key ${keys}`;
  await stage.addKey({ secret, label, caps });
  return label;
}

const nano = (usd: string) => nanoUsdUp(parseUsd(usd) ?? -1n);
const maximumOf = (exchange: Exchange | undefined) =>
  Number(exchange?.json?.max_tokens ?? exchange?.json?.max_completion_tokens);

/** What the server charged for an exchange, USD. */
function charged(exchange: Exchange): number {
  const text = exchange.sent.map((one) => one.text).join('');
  return Number(/"cost":([\d.e-]+)/.exec(text)?.[1] ?? 0);
}

async function openPanel(label: string, model: string): Promise<Page> {
  const panel = await stage.panel();
  await panel
    .getByRole('button', { name: /new conversation/i })
    .first()
    .click();
  // Rows carry the label of the key that pays.
  await pickModel(panel, `${model} ${label}`);
  return panel;
}

describe('a cap of one cent', () => {
  it('asks for less than usual where the usual maximum does not fit, and says so', async () => {
    const label = await freshKey({ day: '0.01' });
    const panel = await openPanel(label, SONNET);
    const answer = await ask(panel, 'Write a debounce function.');
    expect(await answer.getAttribute('data-status')).toBe('complete');
    const notice = answer.locator('.notices li[data-code="max-tokens-shrunk"]');
    expect(await notice.textContent()).toMatch(/\d/);
    const [exchange] = stage.server.journal.chats();
    // 0.01 USD at 15 USD per million is at most 666 tokens, even with nothing at all sent.
    expect(maximumOf(exchange)).toBeGreaterThan(100);
    expect(maximumOf(exchange)).toBeLessThanOrEqual(666);
    expect(charged(exchange!)).toBeLessThanOrEqual(0.01);
    await stage.product.picture(panel, 'cap-shrunk');
  });

  it('refuses what could overshoot it before a byte is sent, and names the largest answer that fits', async () => {
    const label = await freshKey({ day: '0.01' });
    const panel = await openPanel(label, SONNET);
    // 3,000 bytes bound 3,000 tokens, at 3 USD per million 0.009: what is left buys no answer worth having.
    const long = 'x'.repeat(3_000);
    await send(panel, `Summarise this: ${long}`);
    const failure = panel.locator('.failure[data-kind="cap"]');
    await failure.waitFor();
    const said = (await failure.textContent()) ?? '';
    expect(said).toMatch(/claude[- ]sonnet[- ]4\.5/i);
    expect(said).toMatch(/\$0\.01/);
    expect(said).toMatch(/\d+ tokens/);
    expect(stage.server.journal.chats()).toEqual([]);
    // The words are not lost: they stand in the conversation or still in the composer.
    expect(
      `${await panel.locator('.message.user').allTextContents()}${await composerOf(panel).inputValue()}`,
    ).toContain(long);
    await stage.product.picture(panel, 'cap-refused');
  });

  it('is not reset by deleting the key and adding it again', async () => {
    const label = await freshKey({ total: '0.01' });
    const panel = await openPanel(label, SONNET);
    await ask(panel, 'Write a debounce function.');
    // What the answer held back is given back with its settlement, a moment after its last word.
    await expect.poll(() => capMeter(panel)).toMatch(/\$0\.00[1-9]/);
    const before = await capMeter(panel);
    const options = await stage.product.openPage('options.html');
    await cardOf(options, label).getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => options.getByRole('dialog').textContent()).toContain('stays counted');
    await options.getByRole('button', { name: 'Delete this key' }).click();
    await cardOf(options, label).waitFor({ state: 'detached' });
    await options.close();
    await stage.addKey({ secret: `sk-or-v1-${keys.toString(16).padStart(64, '0')}`, label, caps: { total: '0.01' } });
    await pickModel(panel, `${SONNET} ${label}`);
    await expect.poll(() => capMeter(panel)).toBe(before);
  });
});

/** Starts an answer in a conversation of its own; the final message, or the failure that kept it from starting. */
async function run(host: HostClient, keyId: string, text: string, maximum: number): Promise<MessageRecord> {
  const [conversationId, runId] = [crypto.randomUUID(), crypto.randomUUID()];
  await host.request('conversation.create', { id: conversationId });
  await host.request('run.start', {
    runId,
    conversationId,
    parentId: null,
    parts: [{ type: 'text', text }],
    choice: { provider: 'openrouter', model: SONNET, keyId },
    parameters: { maxOutputTokens: maximum },
  });
  return host.ended(runId);
}

function expectHeld(messages: readonly MessageRecord[], exchanges: readonly Exchange[], cap: string): number {
  const total = exchanges.map(charged).reduce((sum, cost) => sum + cost, 0);
  expect(total).toBeLessThanOrEqual(Number(cap));
  const answered = messages.filter((message) => message.status === 'complete');
  const refused = messages.filter((message) => message.failure?.kind === 'cap');
  expect(answered.length + refused.length).toBe(messages.length);
  // Nobody was refused who was sent, and nobody was answered who was not.
  expect(exchanges.length).toBe(answered.length);
  return answered.length;
}

describe('many at once', () => {
  it('twenty messages sent at the same time never exceed their cap', async () => {
    const label = await freshKey({ day: '0.05' });
    const page = await stage.product.openPage('options.html');
    const host = await connectHost(page);
    const key = host.state.keys.find((one) => one.label === label)!;
    const messages = await Promise.all(
      Array.from({ length: 20 }, (_, index) => run(host, key.id, `Message ${index}: explain why, at length.`, 600)),
    );
    const answered = expectHeld(messages, stage.server.journal.chats(), '0.05');
    // 600 tokens are 0.009 USD: five fit at once, and what they leave over lets more in only afterwards.
    expect(answered).toBeGreaterThanOrEqual(3);
    expect(answered).toBeLessThan(20);
    // Whatever anybody was told on the way: what is spent and what is held never added up to more than the cap.
    const states = (await host.heard()).flatMap((one) => (one.kind === 'state' ? [one.state] : []));
    const caps = [...states, await host.now()].map((state) => state.keys.find((one) => one.id === key.id)!.caps[0]!);
    // How many states are told apart is a matter of how busy the machine is; some were, besides the last.
    expect(caps.length).toBeGreaterThan(1);
    for (const cap of caps) expect(nano(cap.spentUsd) + nano(cap.reservedUsd)).toBeLessThanOrEqual(nano('0.05'));
    const cap = caps.at(-1)!;
    expect(nano(cap.reservedUsd)).toBe(0n);
    const total = stage.server.journal
      .chats()
      .map(charged)
      .reduce((sum, cost) => sum + cost, 0);
    expect(Number(cap.spentUsd)).toBeCloseTo(total, 6);
    await page.close();
  });

  it('two windows at once share one cap', async () => {
    const label = await freshKey({ day: '0.02' });
    const [one, two] = [await stage.product.context.newPage(), await stage.product.openWindow()];
    await one.goto('about:blank');
    const panels = [await stage.product.openPanel(one), await stage.product.openPanel(two)];
    for (const panel of panels) {
      await ready(panel);
      await panel
        .getByRole('button', { name: /new conversation/i })
        .first()
        .click();
      await pickModel(panel, `${SONNET} ${label}`);
    }
    // Slow enough that both are on their way at the same time.
    const remove = stage.server.script(SONNET, scheduled(['a ', 'b ', 'c '], 400));
    await Promise.all(panels.map((panel) => send(panel, 'Explain why a limit has to be checked before sending.')));
    for (const panel of panels) await ended(lastAnswer(panel));
    remove();
    const exchanges = stage.server.journal.chats();
    const bounds = exchanges.map((exchange) => 15e-6 * maximumOf(exchange));
    expect(bounds.reduce((sum, bound) => sum + bound, 0)).toBeLessThanOrEqual(0.02);
    const outcomes = await Promise.all(panels.map((panel) => lastAnswer(panel).getAttribute('data-status')));
    // The first takes what there is; the second is told that nothing is left, or gets what the first left over.
    expect(outcomes.filter((status) => status === 'complete').length).toBe(exchanges.length);
    expect(exchanges.length).toBeGreaterThanOrEqual(1);
    await stage.product.picture(panels[1]!, 'two-windows');
  });
});
