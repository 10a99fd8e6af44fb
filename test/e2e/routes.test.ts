import type { HostState } from '@patchbay/chat/contract';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectHost } from '../support/host-client.ts';
import { TEST_KEYS } from '../support/model-server/server.ts';
import { cardOf } from '../support/options-page.ts';
import { ask, authorOf, detailsOf, ended, exported, lastAnswer, send } from '../support/panel-driver.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { startWireServer, type WireServer } from '../support/wire-servers.ts';

/** One model, two ways to it: its maker's own key and OpenRouter. The second is taken only where the user allowed that. */

const CAP = '0.05';
const ROUTED = 'anthropic/claude-haiku-4.5';
const SETTING = 'Also reach the same model over my other keys';

let stage: Stage;
let direct: WireServer;

beforeAll(async () => {
  direct = await startWireServer('anthropic');
  stage = await startStage();
  await stage.addKey({ secret: direct.secret, address: direct.url, label: 'direct', caps: { day: CAP } });
  await stage.addKey({ label: 'router', caps: { day: CAP } });
});
afterAll(async () => {
  await stage?.close();
  await direct?.close();
});
afterEach((context) => stage.tidy(context));

/** What the second provider was asked, and with which key. */
const routed = () => stage.server.journal.chats();

async function hostState(): Promise<HostState> {
  const page = await stage.product.openPage('options.html');
  const { state } = await connectHost(page);
  await page.close();
  return state;
}

async function capOf(label: string) {
  const [cap] = (await hostState()).keys.find((key) => key.label === label)?.caps ?? [];
  return { spent: Number(cap?.spentUsd), reserved: Number(cap?.reservedUsd) };
}

/** Opens the settings as a user does, and leaves the page open for a look. */
async function setting(on: boolean): Promise<Page> {
  const page = await stage.product.openPage('options.html#fallback');
  const box = page.locator('#fallback').getByLabel(SETTING);
  await box.setChecked(on);
  await expect.poll(async () => (await hostState()).settings.otherRoutes ?? false).toBe(on);
  return page;
}

/** The panel with what was said so far in it. */
async function reopened(): Promise<Page> {
  const panel = await stage.panel();
  await lastAnswer(panel).waitFor();
  return panel;
}

const hopOf = (answer: Locator) => answer.locator('.hops li');

describe('one model over two keys', () => {
  it('stays with the key that was picked until the user allows more, and says which ways there are', async () => {
    direct.behave({ does: 'overloaded' });
    const panel = await stage.panel('claude haiku 4.5 direct');
    const answer = await ask(panel, 'Which way?');
    expect(await answer.getAttribute('data-status')).toBe('failed');
    expect(direct.asked).toHaveLength(1);
    expect(routed()).toEqual([]);
    expect(await hopOf(answer).count()).toBe(0);
    const card = answer.locator('.failure[data-kind="overloaded"]');
    expect(await card.innerText()).toContain('Anthropic is overloaded. Try again, or choose another model.');
    await stage.product.picture(panel, 'routes-off');
    // The list that it opens holds the same model over the other key.
    await card.getByRole('button', { name: 'Pick another model' }).click();
    await panel.getByRole('combobox').fill('haiku 4.5');
    await expect.poll(() => panel.getByRole('option').count()).toBe(2);
    await stage.product.picture(panel, 'routes-off-pick');
    await panel.getByRole('combobox').press('Escape');
    expect(await capOf('direct')).toEqual({ spent: 0, reserved: 0 });
  });

  it('goes over to the other one where that is allowed, shows the hop and settles both', async () => {
    const page = await setting(true);
    await stage.product.picture(page, 'routes-options');
    await page.setViewportSize({ width: 320, height: 700 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('#fallback').scrollIntoViewIfNeeded();
    await stage.product.picture(page, 'routes-options-320-dark');
    await page.close();

    direct.behave({ does: 'overloaded', retryAfter: '30' });
    const panel = await reopened();
    await lastAnswer(panel).locator('.failure').getByRole('button', { name: 'Retry', exact: true }).click();
    await hopOf(lastAnswer(panel)).first().waitFor();
    const answer = lastAnswer(panel);
    await ended(answer);
    expect(await answer.getAttribute('data-status')).toBe('complete');
    const told = /^Claude Haiku 4\.5 at Anthropic overloaded → answered by Claude Haiku 4\.5 at OpenRouter, \$0\.0\d+$/;
    await expect.poll(() => hopOf(answer).innerText()).toMatch(told);
    // It is the model that was asked, so nobody else is named.
    expect(await authorOf(answer)).toContain('Claude Haiku 4.5');
    expect(await answer.locator('.answer-asked').count()).toBe(0);
    expect([direct.asked.length, routed().length]).toEqual([2, 1]);
    expect(direct.asked[1]?.secret).toBe(direct.secret);
    expect(routed()[0]?.json).toMatchObject({ model: ROUTED, provider: { max_price: expect.anything() } });
    expect(routed()[0]?.headers.authorization).toBe(`Bearer ${TEST_KEYS.good}`);
    await hopOf(answer).locator('summary').click();
    await hopOf(answer).getByText('Anthropic is overloaded').waitFor();
    await stage.product.picture(panel, 'routes-hop');
    const details = await detailsOf(answer);
    expect([details.provider, details.key]).toEqual(['OpenRouter', expect.stringContaining('router')]);
    await panel.setViewportSize({ width: 320, height: 800 });
    await panel.emulateMedia({ colorScheme: 'dark' });
    await hopOf(answer).scrollIntoViewIfNeeded();
    await stage.product.picture(panel, 'routes-hop-320-dark');

    // Kept with the message, not in the page.
    await panel.reload();
    await expect.poll(() => hopOf(lastAnswer(panel)).innerText()).toMatch(told);
    await hopOf(lastAnswer(panel)).locator('summary').click();
    await hopOf(lastAnswer(panel)).getByText('Anthropic is overloaded').waitFor();

    const [spent, held] = [await capOf('router'), await capOf('direct')];
    expect(held).toEqual({ spent: 0, reserved: 0 });
    expect(spent.reserved).toBe(0);
    expect(spent.spent).toBeGreaterThan(0);
    const journal = await exported(panel);
    // Newest first.
    expect(journal.ledger.map(({ state, model }) => [state, model])).toEqual([
      ['settled', ROUTED],
      ['released', direct.model],
      ['released', direct.model],
    ]);
    const kept = journal.messages.find(({ hops }) => hops);
    expect(kept).toMatchObject({
      asked: { provider: 'anthropic', model: direct.model },
      fallback: { provider: 'openrouter', model: ROUTED },
      hops: [{ attempt: { number: 1, provider: 'anthropic' }, failure: { kind: 'overloaded' } }],
    });
  });

  it('goes over after a 429, and asks nobody who asked to wait', async () => {
    // What it knew of waits goes with the background.
    await stage.product.killWorker();
    direct.behave({ does: 'rate-limited', retryAfter: '300' });
    const before = direct.asked.length;
    const panel = await reopened();
    const told = /^Claude Haiku 4\.5 at Anthropic takes no more requests at the moment → answered by .* at OpenRouter/;
    for (const [question, reason] of [
      ['And now?', 'Claude Haiku 4.5 did not answer'],
      ['And again?', 'Anthropic asked to wait for another'],
    ] as const) {
      const answer = await ask(panel, question);
      expect(await answer.getAttribute('data-status')).toBe('complete');
      await expect.poll(() => hopOf(answer).innerText()).toMatch(told);
      await hopOf(answer).locator('summary').click();
      await hopOf(answer).getByText(reason).waitFor();
      expect(direct.asked).toHaveLength(before + 1);
    }
  });

  it('says what a failed attempt counts for, where nobody knows its bill', async () => {
    await stage.product.killWorker();
    direct.behave({ does: 'die', pieces: [] });
    const panel = await reopened();
    const answer = await ask(panel, 'Once more?');
    await expect
      .poll(() => hopOf(answer).innerText())
      .toMatch(/^Claude Haiku 4\.5 at Anthropic broke off, \$0\.0\d+ → answered by .* at OpenRouter, \$0\.0\d+$/);
    const details = await detailsOf(answer);
    expect(details.failed).toMatch(/^Claude Haiku 4\.5 \$0\.0\d+ upper bound, the bill is not known$/);
    expect(details.cost).toMatch(/^\$0\.0\d+ as the provider reports it$/);
    await stage.product.picture(panel, 'routes-paid-hop');
    const { spent, reserved } = await capOf('direct');
    expect(reserved).toBe(0);
    expect(`$${spent}`).toBe(/\$[\d.]+/.exec(details.failed ?? '')?.[0]);
    expect(spent).toBeLessThanOrEqual(Number(CAP));
  });

  it('passes over the key whose cap is used up, and says so', async () => {
    const page = await stage.product.openPage('options.html');
    await cardOf(page, 'direct').getByRole('button', { name: 'Caps' }).click();
    await page.getByRole('dialog').getByLabel('per day').fill('0.000001');
    await page.getByRole('button', { name: 'Save caps' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.close();
    direct.behave({ does: 'answer', pieces: ['Over the direct way.'] });
    const before = [direct.asked.length, routed().length] as const;
    const panel = await reopened();
    const answer = await ask(panel, 'Who pays?');
    expect(await answer.getAttribute('data-status')).toBe('complete');
    await expect
      .poll(() => hopOf(answer).innerText())
      .toMatch(/^Claude Haiku 4\.5 at Anthropic would go over a cap → answered by .* at OpenRouter, \$0\.0\d+$/);
    await hopOf(answer).locator('summary').click();
    await hopOf(answer).getByText('Not even the question alone would fit.').waitFor();
    expect([direct.asked.length, routed().length]).toEqual([before[0], before[1] + 1]);
    await stage.product.picture(panel, 'routes-over-cap');
  });

  it('is refused by that cap again once the setting is off, and nothing is sent', async () => {
    await (await setting(false)).close();
    const before = [direct.asked.length, routed().length];
    const panel = await reopened();
    await send(panel, 'Nobody?');
    const failure = lastAnswer(panel).locator('.failure[data-kind="cap"]');
    await failure.waitFor();
    expect(await hopOf(lastAnswer(panel)).count()).toBe(0);
    for (const name of ['Change the cap', 'Pick another model']) await failure.getByRole('button', { name }).waitFor();
    expect([direct.asked.length, routed().length]).toEqual(before);
    await panel.setViewportSize({ width: 320, height: 800 });
    await stage.product.picture(panel, 'routes-refused-320');
  });
});
