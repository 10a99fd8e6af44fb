import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { resetAfter, scheduled } from '../../support/model-server/scripts.ts';
import { TEST_KEYS } from '../../support/model-server/server.ts';
import {
  answersIn,
  ask,
  authorOf,
  capMeter,
  ended,
  lastAnswer,
  pickModel,
  send,
  stopButton,
} from '../../support/panel-driver.ts';
import { type Studio, startStudio } from '../../support/vscode/studio.ts';
import type { Workbench } from '../../support/vscode/workbench.ts';

// A real editor takes its time where it shares two cores with everybody else.
vi.setConfig({ testTimeout: 240_000 });

const SONNET = 'claude-sonnet-4.5';
const slow = (count: number) =>
  scheduled(
    Array.from({ length: count }, (_, index) => `word${index} `),
    250,
  );

let studio: Studio;
let window: Workbench;
beforeAll(async () => {
  studio = await startStudio();
  window = await studio.window();
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await studio?.picture(window, `failed-${task.name.replace(/\W+/g, '-').slice(0, 50)}`);
});
afterAll(() => studio?.close());

describe('the panel in a real VS Code', () => {
  it('answers after a key was pasted, and says what it cost', async () => {
    await studio.addKey(window, { cap: '0.5' });
    const panel = await studio.panel(window, SONNET);
    const answer = await ask(panel, 'Write a debounce function.');
    expect(await answer.getAttribute('data-status')).toBe('complete');
    expect(await authorOf(answer)).toContain('Claude Sonnet 4.5');
    expect(await answer.locator('.answer-cost').textContent()).toMatch(/\$0\.00\d+/);
    await expect.poll(() => capMeter(panel)).toMatch(/\$0\.4\d/);
    await expect.poll(() => window.statusBar().innerText()).toMatch(/Claude Sonnet 4\.5 · \$0\.00\d+ \/ \$0\.50/);
  });

  it('lets each message have its own model, and shows who answered which', async () => {
    const panel = await studio.panel(window, 'gpt');
    await ask(panel, 'And in one line?');
    const authors = await answersIn(panel).locator('.answer-name').allTextContents();
    expect(authors).toHaveLength(2);
    expect(authors[0]).toContain('Claude');
    expect(authors[1]).toContain('GPT');
    expect(studio.server.journal.chats().map((one) => String(one.json?.model).split('/')[0])).toEqual([
      'anthropic',
      'openai',
    ]);
  });

  it('puts code of an answer into a new file and into the file in front', async () => {
    const panel = await window.panel();
    await answersIn(panel).first().getByRole('button', { name: 'New file' }).click();
    await expect.poll(() => window.text()).toContain('export function debounce');
    await window.run('View: Close All Editors');
    await window.page.getByRole('button', { name: /don.t save/i }).click();
    await window.openFile('sample.js');
    await window.page.keyboard.press('Control+End');
    await answersIn(panel).first().getByRole('button', { name: 'Insert' }).click();
    await expect.poll(() => window.text()).toMatch(/console\.log\(add\(answer, 1\)\);\s+export function debounce/);
    await window.run('File: Revert File');
  });

  it('goes on while its page is hidden, and shows the whole answer when it is back', async () => {
    const restore = studio.server.script((exchange) => exchange.path.endsWith('/chat/completions'), slow(24));
    const panel = await studio.panel(window, SONNET);
    await send(panel, 'Count slowly.');
    await lastAnswer(panel).getByText('word2').waitFor();
    await window.run('View: Show Explorer');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const again = await window.panel();
    await lastAnswer(again).getByText('word23').waitFor();
    await ended(lastAnswer(again));
    expect(await lastAnswer(again).innerText()).toContain('word0 word1 word2 word3');
    restore();
  });

  it('stops the provider at once, and keeps what was said', async () => {
    const restore = studio.server.script((exchange) => exchange.path.endsWith('/chat/completions'), slow(100));
    const panel = await window.panel();
    // The answer before holds the same words: until this one is there, it is the last.
    const before = await answersIn(panel).count();
    await send(panel, 'Count for long.');
    await answersIn(panel).nth(before).getByText('word3').waitFor();
    await stopButton(panel).click();
    await ended(lastAnswer(panel));
    await expect.poll(() => studio.server.journal.chats().at(-1)?.closedBy).toBe('client');
    expect(await lastAnswer(panel).innerText()).toContain('word3');
    restore();
  });

  it('keeps the text of an answer that was cut, and says so', async () => {
    const restore = studio.server.script(
      (exchange) => exchange.path.endsWith('/chat/completions'),
      resetAfter('half an answer'),
    );
    const panel = await window.panel();
    const answer = await ask(panel, 'Cut me off.');
    expect(await answer.getAttribute('data-status')).toBe('interrupted');
    expect(await answer.innerText()).toContain('half an answer');
    restore();
  });

  it('refuses what could cross the cap before a byte is sent', async () => {
    await window.run('Patchbay: New Chat');
    const panel = await window.panel();
    const before = studio.server.journal.chats().length;
    // At 3 USD per million, 180,000 bytes bound 0.54 USD.
    await send(panel, 'x'.repeat(180_000));
    const failure = panel.locator('.failure[data-kind="cap"]').last();
    await failure.waitFor();
    expect(await failure.textContent()).toMatch(/\$0\.5/);
    expect(studio.server.journal.chats()).toHaveLength(before);
    await studio.picture(window, 'cap-refused');
  });

  it('keeps keys and conversations through a restart', async () => {
    await studio.editor.restart();
    window = await studio.window();
    const panel = await studio.panel(window);
    await panel.locator('.failure[data-kind="cap"]').waitFor();
    await window.run('Patchbay: New Chat');
    await answersIn(panel).first().waitFor({ state: 'detached' });
    await pickModel(panel, SONNET);
    const answer = await ask(panel, 'Still there?');
    expect(await answer.getAttribute('data-status')).toBe('complete');
  });

  it('keeps what was said when the extension host is killed in the middle, and answers again', async () => {
    const restore = studio.server.script((exchange) => exchange.path.endsWith('/chat/completions'), slow(100));
    const panel = await window.panel();
    await send(panel, 'Count until you are killed.');
    await lastAnswer(panel).getByText('word8').waitFor();
    for (const pid of studio.editor.extensionHosts()) process.kill(pid, 'SIGKILL');
    restore();
    await window.page.reload({ waitUntil: 'domcontentloaded' });
    await window.page.locator('.monaco-workbench .part.statusbar').waitFor();
    const again = await studio.panel(window);
    const cut = answersIn(again).filter({ hasText: 'word0' }).last();
    await cut.waitFor();
    // Only once its lease has run out is a run nobody's.
    await ended(cut, 60_000);
    expect(await cut.getAttribute('data-status')).toBe('interrupted');
    expect(await cut.innerText()).toContain('word4');
    const answer = await ask(again, 'And now?');
    expect(await answer.getAttribute('data-status')).toBe('complete');
  });

  it('has the key in no file that VS Code or Patchbay wrote', () => {
    const found = (text: string) => {
      try {
        return execFileSync('grep', ['-rlaF', text, studio.editor.root], { encoding: 'utf8' }).trim();
      } catch {
        return '';
      }
    };
    expect(found(TEST_KEYS.good)).toBe('');
    // The search itself works: what was said is there.
    expect(found('Count until you are killed.')).toContain('patchbay.sqlite');
  });
});
