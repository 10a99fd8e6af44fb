import type { FrameLocator, Locator, Page } from 'playwright-core';

const EXTENSION = 'patchbay.patchbay-vscode';

/** The page of a webview, with what the tests left in it. */
export type PanelWindow = Window & {
  /** What it was sent, in order, as JSON. */
  patchbayHeard?: string[];
  /** The editor's end of its channel, which the panel keeps to itself. */
  patchbayEditor?: { postMessage(message: unknown): void };
};

/** A window of VS Code, driven as a person does: by mouse and keyboard. Selectors are those of VS Code 1.139. */
export interface Workbench {
  readonly page: Page;
  /** Runs a command by its title in the palette; waits for extensions whose commands are not there yet. */
  run(title: string): Promise<void>;
  /** Types into the box that a command opened, and confirms. */
  answer(text: string): Promise<void>;
  /** Picks the row of an open list whose name holds these words. */
  pick(words: string): Promise<void>;
  /** Searches the list of models and takes the first one that is found. */
  pickModel(words: string): Promise<void>;
  /** The box or list that stands at the top. */
  box(): Locator;
  /** Walks through an open menu by the names of its entries. */
  menu(...names: readonly string[]): Promise<void>;
  /** Takes an entry of the lightbulb at the cursor. */
  lightbulb(entry: string): Promise<void>;
  goToLine(line: number): Promise<void>;
  /** Waits until the status bar counts at least so many errors. */
  problems(count: number): Promise<void>;
  /** Text of a message at the corner, once there is one like this. */
  message(words: RegExp): Promise<string>;
  /** Presses a button of such a message. */
  press(words: RegExp, button: string): Promise<void>;
  /** Presses a button of the dialog that stands in the middle. */
  confirm(button: string): Promise<void>;
  clearMessages(): Promise<void>;
  openFile(name: string): Promise<void>;
  /** Saves the file of the editor in front, whose text was changed. */
  save(): Promise<void>;
  /** Text of the editor in front, as VS Code shows it. */
  text(): Promise<string>;
  /** The panel's page, opened if need be. */
  panel(): Promise<FrameLocator>;
  /** The panel with a chat that is new: what is sent from here on goes there, not to the one that was shown before it. */
  newChat(): Promise<FrameLocator>;
  /** Reloads the window. */
  reload(): Promise<void>;
  /** Drags the edge of the side bar until it is so wide, px. */
  sidebarWidth(width: number): Promise<void>;
  /** Everything that the panel's page was sent since it is there, as JSON. */
  heardByPage(): Promise<string>;
  /** Posts messages over the channel of the panel's page, as a script in it could if it got hold of it. */
  postFromPage(messages: readonly unknown[]): Promise<void>;
  statusBar(): Locator;
  picture(path: string): Promise<void>;
}

export function workbenchOf(page: Page): Workbench {
  const quick = page.locator('.quick-input-widget');
  const input = quick.locator('.quick-input-box input');
  const toasts = (words: RegExp) =>
    page.locator('.notifications-toasts .notification-list-item').filter({ hasText: words });
  const toast = (words: RegExp) => toasts(words).first();

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

  const panel = async () => {
    const frame = page
      .frameLocator(`iframe.webview.ready[src*="extensionId=${EXTENSION}"]`)
      .frameLocator('iframe#active-frame');
    const composer = frame.locator('textarea[data-composer]');
    if (!(await composer.isVisible().catch(() => false))) await run('Patchbay: Open Chat');
    await composer.waitFor();
    return frame;
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
      const rows = quick.locator('.quick-input-list .monaco-list-row').filter({ hasText: words });
      await rows.first().waitFor({ state: 'visible' });
      // By key: a list that is still being filled moves away under the mouse.
      await input.fill(words);
      await rows.and(page.locator('.focused')).waitFor({ state: 'visible' });
      await page.keyboard.press('Enter');
    },
    pickModel: async (words) => {
      await input.waitFor({ state: 'visible' });
      await input.fill(words);
      await quick
        .locator('.quick-input-list .monaco-list-row.focused')
        .filter({ hasText: words })
        .filter({ hasText: 'per M tokens' })
        .waitFor();
      await page.keyboard.press('Enter');
    },
    box: () => quick,
    menu: async (...names) => {
      for (const [index, name] of names.entries()) {
        const item = page.locator('.monaco-menu .action-item').filter({ hasText: name }).last();
        await item.hover();
        if (index < names.length - 1) continue;
        // A menu takes no click in the moment in which it opens.
        await page.waitForTimeout(500);
        await item.click({ delay: 80 });
      }
    },
    lightbulb: async (entry) => {
      const row = page.locator('.action-widget .monaco-list-row').filter({ hasText: entry }).first();
      // Asked before all extensions have said what they offer, it opens without them, or not at all.
      for (let tries = 0; ; tries += 1) {
        await page.keyboard.press('Control+.');
        try {
          await row.waitFor({ state: 'visible', timeout: 5_000 });
          await row.click({ timeout: 5_000 });
          return;
        } catch (error) {
          await page.keyboard.press('Escape');
          if (tries >= 10) throw error;
        }
      }
    },
    goToLine: async (line) => {
      await page.keyboard.press('Control+G');
      await input.fill(`:${line}`);
      await page.keyboard.press('Enter');
      await quick.waitFor({ state: 'hidden' });
    },
    problems: async (count) => {
      const errors = page.locator('.statusbar-item[id="status.problems"]');
      await errors.filter({ hasText: new RegExp(`^\\s*${count}\\b`) }).waitFor();
    },
    message: async (words) => {
      await toast(words).waitFor({ state: 'visible' });
      return (await toast(words).locator('.notification-list-item-message').innerText()).trim();
    },
    press: async (words, button) => {
      await toast(words).waitFor({ state: 'visible' });
      const before = await toasts(words).count();
      // A message that is still sliding in, or moves up for another one, misses a click. It goes once it was heard.
      for (let tries = 0; ; tries += 1) {
        await toast(words)
          .locator('.notification-list-item-buttons-container a, .monaco-text-button')
          .filter({ hasText: button })
          .first()
          .click();
        for (let looks = 0; looks < 50; looks += 1) {
          if ((await toasts(words).count()) < before) return;
          await page.waitForTimeout(100);
        }
        if (tries >= 5) throw new Error(`“${button}” was pressed in vain`);
      }
    },
    confirm: async (button) => {
      await page.locator('.monaco-dialog-box .monaco-button').filter({ hasText: button }).first().click();
    },
    clearMessages: () => run('Notifications: Clear All Notifications'),
    openFile: async (name) => {
      await page.keyboard.press('Control+P');
      await input.fill(name);
      await quick.locator('.monaco-list-row').filter({ hasText: name }).first().click();
      await page.locator('.editor-instance .monaco-editor .view-lines').first().click();
    },
    save: async () => {
      const dirty = page.locator('.editor-group-container.active .tab.active.dirty');
      await dirty.waitFor();
      await page.keyboard.press('Control+S');
      await dirty.waitFor({ state: 'detached' });
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
    panel,
    newChat: async () => {
      const before = await panel();
      const shown = before.locator('main.thread:not([data-loading])');
      await shown.waitFor();
      const old = await shown.getAttribute('data-conversation');
      await run('Patchbay: New Chat');
      const now = await panel();
      await now.locator(`main.thread:not([data-loading], [data-conversation="${old}"])`).waitFor();
      return now;
    },
    reload: async () => {
      await page.reload({ waitUntil: 'domcontentloaded' });
      await page.locator('.monaco-workbench .part.statusbar').waitFor();
    },
    sidebarWidth: async (width) => {
      const box = await page.locator('.part.sidebar').boundingBox();
      if (!box) throw new Error('the side bar is hidden');
      await page.mouse.move(box.x + box.width, box.y + 300);
      await page.mouse.down();
      await page.mouse.move(box.x + width, box.y + 300, { steps: 5 });
      await page.mouse.up();
    },
    heardByPage: async () => {
      const body = (await panel()).locator('body');
      return body.evaluate(() => ((window as PanelWindow).patchbayHeard ?? []).join('\n'));
    },
    postFromPage: async (messages) => {
      const body = (await panel()).locator('body');
      await body.evaluate((_, all) => {
        for (const message of all) (window as PanelWindow).patchbayEditor?.postMessage(message);
      }, messages);
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
  /** The last answer that holds these words, once it is over. */
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
      const answers = root.locator('.interactive-item-container.interactive-response:not(.chat-response-loading)');
      const answer = answers.filter({ hasText: words }).last();
      await answer.waitFor({ state: 'visible' });
      return (await answer.innerText()).trim();
    },
  };
}
