import type { HostState } from '@patchbay/chat/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launch, type Product } from '../support/extension.ts';
import { connectHost } from '../support/host-client.ts';
import { addKey } from '../support/options-page.ts';
import {
  answersIn,
  ask,
  authorOf,
  detailsOf,
  ended,
  exported,
  lastAnswer,
  pickModel,
  ready,
  send,
} from '../support/panel-driver.ts';
import { startWireServer, type WireKind, type WireServer } from '../support/wire-servers.ts';

/** Three providers with protocols of their own; the first fails, the second dies, the third goes on. */

const KINDS: readonly WireKind[] = ['openai', 'anthropic', 'google'];
const CAP = '0.01';
const BEGUN = 'Tides are the rise and fall of sea ';
const REST = 'levels, made by the **moon** and the sun.';

let product: Product;
let servers: Record<WireKind, WireServer>;
let panel: Page;

beforeAll(async () => {
  const started = await Promise.all(KINDS.map(startWireServer));
  servers = Object.fromEntries(started.map((server) => [server.kind, server])) as Record<WireKind, WireServer>;
  product = await launch();
  const page = await product.openPage('options.html#add');
  for (const kind of KINDS) {
    const { secret, url: address } = servers[kind];
    await addKey(page, { secret, address, label: kind, caps: { day: CAP } });
    await page.reload();
  }
  await page.close();
});
afterAll(async () => {
  await product?.close();
  await Promise.all(KINDS.map((kind) => servers?.[kind].close()));
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  const name = task.name.replaceAll(/[^\w]+/g, '-').slice(0, 50);
  for (const [index, page] of product.context.pages().entries()) {
    if (page.url().startsWith(product.origin)) await product.picture(page, `failed-${name}-${index}`);
  }
  if (product.console.length > 0) console.error(product.console.slice(-20).join('\n'));
});

async function hostState(): Promise<HostState> {
  const page = await product.openPage('options.html');
  const { state } = await connectHost(page);
  await page.close();
  return state;
}

/** What each key has spent and holds, USD. */
async function money(): Promise<Record<WireKind, { spent: number; reserved: number }>> {
  const { keys } = await hostState();
  const entries = KINDS.map((kind) => {
    const [cap] = keys.find((key) => key.label === kind)?.caps ?? [];
    return [kind, { spent: Number(cap?.spentUsd), reserved: Number(cap?.reservedUsd) }] as const;
  });
  return Object.fromEntries(entries) as Record<WireKind, { spent: number; reserved: number }>;
}

const textOf = async (index: number): Promise<string> =>
  (await answersIn(panel).nth(index).locator('.markdown').first().textContent()) ?? '';

describe('when a model fails', () => {
  it('the options page keeps a list of models to ask instead', async () => {
    const page = await product.openPage('options.html#fallback');
    const section = page.locator('#fallback');
    for (const kind of ['anthropic', 'google'] as const) {
      const option = section.locator('option', { hasText: servers[kind].name });
      await expect.poll(() => option.count()).toBe(1);
      await section.getByLabel('Add a model').selectOption((await option.getAttribute('value')) ?? '');
    }
    await expect
      .poll(() => section.locator('.fallbacks li').allInnerTexts())
      .toEqual([expect.stringContaining('Claude Haiku 4.5'), expect.stringContaining('Gemini 2.0 Flash')]);
    await product.picture(page, 'options-fallback');
    await page.setViewportSize({ width: 320, height: 700 });
    await section.scrollIntoViewIfNeeded();
    await product.picture(page, 'options-fallback-320');
    await page.close();
    expect((await hostState()).settings.fallbacks?.map(({ model }) => model)).toEqual([
      'claude-haiku-4-5',
      'gemini-2.0-flash',
    ]);
  });

  it('before its answer begins, the next one answers; when that one dies, its words stay', async () => {
    servers.openai.behave({ does: 'overloaded', retryAfter: '30' });
    servers.anthropic.behave({ does: 'die', pieces: ['Tides are the rise ', 'and fall of sea '] });
    panel = await product.openPanel();
    await ready(panel);
    await pickModel(panel, 'gpt-4.1');
    const answer = await ask(panel, 'What are tides?');
    expect(await answer.getAttribute('data-status')).toBe('interrupted');
    expect((await textOf(0)).trim()).toBe(BEGUN.trim());
    expect(await authorOf(answer)).toBe('Claude Haiku 4.5');
    expect(await answer.locator('.answer-asked').textContent()).toBe('asked: gpt-4.1');
    const hop = answer.locator('.hops li');
    await expect
      .poll(() => hop.innerText())
      .toMatch(/^gpt-4\.1 overloaded → answered by Claude Haiku 4\.5, \$0\.0\d+$/);
    await hop.locator('summary').click();
    await hop.getByText('OpenAI is overloaded').waitFor();
    expect(KINDS.map((kind) => servers[kind].asked.length)).toEqual([1, 1, 0]);
    // Who was asked instead is who is paid.
    const details = await detailsOf(answer);
    expect([details.asked, details.provider]).toEqual(['gpt-4.1', 'Anthropic']);
    expect(details.key).toContain('anthropic');
    // How the first one was asked is of no matter any more.
    const notices = await answer.locator('.notices').innerText();
    expect(notices).not.toContain('gpt-4.1');
    expect(notices).toContain('Claude Haiku 4.5 may answer with up to');
    await product.picture(panel, 'fallback-cut');
  });

  it('the cap holds for each attempt: the killed one asked for no more than its key held', async () => {
    const { openai, anthropic, google } = await money();
    expect(openai).toEqual({ spent: 0, reserved: 0 });
    expect(google).toEqual({ spent: 0, reserved: 0 });
    // Nobody knows what it cost: all that it could have.
    expect(anthropic.reserved).toBe(0);
    expect(anthropic.spent).toBeGreaterThan(0.005);
    expect(anthropic.spent).toBeLessThanOrEqual(Number(CAP));
    // $5 a million tokens: the cap alone allows 2,000.
    expect(Number(servers.anthropic.asked[0]?.json.max_tokens)).toBeLessThanOrEqual(2_000);
    expect(servers.anthropic.asked[0]?.secret).toBe(servers.anthropic.secret);
  });

  it('another model goes on where it was cut, and both are named with what each cost', async () => {
    servers.google.behave({
      does: 'answer',
      pieces: [BEGUN.slice(0, 20), BEGUN.slice(20) + REST.slice(0, 4), REST.slice(4)],
    });
    await lastAnswer(panel).getByRole('button', { name: 'Continue with…' }).click();
    await panel.getByRole('menuitem', { name: /Gemini 2\.0 Flash/ }).click();
    await answersIn(panel).locator('.hops').getByText('Begun by').waitFor();
    const answer = lastAnswer(panel);
    await ended(answer);
    expect(await answer.getAttribute('data-status')).toBe('complete');
    await expect.poll(() => textOf(0)).toBe((BEGUN + REST).replaceAll('*', ''));
    const line = answer.locator('.hops li');
    await expect
      .poll(() => line.innerText())
      .toMatch(/^Begun by Claude Haiku 4\.5, \$0\.0\d+ → continued by Gemini 2\.0 Flash, <?\$0\.00\d+$/);
    const details = await detailsOf(answer);
    expect(details['begun by']).toMatch(/Claude Haiku 4\.5 \$0\.0\d+ upper bound/);
    expect(details.cost).toMatch(/^\$0\.000018 from the price table$/);
    // The cut answer is still there, beside it.
    await answer.getByText('2/2').waitFor();
    await product.picture(panel, 'fallback-continued');
    const { google } = await money();
    expect(google).toEqual({ spent: 0.000018, reserved: 0 });
  });

  it('all of it survives a restart of the background, and stands in an export', async () => {
    await panel.close();
    await product.killWorker();
    panel = await product.openPanel();
    await ready(panel);
    await expect.poll(() => lastAnswer(panel).locator('.hops').innerText()).toContain('Begun by Claude Haiku 4.5');
    await panel.getByRole('button', { name: 'Previous version' }).click();
    await expect.poll(() => lastAnswer(panel).locator('.hops').innerText()).toContain('gpt-4.1 overloaded');
    await panel.getByRole('button', { name: 'Next version' }).click();
    const { text, ledger, messages } = await exported(panel);
    const cut = messages.find((message) => message.hops);
    expect(cut).toMatchObject({
      status: 'interrupted',
      asked: { model: 'gpt-4.1' },
      answeredBy: { model: 'claude-haiku-4-5' },
      hops: [{ attempt: { number: 1, model: 'gpt-4.1' }, failure: { kind: 'overloaded' } }],
    });
    expect(messages.find((message) => message.earlier)).toMatchObject({
      status: 'complete',
      asked: { model: 'gemini-2.0-flash' },
      earlier: [{ messageId: cut?.id, cost: { usd: cut?.cost?.usd } }],
    });
    expect(ledger.map(({ state }) => state).sort()).toEqual(['released', 'settled', 'settled']);
    for (const kind of KINDS) expect(text).not.toContain(servers[kind].secret);
  });

  it('a model whose cap is used up, or that asked to wait, is passed over, and the conversation goes on', async () => {
    servers.google.behave({ does: 'answer', pieces: ['Twice a day.'] });
    await pickModel(panel, 'gpt-4.1');
    const before = servers.openai.asked.length;
    const answer = await ask(panel, 'How often?');
    expect(await answer.getAttribute('data-status')).toBe('complete');
    await expect
      .poll(() => answer.locator('.hops li').allInnerTexts())
      .toEqual([
        expect.stringMatching(/^gpt-4\.1 .* → Claude Haiku 4\.5$/),
        expect.stringMatching(/^Claude Haiku 4\.5 would go over a cap → answered by Gemini 2\.0 Flash, <?\$0\.00\d+$/),
      ]);
    expect(servers.anthropic.asked).toHaveLength(1);
    // The background was restarted, and what it knew of waits with it: at most one more question.
    expect(servers.openai.asked.length - before).toBeLessThanOrEqual(1);
    // The conversation that was handed over holds the words of both, as one answer.
    expect(JSON.stringify(servers.google.asked.at(-1)?.json.contents)).toContain(BEGUN + REST);
    await panel.setViewportSize({ width: 320, height: 800 });
    await panel.emulateMedia({ colorScheme: 'dark' });
    await product.picture(panel, 'fallback-320-dark');
  });

  it('an answer that repeats itself without end is stopped and says so', async () => {
    servers.google.behave({ does: 'loop', pieces: ['la '] });
    await pickModel(panel, 'Gemini 2.0');
    await send(panel, 'Sing.');
    const answer = lastAnswer(panel);
    await answer.getByText('again and again').waitFor();
    await ended(answer);
    expect(await answer.getAttribute('data-status')).toBe('interrupted');
    expect(await answer.getByRole('button', { name: 'Continue with…' }).count()).toBe(1);
    expect((await money()).google.reserved).toBe(0);
  });
});
