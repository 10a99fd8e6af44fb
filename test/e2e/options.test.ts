import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_HOSTS, launch } from '../support/extension.ts';
import { TEST_KEYS } from '../support/model-server/server.ts';
import { addKey, cardOf, formOf, submitKey } from '../support/options-page.ts';
import { ask, capMeter, pickModel, ready } from '../support/panel-driver.ts';
import { type Stage, startStage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage?.close());
afterEach((context) => stage.tidy(context));

const OPENAI_LIKE = 'sk-0123456789abcdef0123456789abcdef';
const card = (page: Page, label: string) => cardOf(page, label);

describe('adding a key', () => {
  it('recognises it as it is pasted and shows where it goes before anything is saved', async () => {
    const page = await stage.product.openPage('options.html#add');
    const form = formOf(page);
    await form.getByLabel('API key').fill(TEST_KEYS.good);
    await expect.poll(() => form.textContent()).toContain('This is a key of OpenRouter');
    expect(await form.locator('.destination').textContent()).toContain('https://openrouter.ai');
    // OpenRouter's answers may be read by anybody: nothing is asked of the browser.
    expect(await form.locator('.destination').textContent()).not.toContain('browser will ask');
    await form.getByText('Another server address').click();
    await form.getByLabel('Server address').fill(stage.server.openRouterUrl);
    await expect.poll(() => form.locator('.destination').textContent()).toContain(stage.server.origin);
    expect(await form.locator('.destination').textContent()).toContain('browser will ask');
    await stage.product.picture(page, 'options-add');
    expect(stage.server.journal.exchanges).toEqual([]);
    await page.close();
  });

  it('asks whose key it is where its shape does not say, and tries it on nobody', async () => {
    const page = await stage.product.openPage('options.html#add');
    const form = formOf(page);
    await form.getByLabel('API key').fill(OPENAI_LIKE);
    await form.getByText('Whose key is it?').waitFor();
    await form.getByRole('button', { name: 'Add key' }).click();
    await expect.poll(() => form.locator('.error').first().textContent()).toContain('Choose');
    await form.getByRole('radio', { name: /OpenAI-compatible/ }).check();
    await form.getByLabel('Server address').fill(`${stage.server.openAiUrl}/chat/completions`);
    await form.getByLabel('Name (optional)').fill('plain server');
    await stage.product.picture(page, 'options-ambiguous');
    await form.getByRole('button', { name: 'Add key' }).click();
    await form.getByText(/is saved\./).waitFor();
    expect(await card(page, 'plain server').textContent()).toContain(stage.server.origin);
    // One free call, and it was the list of models.
    expect(new Set(stage.server.journal.exchanges.map((exchange) => exchange.path))).toEqual(new Set(['/v1/models']));
    await page.close();
  });

  it('works from the panel too, where there is no key yet', async () => {
    const other = await startStage();
    try {
      const panel = await other.product.openPanel();
      await panel.getByRole('button', { name: 'Add a key' }).click();
      // The panel's own rules for fields leave the choices of this form alone.
      await formOf(panel).getByLabel('API key').fill(OPENAI_LIKE);
      const choice = formOf(panel).getByRole('radio').first();
      await choice.waitFor();
      expect((await choice.boundingBox())?.width).toBeLessThanOrEqual(20);
      await submitKey(panel, { secret: TEST_KEYS.good, address: other.server.openRouterUrl, caps: { month: '3' } });
      // The form goes away by itself once the key is saved.
      await formOf(panel).waitFor({ state: 'detached' });
      // Who is to be asked with it is the next question, and the picker asks it.
      await panel.getByRole('combobox').waitFor();
      await panel.getByRole('combobox').press('Escape');
      await pickModel(panel, 'gpt-4.1');
      await expect.poll(() => capMeter(panel)).toContain('$3');
      await other.product.picture(panel, 'panel-key-added');
    } finally {
      await other.close();
    }
  });

  it('saves nothing where the browser is not allowed to read the answers', async () => {
    const other = await launch({ hosts: [] });
    try {
      const page = await other.openPage('options.html#add');
      // A prompt that nobody can see, without a display, and that nobody answers.
      await submitKey(page, { secret: TEST_KEYS.good, address: stage.server.openRouterUrl });
      await page.getByRole('button', { name: /Waiting for the browser/ }).waitFor();
      await page.reload();
      await page.getByText('There is no key yet').waitFor();
    } finally {
      await other.close();
    }
  });
});

describe('keys', () => {
  it('are renamed, capped and deleted; a wrong amount is refused with a reason', async () => {
    await stage.addKey({ secret: `sk-or-v1-${'ab'.repeat(32)}`, label: 'first name' });
    const page = await stage.product.openPage('options.html');
    await card(page, 'first name').getByText('No cap').waitFor();
    await card(page, 'first name').getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('second name');
    await page.getByRole('button', { name: 'Save name' }).click();
    await card(page, 'second name').getByRole('button', { name: 'Caps' }).click();

    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('per day').fill('1,5');
    await dialog.getByRole('button', { name: 'Save caps' }).click();
    await expect.poll(() => dialog.locator('.error').textContent()).toContain('point');
    await dialog.getByLabel('per day').fill('2.50');
    await dialog.getByLabel('per month').fill('2');
    await expect.poll(() => dialog.textContent()).toContain('can never be reached');
    await dialog.getByLabel('per month').fill('20');
    await stage.product.picture(page, 'options-caps');
    await dialog.getByRole('button', { name: 'Save caps' }).click();
    await expect.poll(() => card(page, 'second name').textContent()).toContain('$2.50 per day');
    expect(await card(page, 'second name').textContent()).toContain('$20.00 per month');

    await card(page, 'second name').getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => page.getByRole('dialog').textContent()).toContain('stays counted');
    await stage.product.picture(page, 'options-delete');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await card(page, 'second name').waitFor();
    await card(page, 'second name').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete this key' }).click();
    await card(page, 'second name').waitFor({ state: 'detached' });
    await page.close();
  });

  it('are in force in an open panel at once', async () => {
    await stage.addKey({ secret: `sk-or-v1-${'cd'.repeat(32)}`, label: 'edited', caps: { day: '1' } });
    const panel = await stage.panel('openai/gpt-4.1 edited');
    await expect.poll(() => capMeter(panel)).toContain('$1');
    const page = await stage.product.openPage('options.html');
    await card(page, 'edited').getByRole('button', { name: 'Caps' }).click();
    await page.getByRole('dialog').getByLabel('per day').fill('7');
    await page.getByRole('button', { name: 'Save caps' }).click();
    await expect.poll(() => capMeter(panel)).toContain('$7');
    const answer = await ask(panel, 'Hello!');
    expect(await answer.getAttribute('data-status')).toBe('complete');
    await page.close();
  });
});

describe('everything else on the page', () => {
  it('changes the colours here and in the panel, and says which keys open it', async () => {
    const panel = await stage.panel();
    const page = await stage.product.openPage('options.html');
    const background = (where: Page) => where.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.getByRole('radio', { name: 'Dark' }).check();
    await expect.poll(() => background(page)).toMatch(/rgb\((\d|[1-4]\d), /);
    await expect.poll(() => panel.locator('html').getAttribute('data-theme')).toBe('dark');
    await stage.product.picture(page, 'options-dark');
    await stage.product.picture(panel, 'panel-dark');
    expect(await page.locator('#shortcuts').textContent()).toMatch(/Alt\+Shift\+G|No keys/);
    await page.getByRole('radio', { name: 'As the system' }).check();
    await page.close();
  });

  it('fits a narrow window without scrolling sideways', async () => {
    const page = await stage.product.openPage('options.html');
    await page.getByRole('heading', { name: 'Privacy' }).waitFor();
    const cdp = await stage.product.context.newCDPSession(page);
    await cdp.send('Emulation.setDeviceMetricsOverride', {
      width: 320,
      height: 800,
      deviceScaleFactor: 1,
      mobile: false,
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.evaluate(() => {
      document.documentElement.dir = 'rtl';
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.screenshot({ path: 'out/options-narrow.png', fullPage: true });
    await page.close();
  });

  it('opens the panel as a tab', async () => {
    const tab = await stage.product.openPage('sidepanel.html');
    await ready(tab);
    await stage.product.picture(tab, 'panel-tab');
    await tab.close();
  });

  it('exports everything as a file, and deletes everything when told to', async () => {
    const other = await startStage();
    try {
      await other.addKey({ caps: { day: '1' } });
      const panel = await other.panel('gpt-4.1');
      await ask(panel, 'Remember this sentence.');
      const page = await other.product.openPage('options.html');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Export everything' }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^patchbay-\d{4}-\d\d-\d\d\.json$/);
      const text = await readFile((await download.path()) as string, 'utf8');
      expect(() => JSON.parse(text) as unknown).not.toThrow();
      expect(text).toContain('Remember this sentence.');

      await page.getByRole('button', { name: /Delete everything/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('checkbox', { name: /keys/ }).check();
      await dialog.getByRole('button', { name: 'Delete everything' }).click();
      await page.getByText('There is no key yet').waitFor();
      await panel.reload();
      await expect.poll(() => panel.locator('.message').count()).toBe(0);
    } finally {
      await other.close();
    }
  });
});

describe('how keys are kept', () => {
  it.each([
    ['On this device', true],
    ['For this session only', false],
  ] as const)('%s: a key is there after a restart: %s', async (mode, kept) => {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-modes-'));
    try {
      const first = await launch({ folder, hosts: LOCAL_HOSTS });
      const page = await first.openPage('options.html');
      if (mode !== 'On this device') {
        await page.getByRole('radio', { name: mode }).check();
        await page.locator('#vault').getByRole('button', { name: 'Save' }).click();
        await page.getByText('All keys are sealed this way').waitFor();
      }
      await addKey(page, { secret: TEST_KEYS.good, address: stage.server.openRouterUrl, label: 'kept?' });
      await first.quit();
      const second = await launch({ folder });
      const again = await second.openPage('options.html');
      if (kept) await card(again, 'kept?').waitFor();
      else await again.getByText('There is no key yet').waitFor();
      await second.quit();
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  it('With a passphrase: locked after a restart, and open again with the words', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-words-'));
    try {
      const first = await launch({ folder });
      const page = await first.openPage('options.html');
      await addKey(page, { secret: TEST_KEYS.good, address: stage.server.openRouterUrl, label: 'sealed' });
      await page.getByRole('radio', { name: 'With a passphrase' }).check();
      await page.getByLabel('Passphrase', { exact: true }).fill('short');
      await page.locator('#vault').getByRole('button', { name: 'Save' }).click();
      await expect.poll(() => page.locator('#vault .error').first().textContent()).toContain('8 characters');
      await page.getByLabel('Passphrase', { exact: true }).fill('a long enough phrase');
      await page.getByLabel('The same again').fill('another one entirely');
      await page.locator('#vault').getByRole('button', { name: 'Save' }).click();
      await expect.poll(() => page.locator('#vault .error').first().textContent()).toContain('match');
      await page.getByLabel('The same again').fill('a long enough phrase');
      await page.locator('#vault').getByRole('button', { name: 'Save' }).click();
      await page.getByText('All keys are sealed this way').waitFor();
      await first.quit();

      const second = await launch({ folder });
      const again = await second.openPage('options.html');
      await again.getByText('Your keys are locked').waitFor();
      expect(await again.locator('.card').count()).toBe(0);
      await again.getByLabel('Passphrase').fill('a long enough phrase');
      await again.getByRole('button', { name: 'Unlock' }).click();
      await card(again, 'sealed').waitFor();
      await second.quit();
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
