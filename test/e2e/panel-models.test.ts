import { describe, expect, it } from 'vitest';
import { askedModels, open, panel, started } from '../support/panel-bed.ts';

describe('models', () => {
  it('sends one message to another model, and the next one to the conversation’s own again', async () => {
    const { page, composer } = await open('rich');
    await page.keyboard.press('Control+.');
    await page.keyboard.type('gemini');
    await page.keyboard.press('Alt+Enter');
    await page.getByText('Gemini 3 Flash answers this message only.').waitFor();
    expect(await composer.evaluate((field) => field === document.activeElement)).toBe(true);
    await panel.send('one');
    await panel.answered();
    expect(await page.getByText('answers this message only').count()).toBe(0);
    await panel.send('two');
    await panel.answered();
    await page.keyboard.press('Control+.');
    await page.keyboard.type('mini');
    await page.keyboard.press('Enter');
    await panel.send('three');
    await panel.answered();
    expect(await askedModels()).toEqual(['google/gemini-3-flash', 'anthropic/claude-sonnet-4', 'openai/gpt-5-mini']);
    expect((await panel.asked('conversation.configure')).at(-1)).toMatchObject({
      choice: { model: 'openai/gpt-5-mini' },
    });
  });

  it('lists five hundred models and renders few, with the keys of a combobox', async () => {
    const { page } = await open('models');
    await page.getByRole('button', { name: /^Model: / }).click();
    const field = page.getByRole('combobox', { name: 'Search models' });
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    const options = page.getByRole('option');
    expect(await options.count()).toBeLessThan(40);
    expect(await options.first().getAttribute('aria-setsize')).toBe('520');
    for (let step = 0; step < 60; step += 1) await page.keyboard.press('ArrowDown');
    const active = page.locator(`[id="${await field.getAttribute('aria-activedescendant')}"]`);
    expect(await active.getAttribute('aria-posinset')).toBe('61');
    const inside = await active.evaluate((row) => {
      const box = (row.closest('.picker-list') as Element).getBoundingClientRect();
      const at = row.getBoundingClientRect();
      return at.top >= box.top - 1 && at.bottom <= box.bottom + 1;
    });
    expect(inside).toBe(true);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Control+End');
    expect(await page.locator('[data-active]').getAttribute('aria-posinset')).toBe('520');
    await field.fill('vendor 7 model 99');
    expect(await options.count()).toBe(1);
    await page.keyboard.press('Alt+p');
    await expect
      .poll(async () => JSON.stringify((await panel.asked('settings.save')).at(-1)))
      .toContain('openrouter/vendor-7/model-99');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^Model: /);
  });

  it('keeps to one provider, and says when nothing matches', async () => {
    const { page } = await open('models');
    await page.keyboard.press('Control+.');
    await page.getByRole('button', { name: /^Groq/ }).click();
    for (const source of await page.locator('.picker-source').allTextContents()) expect(source).toContain('Groq');
    await page.getByRole('combobox').fill('there is no such model');
    await page.getByText('No model matches.').waitFor();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(1);
  });

  it('answers again with another model as a sibling, and switches between the versions', async () => {
    const { page, answer } = await open('rich');
    await panel.button('Retry with another model').last().click();
    const menu = page.getByRole('menu');
    expect(await menu.getByRole('menuitem').allTextContents()).toHaveLength(3);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('menuitem');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await panel.answered();
    const [run] = await started();
    expect(run).toMatchObject({ parentId: 'u2', choice: { model: 'openai/gpt-5-mini' } });
    expect(run?.parts).toBeUndefined();
    expect(await answer().locator('.versions-count').textContent()).toBe('2/2');
    await answer().getByRole('button', { name: 'Previous version' }).click();
    await expect.poll(() => answer().getAttribute('data-message')).toBe('a2');
    expect((await panel.asked('conversation.branch')).at(-1)).toEqual({ id: 'rich', headId: 'a2' });
  });

  it('closes a menu on Escape without stopping anything, and gives the focus back', async () => {
    const { page } = await open('rich');
    await panel.button('More').click();
    await page.keyboard.press('End');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Theme: dark');
    await page.keyboard.press('e');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Export or delete data');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('More');
    expect(await page.getByRole('menuitem').count()).toBe(0);
  });
});

describe('branches', () => {
  it('edits a question into a new branch, and gives the draft back when the edit is called off', async () => {
    const { composer, page, log } = await open('rich');
    await composer.fill('a draft');
    await panel.button('Edit').last().click();
    await page.locator('.composer-note').getByText('Editing an earlier message').waitFor();
    expect(await composer.inputValue()).toBe('And does the rename disturb a writer that has the file open?');
    expect(await composer.evaluate((field) => field === document.activeElement)).toBe(true);
    // A panel that is closed in the middle of an edit loses neither text.
    await composer.fill('an edit, half done');
    await expect
      .poll(async () => (await panel.asked('draft.save')).at(-1))
      .toEqual({ conversationId: 'rich', draft: 'a draft\n\nan edit, half done' });
    await composer.press('Escape');
    expect(await composer.inputValue()).toBe('a draft');
    await composer.fill('');
    await composer.press('ArrowUp');
    await panel.send('Does it disturb a reader?');
    await panel.answered();
    expect((await started())[0]).toMatchObject({ parentId: 'a1' });
    const question = log.locator('.user').last();
    expect(await question.locator('.versions-count').textContent()).toBe('2/2');
    await question.getByRole('button', { name: 'Previous version' }).click();
    await log.locator('[data-message="u2"]').waitFor();
  });

  it('moves between the actions of a message with the arrow keys, with one stop for Tab', async () => {
    const { page, answer } = await open('rich');
    const stops = await answer()
      .getByRole('toolbar')
      .locator('button')
      .evaluateAll((buttons) => buttons.filter((button) => (button as HTMLElement).tabIndex === 0).length);
    expect(stops).toBe(1);
    await answer().getByRole('button', { name: 'Copy answer' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Retry');
    await page.keyboard.press('End');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Retry with another model',
    );
  });
});

describe('reading', () => {
  it('follows an answer until the reader scrolls up, and again from the end', async () => {
    const { page } = await open('empty');
    const box = page.locator('.thread');
    const gap = () => box.evaluate((one) => one.scrollHeight - one.scrollTop - one.clientHeight);
    await panel.send('long please');
    await expect.poll(() => box.evaluate((one) => one.scrollTop), { timeout: 20_000 }).toBeGreaterThan(200);
    expect(await gap()).toBeLessThan(30);
    await box.hover();
    await page.mouse.wheel(0, -300);
    await panel.button('Latest').waitFor();
    const at = await box.evaluate((one) => one.scrollTop);
    await expect.poll(() => gap()).toBeGreaterThan(600);
    expect(Math.abs((await box.evaluate((one) => one.scrollTop)) - at)).toBeLessThan(40);
    await panel.button('Latest').click();
    await expect.poll(gap).toBeLessThan(30);
    await panel.answered();
    expect(await gap()).toBeLessThan(30);
    expect(await panel.button('Latest').count()).toBe(0);
  });

  it('renders the end of a long conversation first, and the rest as the reader gets there', async () => {
    const { page, log } = await open('long');
    const messages = log.locator('.message');
    expect(await messages.count()).toBe(30);
    expect(await log.locator('[data-message="a119"]').count()).toBe(1);
    const box = page.locator('.thread');
    await box.evaluate((one) => {
      one.scrollTop = 0;
    });
    await expect.poll(() => messages.count()).toBeGreaterThan(30);
    // What was at the top is still there, not pushed away by what came in above it.
    expect(await box.evaluate((one) => one.scrollTop)).toBeGreaterThan(200);
  });

  it('leaves the place alone where an answer ends while the reader is further up', async () => {
    const { page } = await open('rich');
    const box = page.locator('.thread');
    await panel.send('tell me');
    await page.locator('.assistant[aria-busy="true"]').waitFor();
    await box.hover();
    await page.mouse.wheel(0, -2000);
    await panel.button('Latest').waitFor();
    const at = await box.evaluate((one) => one.scrollTop);
    await panel.answered();
    expect(Math.abs((await box.evaluate((one) => one.scrollTop)) - at)).toBeLessThan(60);
  });
});
