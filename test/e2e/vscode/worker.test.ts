import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { poorContrasts } from '../../support/contrast.ts';
import { refuses, scheduled } from '../../support/model-server/scripts.ts';
import { answersIn, ask, composerOf, lastAnswer } from '../../support/panel-driver.ts';
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

const RICH = [
  '## Debounce and throttle\n\nBoth hold calls *back*; see [MDN](https://developer.mozilla.org) and `setTimeout`.\n\n',
  '| | Debounce | Throttle |\n| --- | --- | --- |\n| Runs | after a pause | at most once per interval |\n\n',
  '> Only the last call counts.\n\n1. Wait\n2. Run\n\n',
  '```ts\n// Keeps the newest call.\nconst wait = 250;\nconst label = "after a while";\n```\n',
];
const RIGHT_TO_LEFT = [
  'دالة **debounce** تنتظر حتى تتوقف الاستدعاءات ثم تعمل مرة واحدة.\n\n',
  '- الأولى: `setTimeout`\n- الثانية: الانتظار\n\n',
  '```js\nconst wait = 250;\n```\n',
];

const THEMES = [
  ['dark', 'Dark Modern', 'vscode-dark'],
  ['contrast', 'Dark High Contrast', 'vscode-high-contrast'],
  ['contrast-light', 'Light High Contrast', 'vscode-high-contrast-light'],
  ['light', 'Light Modern', 'vscode-light'],
] as const;

describe('the panel’s looks', () => {
  it('are readable in every theme: answers, code, failures, menus', async () => {
    await window.run('View: Close All Editors');
    const panel = await window.newChat();
    let restore = studio.answering(scheduled(RICH, 1));
    await ask(panel, 'Compare debounce and throttle.');
    restore();
    restore = studio.answering(refuses(429, 'Rate limit exceeded'));
    await ask(panel, 'And again?');
    restore();
    for (const [name, theme, body] of THEMES) {
      await window.run('Preferences: Color Theme');
      await window.answer(theme);
      const themed = await window.panel();
      await expect.poll(() => themed.locator('body').getAttribute('class')).toMatch(new RegExp(`\\b${body}(\\s|$)`));
      await lastAnswer(themed).locator('.failure').waitFor();
      await studio.picture(window, `theme-${name}`);
      await expect.poll(() => poorContrasts(themed)).toEqual([]);
      await answersIn(themed).first().scrollIntoViewIfNeeded();
      await studio.picture(window, `theme-${name}-code`);
      await expect.poll(() => poorContrasts(themed)).toEqual([]);
    }
  });

  it('fit a panel of any width, and text that runs from right to left', async () => {
    const panel = await window.panel();
    const restore = studio.answering(scheduled(RIGHT_TO_LEFT, 1));
    const answer = await ask(panel, 'اشرح debounce من فضلك');
    restore();
    const direction = (selector: string) =>
      answer
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).direction);
    expect(await direction('.markdown p')).toBe('rtl');
    expect(await direction('.markdown pre')).toBe('ltr');
    await composerOf(panel).fill('وماذا عن throttle؟');
    for (const width of [320, 220, 620]) {
      await window.sidebarWidth(width);
      await answer.scrollIntoViewIfNeeded();
      await studio.picture(window, `width-${width}`);
      const wide = await panel.locator('html').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
      expect(wide).toBeLessThanOrEqual(0);
    }
    await composerOf(panel).fill('');
  });
});
