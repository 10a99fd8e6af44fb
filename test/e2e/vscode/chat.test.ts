import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resetAfter, scheduled } from '../../support/model-server/scripts.ts';
import { TEST_KEYS } from '../../support/model-server/server.ts';
import {
  answersIn,
  ask,
  authorOf,
  begin,
  capMeter,
  ended,
  lastAnswer,
  openConversation,
  pickModel,
  send,
  stopButton,
} from '../../support/panel-driver.ts';
import { type Studio, startStudio } from '../../support/vscode/studio.ts';
import { filesHolding } from '../../support/vscode/traces.ts';
import type { Workbench } from '../../support/vscode/workbench.ts';

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
afterEach(({ task }) => studio?.tidy(task, window));
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

  it('goes on while its page is hidden, and shows the whole answer when it is back', async () => {
    studio.answering(slow(24));
    const panel = await studio.panel(window, SONNET);
    const answer = await begin(panel, 'Count slowly.');
    await answer.getByText('word2').waitFor();
    await window.run('View: Show Explorer');
    const said = () => studio.server.journal.chats().at(-1)?.sent.length ?? 0;
    const before = said();
    await expect.poll(said).toBeGreaterThan(before + 4);
    const again = await window.panel();
    await lastAnswer(again).getByText('word23').waitFor();
    await ended(lastAnswer(again));
    expect(await lastAnswer(again).innerText()).toContain('word0 word1 word2 word3');
  });

  it('stops the provider at once, and keeps what was said', async () => {
    studio.answering(slow(100));
    const panel = await window.panel();
    const answer = await begin(panel, 'Count for long.');
    await answer.getByText('word3').waitFor();
    await stopButton(panel).click();
    await ended(answer);
    await expect.poll(() => studio.server.journal.chats().at(-1)?.closedBy).toBe('client');
    expect(await answer.innerText()).toContain('word3');
  });

  it('keeps the text of an answer that was cut, and says so', async () => {
    studio.answering(resetAfter('half an answer'));
    const panel = await window.panel();
    const answer = await ask(panel, 'Cut me off.');
    expect(await answer.getAttribute('data-status')).toBe('interrupted');
    expect(await answer.innerText()).toContain('half an answer');
  });

  it('refuses what could cross the cap before a byte is sent', { retry: 0 }, async () => {
    const panel = await window.newChat();
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
    await openConversation(panel, 'Count slowly');
    await answersIn(panel).filter({ hasText: 'word23' }).waitFor();
    await window.newChat();
    await pickModel(panel, SONNET);
    const answer = await ask(panel, 'Still there?');
    expect(await answer.getAttribute('data-status')).toBe('complete');
  });

  it('keeps what was said when the extension host is killed in the middle, and answers again', async () => {
    const restore = studio.answering(slow(100));
    const panel = await window.panel();
    const begun = await begin(panel, 'Count until you are killed.');
    await begun.getByText('word8').waitFor();
    for (const pid of studio.editor.extensionHosts()) process.kill(pid, 'SIGKILL');
    restore();
    await window.reload();
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
    expect(filesHolding(studio.editor.root, TEST_KEYS.good)).toEqual([]);
    // The search itself works: what was said is there.
    const said = filesHolding(studio.editor.root, 'Count until you are killed.');
    expect(said.join(' ')).toContain('patchbay.sqlite');
  });
});
