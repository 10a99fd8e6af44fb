import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { scheduled } from '../../support/model-server/scripts.ts';
import { answersIn, ended, lastAnswer } from '../../support/panel-driver.ts';
import { SAMPLE, type Studio, startStudio } from '../../support/vscode/studio.ts';
import type { Workbench } from '../../support/vscode/workbench.ts';

// A real editor takes its time where it shares two cores with everybody else.
vi.setConfig({ testTimeout: 240_000 });

const NEW = `// The answer.
export const answer = 42;

/** Adds. */
function add(a, b) {
  return b + a;
}

console.log(add(answer, 1));
`;

/** The new version of the whole file, a line at a time. */
const answering = (text: string, everyMs = 10) => scheduled(['```js\n', ...text.split(/(?<=\n)/), '```'], everyMs);

let studio: Studio;
let window: Workbench;
beforeAll(async () => {
  studio = await startStudio();
  window = await studio.window();
  await studio.addKey(window);
  await studio.panel(window, 'claude-sonnet-4.5');
});
beforeEach(async () => {
  await window.openFile('sample.js');
  await window.page.keyboard.press('Control+Home');
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await studio?.picture(window, `failed-${task.name.replace(/\W+/g, '-').slice(0, 50)}`);
  await window.page.keyboard.press('Escape');
  await window.run('File: Revert File');
});
afterAll(() => studio?.close());

const lens = (words: string | RegExp) => window.page.locator('.codelens-decoration a').filter({ hasText: words });
const chats = (script: ReturnType<typeof answering>) =>
  studio.server.script((exchange) => exchange.path.endsWith('/chat/completions'), script);

/** Selects everything and asks for an edit. */
async function edit(): Promise<void> {
  await window.page.keyboard.press('Control+A');
  await window.page.keyboard.press('Control+Alt+E');
  await window.answer('Document it');
}

describe('an edit in place', () => {
  it('is shown as changes that are accepted and rejected one by one, by mouse and by key', async () => {
    const restore = chats(answering(NEW));
    await edit();
    await lens('Accept all 3').waitFor();
    await expect.poll(() => window.text()).toBe(NEW);
    const request = studio.server.journal.chats().at(-1);
    expect(JSON.stringify(request?.json)).toContain('Document it');
    await studio.picture(window, 'edit');
    // The first by mouse, the others by key: where the cursor is, and then where it went.
    await lens(/^\s*Reject$/)
      .first()
      .click();
    await expect.poll(() => window.text()).toBe(NEW.replace('// The answer.\n', ''));
    await window.page.keyboard.press('Control+Home');
    await window.page.keyboard.press('Control+Alt+Y');
    await lens('Accept all').waitFor({ state: 'detached' });
    await window.page.keyboard.press('Control+Alt+N');
    await expect.poll(() => window.text()).toBe(SAMPLE.replace('function', '/** Adds. */\nfunction'));
    await lens('Accept').waitFor({ state: 'detached' });
    restore();
  });

  it('is one step of undo where nobody typed, and rejected as a whole it leaves what was there', async () => {
    const restore = chats(answering(NEW));
    await edit();
    await lens('Accept all 3').waitFor();
    await expect.poll(() => window.text()).toBe(NEW);
    await window.page.keyboard.press('Control+Z');
    await expect.poll(() => window.text()).toBe(SAMPLE);
    await lens('Accept').first().waitFor({ state: 'detached' });
    await edit();
    await lens('Accept all 3').waitFor();
    await window.page.keyboard.press('Control+Shift+Alt+N');
    await expect.poll(() => window.text()).toBe(SAMPLE);
    restore();
  });

  it('keeps what is typed while the answer still comes', async () => {
    const restore = chats(answering(NEW, 400));
    await edit();
    await expect.poll(() => window.text()).toContain('// The answer.');
    await window.page.keyboard.press('Control+End');
    await window.page.keyboard.type('// mine', { delay: 30 });
    await lens('Accept all').waitFor();
    await expect.poll(() => window.text(), { timeout: 30_000 }).toContain('/** Adds. */');
    await lens('Stop').waitFor({ state: 'detached', timeout: 30_000 });
    await window.page.keyboard.press('Control+Shift+Alt+Y');
    await expect.poll(() => window.text()).toBe(`${NEW}// mine`);
    restore();
  });

  it('says why where nothing comes, and changes nothing', async () => {
    const restore = studio.server.script(
      (exchange) => exchange.path.endsWith('/chat/completions'),
      (stage) => stage.json(503, { error: { message: 'No instances available', code: 503 } }),
    );
    await edit();
    expect(await window.message(/Claude Sonnet 4\.5/)).toMatch(/\./);
    expect(await window.text()).toBe(SAMPLE);
    await window.clearMessages();
    restore();
  });
});

describe('asking about a selection', () => {
  it('sends it with its place, from the editor’s menu, and answers in the view', async () => {
    await window.page.keyboard.press('Control+A');
    await window.page.locator('.editor-instance .monaco-editor .view-line').first().click({ button: 'right' });
    await window.page.locator('.monaco-menu .action-item').filter({ hasText: 'Patchbay' }).first().hover();
    const item = window.page.locator('.monaco-menu .action-item').filter({ hasText: 'Explain Selection' }).last();
    await item.hover();
    // A menu takes no click in the moment in which it opens.
    await window.page.waitForTimeout(500);
    await item.click({ delay: 80 });
    const panel = await window.panel();
    await answersIn(panel).first().waitFor();
    await ended(lastAnswer(panel));
    const sent = JSON.stringify(studio.server.journal.chats().at(-1)?.json);
    expect(sent).toContain('Explain what this code does');
    expect(sent).toContain('sample.js:1–7');
    expect(sent).toContain('return a + b;');
    await expect.poll(() => panel.locator('.message.user').last().textContent()).toMatch(/about \d+ tokens/);
    await studio.picture(window, 'explain');
  });

  it('asks another model for this question alone', async () => {
    await window.page.keyboard.press('Control+A');
    await window.run('Patchbay: Refactor Selection with Model…');
    await window.page.locator('.quick-input-widget .quick-input-box input').fill('gpt');
    await window.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: 'per M tokens' })
      .first()
      .waitFor();
    await window.page.keyboard.press('Enter');
    const panel = await window.panel();
    await expect.poll(() => String(studio.server.journal.chats().at(-1)?.json?.model)).toContain('gpt');
    await ended(lastAnswer(panel));
  });
});
