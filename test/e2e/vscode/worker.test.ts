import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scheduled } from '../../support/model-server/scripts.ts';
import { answersIn, ask } from '../../support/panel-driver.ts';
import { type Studio, startStudio } from '../../support/vscode/studio.ts';
import type { Workbench } from '../../support/vscode/workbench.ts';

let studio: Studio;
let window: Workbench;
beforeAll(async () => {
  studio = await startStudio({ host: 'worker' });
  window = await studio.window();
});
afterEach(({ task }) => studio?.tidy(task, window));
afterAll(() => studio?.close());

describe('the worker host, from the same sources', () => {
  it('keeps a key, answers under its cap, and keeps conversations in IndexedDB', async () => {
    await studio.addKey(window, { cap: '0.5' });
    const panel = await studio.panel(window, 'claude-sonnet-4.5');
    const answer = await ask(panel, 'Write a debounce function.');
    expect(await answer.getAttribute('data-status')).toBe('complete');
    await expect.poll(() => window.statusBar().textContent()).toMatch(/\$0\.00\d+ \/ \$0\.50/);
    await window.reload();
    const again = await window.panel();
    await answersIn(again).filter({ hasText: 'debounced function' }).first().waitFor();
    const written = readdirSync(studio.editor.root, { recursive: true, encoding: 'utf8' });
    expect(written.filter((name) => name.endsWith('patchbay.sqlite'))).toEqual([]);
  });

  it('edits in place', async () => {
    studio.answering(scheduled(['```js\n', 'export const answer = 43;\n', '```'], 1));
    await window.openFile('sample.js');
    await window.goToLine(1);
    await window.run('Patchbay: Edit Selection…');
    await window.answer('Make it 43');
    await window.page.locator('.codelens-decoration a').filter({ hasText: 'Accept −1 +1' }).waitFor();
    await expect.poll(() => window.text()).toContain('answer = 43;');
    await window.run('Patchbay: Reject All Changes of the Edit');
    await expect.poll(() => window.text()).toContain('answer = 42;');
  });
});
