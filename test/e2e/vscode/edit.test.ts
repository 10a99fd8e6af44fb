import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scheduled } from '../../support/model-server/scripts.ts';
import { ended, lastAnswer } from '../../support/panel-driver.ts';
import { SAMPLE, type Studio, startStudio } from '../../support/vscode/studio.ts';
import type { Workbench } from '../../support/vscode/workbench.ts';

const NEW = `// The answer.
export const answer = 42;

/** Adds. */
function add(a, b) {
  return b + a;
}

console.log(add(answer, 1));
`;

/** The new version of the whole file, a line at a time. */
const editing = (text: string, everyMs = 10) => scheduled(['```js\n', ...text.split(/(?<=\n)/), '```'], everyMs);

let studio: Studio;
let window: Workbench;
beforeAll(async () => {
  studio = await startStudio({
    files: { 'sample.js': SAMPLE, 'broken.json': '{\n  "name": "sample",\n  "version": 1,,\n  "private": true\n}\n' },
    settings: {
      'patchbay.context.review': true,
      'patchbay.context.surroundingLines': 2,
      'patchbay.context.problems': true,
    },
  });
  window = await studio.window();
  await studio.addKey(window);
  await studio.panel(window, 'claude-sonnet-4.5');
});
beforeEach(async () => {
  await window.openFile('sample.js');
  await window.page.keyboard.press('Control+Home');
});
afterEach(async ({ task }) => {
  await studio?.tidy(task, window);
  await window.page.keyboard.press('Escape');
  await window.run('File: Revert File');
});
afterAll(() => studio?.close());

const lens = (words: string | RegExp) => window.page.locator('.codelens-decoration a').filter({ hasText: words });

/** Edits that wait, as they are kept. */
const keptEdits = () => written('workspaceStorage', /patchbay-vscode\/edits\/\w+\.json$/);
/** Changes that are not saved, as VS Code itself keeps them. */
const backups = () => written('Backups', /./);

/** Texts of the files in a folder of VS Code’s user data whose path matches. */
function written(folder: string, path: RegExp): string[] {
  const root = join(studio.editor.root, 'data/User', folder);
  const names = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
  const files = names.map((name) => join(root, name)).filter((name) => path.test(name) && statSync(name).isFile());
  return files.map((name) => readFileSync(name, 'utf8'));
}

/** Selects everything and asks for an edit. */
async function edit(): Promise<void> {
  await window.page.keyboard.press('Control+A');
  await window.page.keyboard.press('Control+Alt+E');
  await window.answer('Document it');
}

describe('an edit in place', () => {
  it('is shown as changes that are accepted and rejected one by one, by mouse and by key', async () => {
    studio.answering(editing(NEW));
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
  });

  it('is one step of undo where nobody typed, and rejected as a whole it leaves what was there', async () => {
    studio.answering(editing(NEW));
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
  });

  it('says who wrote it and for how much, and lets another model try in one step', async () => {
    const restore = studio.answering(editing(NEW));
    await edit();
    await lens(/Claude Sonnet 4\.5 · <?\$0\.0\d+/).waitFor();
    restore();
    studio.answering(editing(SAMPLE.replace('42', '43')));
    await lens('Retry with…').click();
    await window.pickModel('GPT-5 Mini');
    await lens(/GPT-5 Mini · <?\$0\.0\d+/).waitFor();
    // The first model's changes are gone, and its question went to the second one unchanged.
    await expect.poll(() => window.text()).toBe(SAMPLE.replace('42', '43'));
    const [one, two] = studio.server.journal.chats().slice(-2);
    expect(two?.json?.messages).toEqual(one?.json?.messages);
    expect(two?.json?.model).not.toBe(one?.json?.model);
    // Both answers are two versions of one conversation in the history, each with its model and cost.
    await lens(/GPT-5 Mini · /).click();
    const panel = await window.panel();
    await expect.poll(() => lastAnswer(panel).locator('.answer-name').textContent()).toContain('GPT-5 Mini');
    expect(await panel.locator('.message.user').last().textContent()).toContain('Instruction: Document it');
    expect(await lastAnswer(panel).locator('.answer-cost').textContent()).toMatch(/<?\$0\.0\d+/);
    await studio.picture(window, 'edit-retried');
    await lastAnswer(panel).getByRole('button', { name: 'Previous version' }).click();
    await expect.poll(() => lastAnswer(panel).locator('.answer-name').textContent()).toContain('Claude Sonnet 4.5');
    await lens('Reject').first().click();
    await expect.poll(() => window.text()).toBe(SAMPLE);
  });

  it('keeps what is typed while the answer still comes', async () => {
    studio.answering(editing(NEW, 400));
    await edit();
    await expect.poll(() => window.text()).toContain('// The answer.');
    await window.page.keyboard.press('Control+End');
    await window.page.keyboard.type('// mine', { delay: 30 });
    await lens('Accept all').waitFor();
    await expect.poll(() => window.text(), { timeout: 30_000 }).toContain('/** Adds. */');
    await lens('Stop').waitFor({ state: 'detached', timeout: 30_000 });
    await window.page.keyboard.press('Control+Shift+Alt+Y');
    await expect.poll(() => window.text()).toBe(`${NEW}// mine`);
  });

  it('waits for its decision over a reload of the window, where half of it was saved, too', async () => {
    studio.answering(editing(NEW));
    await edit();
    await lens('Accept all 3').waitFor();
    await lens(/^\s*Reject$/)
      .first()
      .click();
    await lens('Accept all 2').waitFor();
    const left = NEW.replace('// The answer.\n', '');
    await expect.poll(() => window.text()).toBe(left);
    // A window comes back with what it knows to be unsaved: it has to know that, and then that it is saved.
    await expect.poll(() => backups().some((text) => text.includes(left))).toBe(true);
    await window.save();
    await expect.poll(backups).toEqual([]);
    const file = join(studio.editor.workspace, 'sample.js');
    expect(readFileSync(file, 'utf8')).toBe(left);
    // Without the change that was decided.
    const isKept = (text: string) => text.includes('Adds.') && !text.includes('The answer.');
    await expect.poll(() => keptEdits().map(isKept)).toEqual([true]);
    await window.reload();
    await window.panel();
    await window.openFile('sample.js');
    await lens('Accept all 2').waitFor();
    expect(await window.text()).toBe(left);
    await studio.picture(window, 'edit-reloaded');
    await window.page.keyboard.press('Control+Shift+Alt+N');
    await expect.poll(() => window.text()).toBe(SAMPLE);
    await lens('Accept').first().waitFor({ state: 'detached' });
    await expect.poll(keptEdits).toEqual([]);
    await window.save();
    expect(readFileSync(file, 'utf8')).toBe(SAMPLE);
  });

  it('says why where nothing comes, and changes nothing', async () => {
    studio.answering((stage) => stage.json(503, { error: { message: 'No instances available', code: 503 } }));
    await edit();
    expect(await window.message(/Claude Sonnet 4\.5/)).toMatch(/\./);
    expect(await window.text()).toBe(SAMPLE);
    await window.clearMessages();
  });
});

describe('what goes along with a question', () => {
  it('is shown with its tokens before anything is sent, and what is unticked never is', async () => {
    await window.openFile('broken.json');
    await window.problems(1);
    await window.goToLine(3);
    const before = studio.server.journal.chats().length;
    await window.run('Patchbay: Document Selection');
    const rows = window.box().locator('.quick-input-list .monaco-list-row');
    const texts = async () => (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
    await expect
      .poll(texts)
      .toEqual([
        expect.stringMatching(/^broken\.json:3 ?about \d+ tokens$/),
        expect.stringMatching(/^4 surrounding lines ?about \d+ tokens$/),
        expect.stringMatching(/^\d problems? ?about \d+ tokens$/),
      ]);
    await studio.picture(window, 'review');
    // Nothing was sent so far, and what is unticked never is.
    expect(studio.server.journal.chats()).toHaveLength(before);
    await rows.nth(1).click();
    await window.page.keyboard.press('Enter');
    const panel = await window.panel();
    await panel
      .locator('.message.user')
      .filter({ hasText: /Write the documentation comments/ })
      .waitFor();
    await ended(lastAnswer(panel));
    const told = JSON.stringify(studio.server.journal.chats().at(-1)?.json?.messages);
    expect(told).toContain('Problems reported there');
    expect(told).not.toContain('Above it in');
  });
});
