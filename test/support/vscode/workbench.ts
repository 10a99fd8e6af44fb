import type { FrameLocator, Locator, Page } from 'playwright-core';

const EXTENSION = 'patchbay.patchbay-vscode';

/** A window of VS Code, driven as a person does: by mouse and keyboard. Selectors are those of VS Code 1.139. */
export interface Workbench {
  readonly page: Page;
  /** Runs a command by its title in the palette; waits for extensions whose commands are not there yet. */
  run(title: string): Promise<void>;
  /** Types into the box that a command opened, and confirms. */
  answer(text: string): Promise<void>;
  /** Picks the row of an open list that holds these words. */
  pick(words: string | RegExp): Promise<void>;
  /** Text of a message at the corner, once there is one like this. */
  message(words: RegExp): Promise<string>;
  /** Presses a button of such a message. */
  press(words: RegExp, button: string): Promise<void>;
  clearMessages(): Promise<void>;
  openFile(name: string): Promise<void>;
  /** Text of the editor in front, as VS Code shows it. */
  text(): Promise<string>;
  /** The panel's page, opened if need be. */
  panel(): Promise<FrameLocator>;
  statusBar(): Locator;
  picture(path: string): Promise<void>;
}

export function workbenchOf(page: Page): Workbench {
  const quick = page.locator('.quick-input-widget');
  const input = quick.locator('.quick-input-box input');
  const toast = (words: RegExp) =>
    page.locator('.notifications-toasts .notification-list-item').filter({ hasText: words }).first();

  const run = async (title: string) => {
    // An open palette does not learn of commands that come later, and the loading window takes the focus away from it.
    for (let tries = 0; ; tries += 1) {
      try {
        await page.keyboard.press('F1');
        await input.waitFor({ state: 'visible', timeout: 5_000 });
        await input.fill(`>${title}`, { timeout: 5_000 });
        const row = quick.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
        await row.waitFor({ state: 'visible', timeout: 3_000 });
        await row.click({ timeout: 5_000 });
        return;
      } catch (error) {
        await page.keyboard.press('Escape').catch(() => undefined);
        if (tries >= 15) throw error;
      }
    }
  };

  return {
    page,
    run,
    answer: async (text) => {
      await input.waitFor({ state: 'visible' });
      await input.fill(text);
      await page.keyboard.press('Enter');
    },
    pick: async (words) => {
      const row = quick.locator('.quick-input-list .monaco-list-row').filter({ hasText: words }).first();
      await row.waitFor({ state: 'visible' });
      await row.click();
    },
    message: async (words) => {
      await toast(words).waitFor({ state: 'visible' });
      return (await toast(words).locator('.notification-list-item-message').innerText()).trim();
    },
    press: async (words, button) => {
      await toast(words).waitFor({ state: 'visible' });
      await toast(words)
        .locator('.notification-list-item-buttons-container a, .monaco-text-button')
        .filter({ hasText: button })
        .first()
        .click();
    },
    clearMessages: () => run('Notifications: Clear All Notifications'),
    openFile: async (name) => {
      await page.keyboard.press('Control+P');
      await input.fill(name);
      await quick.locator('.monaco-list-row').filter({ hasText: name }).first().click();
      await page.locator('.editor-instance .monaco-editor .view-lines').first().click();
    },
    text: async () => {
      const lines = page.locator('.editor-group-container.active .monaco-editor .view-line');
      // Lines are laid out in any order; their place on the screen is theirs in the text.
      const shown = await lines.evaluateAll((elements) =>
        elements
          .map((element) => ({
            top: Number.parseFloat((element as HTMLElement).style.top),
            // Text that decorations put beside a line is no text of the document.
            text: [...element.querySelectorAll('span > span')]
              .filter((span) => !/ced-/.test(span.className))
              .map((span) => span.textContent ?? '')
              .join(''),
          }))
          .sort((a, b) => a.top - b.top)
          .map(({ text }) => text.replaceAll('\u00a0', ' ')),
      );
      return shown.join('\n');
    },
    panel: async () => {
      const frame = page
        .frameLocator(`iframe.webview.ready[src*="extensionId=${EXTENSION}"]`)
        .frameLocator('iframe#active-frame');
      const composer = frame.locator('textarea[data-composer]');
      if (!(await composer.isVisible().catch(() => false))) await run('Patchbay: Open Chat');
      await composer.waitFor();
      return frame;
    },
    statusBar: () => page.locator('.statusbar-item[id*="patchbay"]'),
    picture: async (path) => {
      await page.screenshot({ path });
    },
  };
}

/** VS Code's own chat. */
export interface NativeChat {
  chooseModel(name: string): Promise<void>;
  /** Types and sends. */
  send(text: string): Promise<void>;
  /** The last answer that holds these words. */
  reply(words: RegExp): Promise<string>;
}

export async function openNativeChat({ page, run }: Workbench): Promise<NativeChat> {
  const root = page.locator('.interactive-session').first();
  const editor = root.locator('.interactive-input-editor').first();
  if (!(await editor.isVisible().catch(() => false))) await run('Chat: Open Chat');
  await editor.waitFor({ state: 'visible' });
  const clear = async () => {
    await root.locator('.interactive-input-editor .monaco-editor').first().click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
  };
  const submit = async () => {
    // Closes what is suggested for `@`.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
  };
  const picker = root.locator('.model-picker-name').first();
  return {
    chooseModel: async (name) => {
      await picker.filter({ hasNotText: /^Models$/ }).waitFor();
      await picker.click();
      const list = page.locator('.action-widget.action-widget-dropdown');
      await list.waitFor({ state: 'visible' });
      const row = list.locator(`.monaco-list-row[aria-label^="${name}"]`).first();
      if (!(await row.isVisible())) await list.locator('.monaco-list-row').filter({ hasText: 'Other Models' }).click();
      await row.click();
      await picker.filter({ hasText: name }).waitFor();
    },
    send: async (text) => {
      await clear();
      await page.keyboard.type(text, { delay: 10 });
      await submit();
    },
    reply: async (words) => {
      const answer = root.locator('.interactive-item-container.interactive-response').filter({ hasText: words }).last();
      await answer.waitFor({ state: 'visible' });
      return (await answer.innerText()).trim();
    },
  };
}
