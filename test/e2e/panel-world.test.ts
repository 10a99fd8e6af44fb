import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { open, panel } from '../support/panel-bed.ts';

describe('conversations', () => {
  it('opens, renames in place, searches, and deletes with an undo', async () => {
    const { page } = await open('rich');
    await panel.button('Conversations').click();
    const list = page.getByRole('navigation', { name: 'Conversations' });
    const trip = list.getByRole('button', { name: /^Trip to Porto/ });
    await trip.focus();
    await page.keyboard.press('F2');
    await page.keyboard.type('Porto');
    await page.keyboard.press('Enter');
    expect(await panel.asked('conversation.rename')).toEqual([{ id: 'other-1', title: 'Porto' }]);
    const porto = list.getByRole('button', { name: /^Porto/ });
    await expect.poll(() => porto.evaluate((row) => row === document.activeElement)).toBe(true);
    await page.keyboard.press('F2');
    await page.keyboard.type('never mind');
    await page.keyboard.press('Escape');
    await porto.waitFor();
    expect(await panel.asked('conversation.rename')).toHaveLength(1);

    await porto.focus();
    await page.keyboard.press('Delete');
    await page.locator('.toast').getByText('“Porto” deleted').waitFor();
    expect(await porto.count()).toBe(0);
    await panel.button('Undo').click();
    await porto.waitFor();
    expect(await panel.asked('conversation.delete')).toEqual([]);

    await list.getByRole('button', { name: 'Actions for “Porto”' }).click();
    await page.getByRole('menuitem', { name: 'Delete conversation' }).click();
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
    await expect.poll(() => panel.asked('conversation.delete')).toEqual([{ id: 'other-1' }]);

    await list.getByRole('searchbox').fill('regex');
    await expect.poll(() => list.locator('.conversation').count()).toBe(1);
    await list.getByRole('button', { name: /^Regex/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Regex for ISO dates' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('moves on to the next conversation when the one in view is deleted, and comes back on undo', async () => {
    const { page } = await open('rich');
    await panel.button('More').click();
    await page.getByRole('menuitem', { name: 'Delete conversation' }).click();
    await page.getByRole('heading', { level: 1, name: 'Naming a variable' }).waitFor();
    await panel.button('Undo').click();
    await page.getByRole('heading', { level: 1, name: /^Rotating logs/ }).waitFor();
    expect(await panel.asked('conversation.delete')).toEqual([]);
  });

  it('gives the focus back where what had it goes away: a name that was typed, and an undo', async () => {
    const { page, composer } = await open('rich');
    const focused = () => composer.evaluate((field) => field === document.activeElement);
    await panel.button('More').click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByLabel('Name of the conversation').press('Escape');
    await expect.poll(focused).toBe(true);
    await panel.button('More').click();
    await page.getByRole('menuitem', { name: 'Delete conversation' }).click();
    await page.locator('.bar-title').getByText('Naming a variable').waitFor();
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await page.locator('.bar-title').getByText('Rotating logs').waitFor();
    await expect.poll(focused).toBe(true);
  });

  it('marks a conversation in which an answer is being written, and shows that answer on return', async () => {
    const { page, answer } = await open('empty');
    await panel.send('slow please');
    await page.locator('.assistant h4').waitFor();
    await panel.button('New conversation').click();
    await panel.button('Conversations').click();
    const busy = page.getByRole('button', { name: /^slow please/ });
    await busy.getByRole('img', { name: 'An answer is being written' }).waitFor();
    await busy.click();
    await page.locator('.assistant[aria-busy="true"] h4').waitFor();
    // The answer so far stands there once, not twice.
    expect(await answer().getByRole('heading', { name: 'Part 1', exact: true }).count()).toBe(1);
    await panel.button('Stop').click();
    await answer().getByText('Stopped by you.').waitFor();
  });

  it('keeps what is in view where another conversation cannot be opened, and says so', async () => {
    const { page } = await open('rich');
    await page.evaluate(() =>
      window.host.refuse('conversation.open', {
        kind: 'storage',
        retryable: true,
        fallbackable: false,
        message: 'This conversation cannot be read.',
        userAction: 'retry',
      }),
    );
    await panel.button('Conversations').click();
    await page.getByRole('button', { name: /^Naming a variable/ }).click();
    await page.locator('.toast').getByText('This conversation cannot be read.').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1, name: /^Rotating logs/ }).waitFor();
    expect(await page.locator('.message').count()).toBe(4);
    await panel.send('still here?');
    await panel.answered();
    expect(await panel.asked('run.start')).toMatchObject([{ conversationId: 'rich' }]);
  });

  it('stands beside the conversation where there is room', async () => {
    const { page } = await open('rich', { viewport: { width: 900, height: 700 } });
    await page
      .locator('.side')
      .getByRole('button', { name: /^Naming a variable/ })
      .click();
    await page.getByRole('heading', { level: 1, name: 'Naming a variable' }).waitFor();
    expect(await panel.button('Conversations').count()).toBe(0);
    await page.keyboard.press('Control+k');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
  });
});

describe('money and locks', () => {
  it('shows what is left of the tightest cap of the key in use, and all caps behind it', async () => {
    const { page } = await open('near');
    const meter = page.getByRole('button', { name: /^\$0\.45 left of \$5\.00 a day on Personal/ });
    expect(await meter.getAttribute('data-level')).toBe('near');
    await meter.click();
    const sheet = page.getByRole('dialog', { name: 'Spending' });
    const text = await sheet.textContent();
    for (const fact of [
      '$4.10 spent',
      '$0.45 reserved by running answers',
      'resets in',
      'This conversation: $0.0094',
    ]) {
      expect(text).toContain(fact);
    }
    await sheet.getByRole('button', { name: 'Manage key and caps' }).click();
    expect(await panel.asked('keys.manage')).toEqual([{ keyId: 'k1', reason: 'caps' }]);
    await page.evaluate(() => {
      const [key] = window.host.state().keys;
      if (!key) throw new Error('no key');
      const caps = key.caps.map((cap) => ({ ...cap, spentUsd: '5', reservedUsd: '0', leftUsd: '0' }));
      window.host.setState({ keys: [{ ...key, caps }] });
    });
    await sheet.getByText('used up').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('.cap-chip').getAttribute('data-level')).toBe('full');
  });

  it.each([
    ['locked', 'the keys are locked', 'Unlock', 'keys.manage', { reason: 'unlock' }],
    ['ledger', 'spending is locked', 'Start a new ledger', 'ledger.confirm', {}],
    ['overrun', 'this key is locked after an overrun', 'Accept and unlock', 'keys.acknowledgeOverrun', { keyId: 'k1' }],
  ])(
    'says that sending is not possible and offers the way out: %s',
    async (scenario, reason, action, request, params) => {
      const { page, composer } = await open(scenario);
      await composer.fill('text');
      const send = page.getByRole('button', { name: `Send: ${reason}` });
      expect(await send.getAttribute('aria-disabled')).toBe('true');
      await send.click({ force: true });
      await composer.press('Enter');
      expect(await panel.asked('run.start')).toEqual([]);
      await page.getByRole('alert').getByRole('button', { name: action }).click();
      await expect.poll(() => panel.asked(request)).toEqual([params]);
      expect(await composer.inputValue()).toBe('text');
    },
  );

  it('says why no cap begins anew, and sets the record’s time back only when that is confirmed', async () => {
    const { page } = await open('ahead');
    const banner = page.locator('[data-banner="ledger-ahead"]');
    await banner.getByText('ahead of this computer’s clock').waitFor();
    const sheet = page.getByRole('dialog', { name: 'The clock and the record' });
    await banner.getByRole('button', { name: 'What to do…' }).click();
    await sheet.getByText('Now the clock says').waitFor();
    await sheet.getByRole('button', { name: 'Cancel' }).click();
    await sheet.waitFor({ state: 'detached' });
    expect(await panel.asked('ledger.setTimeBack')).toEqual([]);
    await banner.getByRole('button', { name: 'What to do…' }).click();
    await sheet.getByRole('button', { name: 'The clock is right: set it back' }).click();
    await banner.waitFor({ state: 'detached' });
    expect(await panel.asked('ledger.setTimeBack')).toEqual([{}]);

    // A clock that is certainly wrong is nothing to go by.
    const ahead = { message: 'The record is ahead.', details: 'Now the clock says January 1, 1970: correct it.' };
    await page.evaluate((found) => window.host.setState({ ledger: { state: 'ready', ahead: found } }), ahead);
    await banner.getByRole('button', { name: 'What to do…' }).click();
    await sheet.getByText('correct it').waitFor();
    expect(await sheet.getByRole('button').allInnerTexts()).toEqual(['', 'Close']);
    // Somebody has, and nothing is left to do.
    await page.evaluate(() => window.host.setState({ ledger: { state: 'ready' } }));
    await sheet.getByText('There is nothing to set back.').waitFor();
  });

  it('gives every failure its sentence and its way out', async () => {
    const { page, log } = await open('errors');
    const card = (kind: string) => log.locator(`.failure[data-kind="${kind}"]`);
    await card('auth').getByRole('button', { name: 'Check the key' }).click();
    expect(await panel.asked('keys.manage')).toEqual([{ keyId: 'k1' }]);
    await card('auth').getByText('What the provider said').click();
    expect(await card('auth').textContent()).toMatch(/401\s+No auth credentials found/);
    expect(await card('rate-limit').getByRole('button').isDisabled()).toBe(true);
    expect(await card('rate-limit').getByRole('button').textContent()).toMatch(/^Retry in \d+ s$/);
    await card('model-gone').getByRole('button').click();
    await page.getByRole('dialog', { name: 'Answer again with…' }).waitFor();
    await page.keyboard.press('Escape');
    await card('context-length').getByRole('button').click();
    expect(await panel.composer.evaluate((field) => field === document.activeElement)).toBe(true);
    await card('price-unknown').getByRole('button').click();
    await page.getByLabel('Input').fill('2');
    await page.getByLabel('Output').fill('8.5');
    await panel.button('Save and try again').click();
    await panel.answered();
    expect((await panel.asked('settings.save')).at(-1)).toMatchObject({
      settings: { worstCase: { 'openrouter/anthropic/claude-sonnet-4': { input: '2', output: '8.5' } } },
    });
    expect(await panel.asked('run.start')).toMatchObject([{ parentId: 'u4' }]);
  });
});

describe('settings and data', () => {
  it('keeps what is set for a conversation, and sends nothing for what is empty', async () => {
    const { page } = await open('rich');
    await panel.button('Conversation settings').click();
    const sheet = page.getByRole('dialog', { name: 'Conversation settings' });
    await sheet.getByLabel('System prompt').fill('Be brief.');
    await sheet.getByLabel('Maximum answer').fill('0');
    await sheet.getByText('A number from 1 to 64000').waitFor();
    await sheet.getByLabel('Maximum answer').fill('2000');
    await sheet.getByLabel('Temperature').fill('0,3');
    await sheet.getByLabel('Reasoning effort').selectOption('high');
    await sheet.getByLabel('Maximum answer').fill('');
    await sheet.getByLabel('Temperature').focus();
    await page.keyboard.press('Escape');
    const asked = await panel.asked('conversation.configure');
    expect(asked[0]).toEqual({ id: 'rich', system: 'Be brief.' });
    expect(asked.at(-1)).toEqual({ id: 'rich', parameters: { temperature: 0.3, reasoningEffort: 'high' } });
    expect(asked.some((one) => JSON.stringify(one).includes('"maxOutputTokens":0'))).toBe(false);
    await panel.button('Conversation settings').click();
    await sheet.getByRole('button', { name: 'Back to defaults' }).click();
    expect((await panel.asked('conversation.configure')).at(-1)).toEqual({ id: 'rich', system: '', parameters: {} });
  });

  it('keeps a list of models to fall back to, for this conversation or for all', async () => {
    const { page } = await open('rich');
    await panel.button('Conversation settings').click();
    const sheet = page.getByRole('dialog', { name: 'Conversation settings' });
    const add = sheet.getByLabel('Add a model');
    await add.selectOption({ label: 'GPT-5 mini · OpenRouter · $0.25/$2 · 400K ctx' });
    await add.selectOption({ label: 'qwen3:8b · Ollama · free · 41K ctx' });
    expect(await add.locator('option').allTextContents()).not.toContain('Built-in guide');
    await sheet.getByRole('button', { name: 'Move qwen3:8b up' }).click();
    const mini = { provider: 'openrouter', model: 'openai/gpt-5-mini', keyId: 'k1' };
    const local = { provider: 'ollama', model: 'qwen3:8b' };
    expect((await panel.asked('settings.save')).at(-1)).toMatchObject({ settings: { fallbacks: [local, mini] } });
    const own = sheet.getByLabel('This conversation has a list of its own');
    await own.check();
    expect((await panel.asked('conversation.configure')).at(-1)).toEqual({ id: 'rich', fallbacks: [local, mini] });
    await sheet.getByRole('button', { name: 'Remove qwen3:8b' }).click();
    expect((await panel.asked('conversation.configure')).at(-1)).toEqual({ id: 'rich', fallbacks: [mini] });
    await own.uncheck();
    expect((await panel.asked('conversation.configure')).at(-1)).toEqual({ id: 'rich', fallbacks: null });
    expect(await sheet.locator('.fallbacks li').count()).toBe(2);
    await sheet.getByLabel('They may cost more than the chosen model').check();
    await sheet.getByLabel('Also reach the same model over my other keys').check();
    expect((await panel.asked('settings.save')).at(-1)).toMatchObject({
      settings: { fallbacks: [local, mini], allowDearer: true, otherRoutes: true },
    });
  });

  it('exports everything into one file', async () => {
    const { page } = await open('rich');
    await panel.button('More').click();
    await page.getByRole('menuitem', { name: 'Export or delete data' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), panel.button('Export').click()]);
    expect(download.suggestedFilename()).toMatch(/^patchbay-\d{4}-\d\d-\d\d\.json$/);
    const all = JSON.parse(await readFile(await download.path(), 'utf8')) as unknown[];
    expect(all).toHaveLength(7);
    await page.getByText('Exported.').waitFor();
  });

  it('deletes everything only after a typed word', async () => {
    const { page } = await open('rich');
    await panel.button('More').click();
    await page.getByRole('menuitem', { name: 'Export or delete data' }).click();
    const wipe = panel.button('Delete everything');
    expect(await wipe.isDisabled()).toBe(true);
    await page.getByLabel('Type “delete” to confirm').fill('Delete');
    await wipe.click();
    await page.getByText('Everything was deleted.').waitFor();
    expect(await panel.asked('data.deleteAll')).toEqual([{ keys: false }]);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Start a conversation' }).waitFor();
  });

  it('lists its keys on a key', async () => {
    const { page } = await open('rich');
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Pick a model').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+2');
    await page.getByRole('button', { name: 'Model: GPT-5 mini. Change' }).waitFor();
    await page.keyboard.press('Control+Shift+O');
    await page.getByRole('heading', { name: 'Start a conversation' }).waitFor();
  });
});

describe('looks', () => {
  it('paints its shell before any script, and takes over what was typed there without a jump', async () => {
    const { page, composer } = await open('empty', { javaScriptEnabled: true, query: '&hold=1' });
    const boxes = () =>
      page.evaluate(() =>
        ['.bar', '.thread', '.composer-box', '[data-composer]'].map((name) => {
          const { x, y, width, height } = (document.querySelector(name) as Element).getBoundingClientRect();
          return [name, x, y, width, height].join(' ');
        }),
      );
    const shell = await boxes();
    expect(await page.locator('.shell-row').count()).toBe(1);
    await composer.pressSequentially('typed early');
    await composer.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(5, 5));
    await page.evaluate(() => (window as unknown as { mount(): void }).mount());
    await page.locator('.model-chip').waitFor();
    expect(await composer.inputValue()).toBe('typed early');
    expect(
      await composer.evaluate((field: HTMLTextAreaElement) => [field === document.activeElement, field.selectionStart]),
    ).toEqual([true, 5]);
    await composer.fill('');
    expect(await boxes()).toEqual(shell);
  });

  it.each([280, 320, 360, 520, 720, 900])('fits %i px in every world, with no way sideways', async (width) => {
    for (const scenario of ['first', 'rich', 'errors', 'overrun', 'rtl', 'full']) {
      const { page } = await open(scenario, {
        viewport: { width, height: 620 },
        query: scenario === 'rtl' ? '&dir=rtl' : '',
      });
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll('.frame, .thread, .composer, .bar, .banners, .message')]
          .filter((element) => element.scrollWidth > element.clientWidth + 1)
          .map((element) => `${element.className}: ${element.scrollWidth} > ${element.clientWidth}`),
      );
      expect(wide, scenario).toEqual([]);
      if (scenario !== 'full') await panel.close();
    }
  });

  it.each(['first', 'models', 'errors', 'overrun', 'near'])(
    'names every control and gives it 24 px: %s',
    async (scenario) => {
      const { page } = await open(scenario);
      const check = () =>
        page.evaluate(() =>
          [...document.querySelectorAll<HTMLElement>('button, a[href], input:not([hidden]), select, textarea, summary')]
            .filter(
              (element) =>
                element.checkVisibility({ contentVisibilityAuto: false }) && element.getClientRects().length > 0,
            )
            .flatMap((element) => {
              const { width, height } = element.getBoundingClientRect();
              const labels = 'labels' in element ? [...((element.labels as NodeListOf<Element> | null) ?? [])] : [];
              const name =
                `${element.ariaLabel ?? ''}${element.textContent ?? ''}${labels.map((one) => one.textContent).join('')}`.trim();
              const inText =
                element.matches('a[href]') ||
                (element.matches('input[type="checkbox"]') &&
                  (labels.length > 0 || (element as HTMLInputElement).disabled));
              const small = !inText && (width < 24 || height < 24);
              return name === '' || small ? [`${element.outerHTML.slice(0, 90)} “${name}” ${width}×${height}`] : [];
            }),
        );
      expect(await check()).toEqual([]);
      for (const keys of ['Control+.', 'Control+,', 'Control+/', 'Control+k']) {
        await page.keyboard.press(keys);
        await page.getByRole('dialog').waitFor();
        expect(await check(), keys).toEqual([]);
        await page.keyboard.press('Escape');
      }
    },
  );

  it('turns dark with the system and light on demand, and says so to the page', async () => {
    const { page } = await open('rich', { colorScheme: 'dark' });
    const background = () => page.locator('.frame').evaluate((frame) => getComputedStyle(frame).backgroundColor);
    expect(await background()).toBe('rgb(23, 23, 28)');
    await panel.button('More').click();
    await page.getByRole('menuitemradio', { name: 'Theme: light' }).click();
    await expect.poll(background).toBe('rgb(255, 255, 255)');
  });

  it('turns texts by their own direction and never code', async () => {
    const { answer, page } = await open('rtl', { query: '&dir=rtl' });
    const direction = (name: string) =>
      answer()
        .locator(name)
        .first()
        .evaluate((element) => getComputedStyle(element).direction);
    expect(await direction('.markdown p')).toBe('rtl');
    expect(await direction('.markdown pre')).toBe('ltr');
    expect(
      await page
        .locator('.user-text p')
        .last()
        .evaluate((element) => getComputedStyle(element).direction),
    ).toBe('ltr');
  });
});
