import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MODELS, type ServedModel } from '../../support/model-server/models.ts';
import { scheduled } from '../../support/model-server/scripts.ts';
import { ask, lastAnswer } from '../../support/panel-driver.ts';
import { SAMPLE, type Studio, startStudio } from '../../support/vscode/studio.ts';
import type { Workbench } from '../../support/vscode/workbench.ts';

const NEW = `// The answer.\n${SAMPLE}// The end.\n`;
const MODEL = 'Odd $(sync~spin) [Run](command:workbench.action.closeWindow)';

/** The new version of the whole file, a line at a time. */
const editing = (text: string, everyMs = 10) => scheduled(['```js\n', ...text.split(/(?<=\n)/), '```'], everyMs);

let studio: Studio;
let window: Workbench;
beforeAll(async () => {
  studio = await startStudio({
    files: {
      'sample.js': SAMPLE,
      'other.js': SAMPLE,
      'locked.js': SAMPLE,
      'moved.js': SAMPLE,
      'crlf.txt': '\ufeff\tone 🙂\r\ntwo 😀\r\nthree',
    },
    settings: { 'files.readonlyInclude': { '**/locked.js': true } },
    extraModels: [{ ...(MODELS[0] as ServedModel), id: 'odd/odd', name: MODEL }],
  });
  window = await studio.window();
  await studio.addKey(window);
  await studio.panel(window, 'claude-sonnet-4.5');
});
// A page of the panel that has the focus keeps the keys for itself.
beforeEach(() => window.run('View: Focus First Editor Group'));
afterEach(async ({ task }) => {
  await studio?.tidy(task, window);
  await window.page.keyboard.press('Escape');
  await window.clearMessages();
  await window.run('File: Revert File');
});
afterAll(() => studio?.close());

const lens = (words: string | RegExp) => window.page.locator('.codelens-decoration a').filter({ hasText: words });
const toasts = () => window.page.locator('.notifications-toasts .notification-list-item');
const chats = () => studio.server.journal.chats().length;

/** Selects everything of a file and asks for an edit. */
async function edit(file: string): Promise<void> {
  await window.openFile(file);
  await window.page.keyboard.press('Control+A');
  await window.page.keyboard.press('Control+Alt+E');
  await window.answer('Comment it');
}

describe('an edit', () => {
  it('of a document that takes no changes is not taken for done, and blocks no other one', async () => {
    studio.answering(editing(NEW));
    const panel = await window.panel();
    await ask(panel, 'How is this commented?');
    await window.openFile('locked.js');
    await lastAnswer(panel).getByRole('button', { name: 'Apply' }).click();
    expect(await window.message(/Nothing was written/)).toMatch(/locked\.js.*read-only/);
    expect(await window.text()).toBe(SAMPLE);
    expect(await lens('Accept').count()).toBe(0);
    await studio.picture(window, 'edit-readonly');
    await window.clearMessages();
    await edit('sample.js');
    await lens('Accept all 2').waitFor();
    await window.page.keyboard.press('Control+Shift+Alt+N');
    await expect.poll(() => window.text()).toBe(SAMPLE);
  });

  it('goes on while the language of its document is changed', async () => {
    studio.answering(editing(NEW, 300));
    await edit('sample.js');
    await expect.poll(() => window.text()).toContain('// The answer.');
    await window.run('Change Language Mode');
    await window.box().locator('input').first().fill('TypeScript');
    await window.box().locator('.monaco-list-row.focused').filter({ hasText: 'TypeScript' }).waitFor();
    await window.page.keyboard.press('Enter');
    await lens('Accept all 2').waitFor();
    await window.page.locator('.editor-instance .monaco-editor .view-lines').first().click();
    await window.page.keyboard.press('Control+Shift+Alt+N');
    await expect.poll(() => window.text()).toBe(SAMPLE);
  });

  it('is over when its file is reverted', async () => {
    studio.answering(editing(`// The answer.\n${SAMPLE.replace('console.log(add(answer, 1));\n', '')}`));
    await edit('sample.js');
    await lens('Accept all 2').waitFor();
    await window.run('File: Revert File');
    await lens('Accept').first().waitFor({ state: 'detached' });
    await expect.poll(() => window.text()).toBe(SAMPLE);
  });

  it('that changes nothing says so, with what it cost', async () => {
    studio.answering(editing(SAMPLE));
    await edit('sample.js');
    expect(await window.message(/changed nothing/)).toMatch(
      /^.*Claude Sonnet 4\.5 changed nothing.* cost <?\$0\.0\d+\.$/,
    );
    expect(await window.text()).toBe(SAMPLE);
  });

  it('deletes nothing where the answer is empty', async () => {
    studio.answering(scheduled(['\n'], 10));
    await edit('sample.js');
    await toasts().filter({ hasText: 'Claude Sonnet 4.5' }).waitFor();
    expect(await window.text()).toBe(SAMPLE);
  });

  it('is decided where it is seen alone, and says so before another one is asked for', async () => {
    studio.answering(editing(NEW));
    await edit('sample.js');
    await lens('Accept all 2').waitFor();
    await window.openFile('other.js');
    const before = chats();
    await window.page.keyboard.press('Control+Shift+Alt+Y');
    await window.page.keyboard.press('Control+Alt+N');
    await window.page.keyboard.press('Control+Alt+E');
    expect(await window.message(/An edit of sample\.js is open/)).toContain('Accept or reject');
    expect(await window.box().isVisible()).toBe(false);
    await window.press(/An edit of sample\.js is open/, 'Show It');
    await lens('Accept all 2').waitFor();
    await expect.poll(() => window.text()).toBe(NEW);
    expect(chats()).toBe(before);
    await window.page.keyboard.press('Control+Shift+Alt+N');
    await expect.poll(() => window.text()).toBe(SAMPLE);
    await window.openFile('other.js');
    expect(await window.text()).toBe(SAMPLE);
  });

  it('keeps line endings, tabs, pairs and the missing last ending, byte for byte', async () => {
    studio.answering(editing('\tone 🙂\nnew 👩‍👩‍👧\nthree\n'));
    await edit('crlf.txt');
    await lens('Accept').first().waitFor();
    await window.page.keyboard.press('Control+Shift+Alt+Y');
    await lens('Accept').waitFor({ state: 'detached' });
    await window.save();
    const file = join(studio.editor.workspace, 'crlf.txt');
    await expect.poll(() => readFileSync(file, 'utf8')).toBe('\ufeff\tone 🙂\r\nnew 👩‍👩‍👧\r\nthree');
  });

  it('tells that its file was renamed', async () => {
    studio.answering(editing(NEW));
    await edit('moved.js');
    await lens('Accept all 2').waitFor();
    await window.save();
    renameSync(join(studio.editor.workspace, 'moved.js'), join(studio.editor.workspace, 'renamed.js'));
    await window.run('View: Revert and Close Editor');
    expect(await window.message(/was closed or renamed/)).toContain('moved.js');
  });
});

describe('what others say', () => {
  it('is shown as it is: no icon turns, no command can be clicked', async () => {
    studio.answering((stage) => stage.json(400, { error: { message: MODEL, code: 400 } }));
    await window.run('Patchbay: Choose Model…');
    await window.pickModel('Odd');
    await expect.poll(async () => (await window.panel()).locator('.model-chip-name').innerText()).toContain('Odd');
    await window.openFile('sample.js');
    await window.page.keyboard.press('Control+A');
    await window.page.keyboard.press('Control+Alt+E');
    await window.answer('Comment it');
    await toasts().filter({ hasText: 'Odd' }).first().waitFor();
    expect(await toasts().locator('.notification-list-item-message a').count()).toBe(0);
    await expect.poll(() => window.statusBar().innerText()).toContain('sync~spin');
    expect(await window.statusBar().locator('.codicon-sync').count()).toBe(0);
    await studio.picture(window, 'odd-names');
    await window.run('Patchbay: Choose Model…');
    await window.box().locator('input').first().fill('Odd');
    const row = window.box().locator('.monaco-list-row.focused').filter({ hasText: 'sync~spin' });
    await row.waitFor();
    expect(await row.locator('.codicon-sync').count()).toBe(0);
  });
});
