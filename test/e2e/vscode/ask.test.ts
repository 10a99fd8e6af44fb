import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scheduled } from '../../support/model-server/scripts.ts';
import { answersIn, ask, ended, lastAnswer } from '../../support/panel-driver.ts';
import { SAMPLE, type Studio, startStudio } from '../../support/vscode/studio.ts';
import type { Workbench } from '../../support/vscode/workbench.ts';

const BROKEN = `{
  "name": "sample",
  "version": 1,,
  "private": true
}
`;

let studio: Studio;
let window: Workbench;
beforeAll(async () => {
  studio = await startStudio({
    files: { 'sample.js': SAMPLE, 'broken.json': BROKEN },
    settings: {
      'patchbay.prompts': { Rhyme: 'Say in rhyme what {file} does; it is {language}.' },
      'patchbay.instructions': 'We use tabs.',
    },
  });
  window = await studio.window();
  await studio.addKey(window);
  await studio.panel(window, 'claude-sonnet-4.5');
});
afterEach(({ task }) => studio?.tidy(task, window));
afterAll(() => studio?.close());

/** What the model was told last, as one text. */
const told = () => JSON.stringify(studio.server.journal.chats().at(-1)?.json?.messages);

/** The last answer, once the question is there and it is over. */
async function answered(question: RegExp) {
  const panel = await window.panel();
  await panel.locator('.message.user').filter({ hasText: question }).last().waitFor();
  await ended(lastAnswer(panel));
  return panel;
}

async function selectFunction(): Promise<void> {
  await window.openFile('sample.js');
  await window.goToLine(3);
  for (const _ of [1, 2, 3]) await window.page.keyboard.press('Shift+ArrowDown');
}

describe('asking about a selection', () => {
  it('sends it with its place, from the editor’s menu, and answers in the view', async () => {
    await window.openFile('sample.js');
    await window.page.keyboard.press('Control+A');
    await window.page.locator('.editor-instance .monaco-editor .view-line').first().click({ button: 'right' });
    await window.menu('Patchbay', 'Explain Selection');
    const panel = await answered(/Explain what this code does/);
    expect(told()).toContain('sample.js:1–7');
    expect(told()).toContain('return a + b;');
    expect(told()).toContain('We use tabs.');
    expect(await panel.locator('.message.user').last().textContent()).toMatch(/sample\.js:1–7 \(about \d+ tokens\)/);
    await studio.picture(window, 'explain');
  });

  it('takes a question by key, and says in its box what goes along', async () => {
    await selectFunction();
    await window.page.keyboard.press('Control+Alt+Q');
    await expect.poll(() => window.box().innerText()).toMatch(/sample\.js:3–5 \(about \d+ tokens\)/);
    await window.answer('Why is it so short?');
    await answered(/Why is it so short/);
    expect(told()).toContain('return a + b;');
    expect(told()).not.toContain('console.log');
  });

  it('asks another model for this question alone', async () => {
    await selectFunction();
    await window.run('Patchbay: Refactor Selection with Model…');
    await window.pickModel('GPT-5 Mini');
    const panel = await answered(/Refactor this code/);
    expect(String(studio.server.journal.chats().at(-1)?.json?.model)).toContain('gpt-5-mini');
    expect(await lastAnswer(panel).locator('.answer-name').textContent()).toContain('GPT-5 Mini');
    // The others go on with the model that was chosen for them.
    await selectFunction();
    await window.run('Patchbay: Write Tests for Selection');
    await answered(/Write tests for this code/);
    expect(String(studio.server.journal.chats().at(-1)?.json?.model)).toContain('sonnet');
  });

  it('knows the user’s own prompts', async () => {
    await selectFunction();
    await window.run('Patchbay: Custom Prompt for Selection…');
    await window.pick('Rhyme');
    await answered(/Say in rhyme what sample\.js does; it is javascript\./);
    expect(told()).toContain('return a + b;');
  });
});

describe('the lightbulb', () => {
  it('fixes a problem: with its message, its lines and what stands around them', async () => {
    await window.openFile('broken.json');
    await window.problems(1);
    // Goes to the problem.
    await window.page.keyboard.press('F8');
    await window.page.keyboard.press('Escape');
    await window.lightbulb('Fix with Patchbay');
    const panel = await answered(/Find what is wrong with this code/);
    expect(told()).toContain('broken.json:3');
    expect(told()).toContain('\\"version\\": 1,,');
    expect(told()).toMatch(/Problems reported there:.*line 3, error/);
    expect(told()).toContain('\\"private\\": true');
    expect(await panel.locator('.message.user').last().textContent()).toMatch(/1 problem.*about \d+ tokens/);
  });

  it('edits a selection', async () => {
    await selectFunction();
    await window.lightbulb('Edit with Patchbay…');
    await expect.poll(() => window.box().innerText()).toContain('sample.js:3–5');
    await window.page.keyboard.press('Escape');
  });
});

describe('a block of code of an answer', () => {
  it('is applied to the file in front as a diff, decided like any edit', async () => {
    const changed = SAMPLE.replace('a + b', 'b + a').replace('42', '43');
    const restore = studio.answering(scheduled(['Here:\n\n```js\n', changed, '```\n'], 1));
    await window.openFile('sample.js');
    const panel = await window.panel();
    await ask(panel, 'Swap them.');
    restore();
    await lastAnswer(panel).getByRole('button', { name: 'Apply' }).click();
    const lens = (words: string) => window.page.locator('.codelens-decoration a').filter({ hasText: words });
    await lens('Accept all 2').waitFor();
    expect(await window.text()).toBe(changed);
    // Nobody was asked for it a second time: no model, no retry.
    expect(await lens('Retry with…').count()).toBe(0);
    await lens('Reject').first().click();
    await expect.poll(() => window.text()).toBe(SAMPLE.replace('a + b', 'b + a'));
    await window.run('Patchbay: Accept All Changes of the Edit');
    await lens('Accept').first().waitFor({ state: 'detached' });
    expect(await window.text()).toBe(SAMPLE.replace('a + b', 'b + a'));
    await window.run('File: Revert File');
  });

  it('is inserted at the cursor, copied, and made a new file', async () => {
    const panel = await window.panel();
    const block = answersIn(panel).last();
    await window.openFile('sample.js');
    await window.page.keyboard.press('Control+End');
    await block.getByRole('button', { name: 'Insert' }).click();
    await expect.poll(() => window.text()).toMatch(/console\.log\(add\(answer, 1\)\);\s+export const answer = 43;/);
    await window.run('File: Revert File');
    await block.getByRole('button', { name: 'Copy code' }).click();
    expect(await window.page.evaluate(() => navigator.clipboard.readText())).toContain('return b + a;');
    await block.getByRole('button', { name: 'New file' }).click();
    await expect.poll(() => window.text()).toContain('return b + a;');
    await expect.poll(() => window.page.locator('.statusbar').innerText()).toContain('JavaScript');
  });
});
