import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answersIn, ask, authorOf, detailsOf, ended, lastAnswer, pickModel } from '../../support/panel-driver.ts';
import { SAMPLE, type Studio, startStudio } from '../../support/vscode/studio.ts';
import { openNativeChat, type Workbench } from '../../support/vscode/workbench.ts';
import { startWireServer, type WireKind, type WireServer } from '../../support/wire-servers.ts';

/** The same as in the browser, in another order: here the model that goes on does so from a begun answer. */

const KINDS: readonly WireKind[] = ['openai', 'google', 'anthropic'];
const CAP = 0.02;
const BEGUN = 'Tides are the rise and fall of sea ';
const REST = 'levels, made by the moon.';

let servers: Record<WireKind, WireServer>;
let studio: Studio;
let window: Workbench;

beforeAll(async () => {
  const started = await Promise.all(KINDS.map(startWireServer));
  servers = Object.fromEntries(started.map((server) => [server.kind, server])) as Record<WireKind, WireServer>;
  studio = await startStudio();
  window = await studio.window();
});
afterEach(({ task }) => studio?.tidy(task, window));
afterAll(async () => {
  await studio?.close();
  await Promise.all(KINDS.map((kind) => servers?.[kind].close()));
});

async function addKey({ secret, url }: WireServer): Promise<void> {
  const stored = /is stored in the system’s keyring/;
  await window.run('Patchbay: Add Key…');
  await window.answer(secret);
  await window.pick('another address');
  await window.answer(url);
  await window.message(stored);
  await window.press(stored, 'Set a Cap…');
  await window.pick('in total');
  await window.answer(String(CAP));
  await window.page
    .locator('.quick-input-list .monaco-list-row')
    .filter({ hasText: 'in total' })
    .filter({ hasText: '$' })
    .waitFor();
  await window.page.keyboard.press('Escape');
  await window.clearMessages();
}

describe('when a model fails, in a real VS Code', () => {
  it('a list of models to ask instead is kept in the panel’s settings', async () => {
    for (const kind of KINDS) await addKey(servers[kind]);
    const panel = await studio.panel(window, 'gpt-4.1');
    await panel.getByRole('button', { name: 'Conversation settings' }).click();
    const sheet = panel.getByRole('dialog', { name: 'Conversation settings' });
    for (const kind of ['google', 'anthropic'] as const) {
      const option = sheet.locator('option', { hasText: servers[kind].name });
      await expect.poll(() => option.count()).toBe(1);
      await sheet.getByLabel('Add a model').selectOption((await option.getAttribute('value')) ?? '');
    }
    await expect
      .poll(() => sheet.locator('.fallbacks li').allInnerTexts())
      .toEqual([expect.stringContaining('Gemini 2.0 Flash'), expect.stringContaining('Claude Haiku 4.5')]);
    await studio.picture(window, 'fallback-settings');
    await sheet.getByRole('button', { name: 'Close' }).click();
  });

  it('the first is overloaded, the second dies: the switch is shown, its words stay, the cap holds', async () => {
    servers.openai.behave({ does: 'overloaded', retryAfter: '30' });
    servers.google.behave({ does: 'die', pieces: ['Tides are the rise ', 'and fall of sea '] });
    const panel = await window.panel();
    const answer = await ask(panel, 'What are tides?');
    expect(await answer.getAttribute('data-status')).toBe('interrupted');
    expect((await answer.locator('.markdown').textContent())?.trim()).toBe(BEGUN.trim());
    expect(await authorOf(answer)).toBe('Gemini 2.0 Flash');
    await expect
      .poll(() => answer.locator('.hops li').innerText())
      .toMatch(/^gpt-4\.1 overloaded → answered by Gemini 2\.0 Flash, \$0\.0\d+$/);
    expect(KINDS.map((kind) => servers[kind].asked.length)).toEqual([1, 1, 0]);
    // What it cost nobody knows: all that it could have, which the cap held.
    const cost = Number(/\$([\d.]+)/.exec((await detailsOf(answer)).cost ?? '')?.[1]);
    expect(cost).toBeGreaterThan(0);
    expect(cost).toBeLessThanOrEqual(CAP);
    await studio.picture(window, 'fallback-cut');
  });

  it('a third one goes on from the begun answer, and both are named with what each cost', async () => {
    servers.anthropic.behave({ does: 'answer', pieces: [` ${REST.slice(0, 6)}`, REST.slice(6)] });
    const panel = await window.panel();
    await lastAnswer(panel).getByRole('button', { name: 'Continue with…' }).click();
    await panel.getByRole('menuitem', { name: /Claude Haiku 4\.5/ }).click();
    await answersIn(panel).locator('.hops').getByText('Begun by').waitFor();
    const answer = lastAnswer(panel);
    await ended(answer);
    await expect.poll(() => answer.locator('.markdown').textContent()).toBe(BEGUN + REST);
    await expect
      .poll(() => answer.locator('.hops li').innerText())
      .toMatch(/^Begun by Gemini 2\.0 Flash, \$0\.0\d+ → continued by Claude Haiku 4\.5, \$0\.0002$/);
    // It was begun for it, without the white space that its provider refuses.
    const messages = servers.anthropic.asked[0]?.json.messages as { role: string; content: unknown }[];
    expect(messages.at(-1)?.role).toBe('assistant');
    expect(JSON.stringify(messages.at(-1)?.content)).toContain(`${BEGUN.trim()}"`);
    await studio.picture(window, 'fallback-continued');
  });

  it('stays so in another window, and the conversation goes on', async () => {
    servers.anthropic.behave({ does: 'answer', pieces: ['Twice a day.'] });
    const other = await studio.window();
    const panel = await other.panel();
    await expect.poll(() => lastAnswer(panel).locator('.hops').innerText()).toContain('Begun by Gemini 2.0 Flash');
    await pickModel(panel, 'Claude Haiku');
    const answer = await ask(panel, 'How often?');
    expect(await answer.locator('.markdown').textContent()).toBe('Twice a day.');
    const said = JSON.stringify(servers.anthropic.asked.at(-1)?.json.messages);
    expect(said).toContain(BEGUN + REST);
  });

  it('names who wrote an edit, and instead of whom', async () => {
    servers.openai.behave({ does: 'overloaded', retryAfter: '30' });
    servers.google.behave({ does: 'answer', pieces: ['```js\n', '// Gemini was here.\n', SAMPLE, '```'] });
    await window.openFile('sample.js');
    await window.page.keyboard.press('Control+A');
    await window.run('Patchbay: Edit Selection with Model…');
    await window.answer('Sign it');
    await window.pickModel('gpt-4.1');
    const lens = window.page.locator('.codelens-decoration a');
    await lens.filter({ hasText: /Gemini 2\.0 Flash instead of gpt-4\.1 · <?\$0\.0\d+/i }).waitFor();
    await studio.picture(window, 'fallback-edit');
    await lens.filter({ hasText: 'Reject' }).first().click();
    await expect.poll(() => window.text()).toBe(SAMPLE);
  });

  it('reaches the same model over OpenRouter, where that was allowed, before any other model', async () => {
    await studio.addKey(window);
    const panel = await studio.panel(window, 'gpt-4.1 openai');
    servers.openai.behave({ does: 'overloaded', retryAfter: '30' });
    const before = KINDS.map((kind) => servers[kind].asked.length);
    await panel.getByRole('button', { name: 'Conversation settings' }).click();
    const sheet = panel.getByRole('dialog', { name: 'Conversation settings' });
    await sheet.getByLabel('Also reach the same model over my other keys').check();
    await sheet.getByRole('button', { name: 'Close' }).click();
    const answer = await ask(panel, 'Over which way?');
    expect(await answer.getAttribute('data-status')).toBe('complete');
    await expect
      .poll(() => answer.locator('.hops li').innerText())
      .toMatch(/^gpt-4\.1 at OpenAI .+ → answered by GPT-4\.1 at OpenRouter, \$0\.0\d+$/);
    expect((await detailsOf(answer)).provider).toBe('OpenRouter');
    expect(studio.server.journal.chats().map(({ json }) => json?.model)).toEqual(['openai/gpt-4.1']);
    // Asked at most once more, and nobody behind it at all.
    const [openai = 0, ...others] = KINDS.map((kind, at) => servers[kind].asked.length - (before[at] ?? 0));
    expect(openai).toBeLessThanOrEqual(1);
    expect(others).toEqual([0, 0]);
    await studio.picture(window, 'fallback-other-route');
  });

  it('asks the same ones for @patchbay in VS Code’s own chat, and says so above the answer', async () => {
    servers.google.behave({ does: 'answer', pieces: ['Tides, ', 'once more.'] });
    studio.answering((stage) => stage.json(503, { error: { message: 'No *instances* available', code: 503 } }));
    const before = servers.google.asked.length;
    const native = await openNativeChat(window);
    await native.chooseModel('gpt-4.1');
    await native.send('@patchbay What are tides?');
    const reply = await native.reply(/Tides, once more\./);
    // Whether OpenAI was asked once more, or asked us to wait before, is a matter of time.
    expect(reply).toMatch(
      /gpt-4\.1 at OpenAI .+ → GPT-4\.1 at OpenRouter overloaded → answered by Gemini 2\.0 Flash\s+Tides, once more\./,
    );
    expect(servers.google.asked).toHaveLength(before + 1);
    await studio.picture(window, 'fallback-native');
    // The next question holds the answer alone, without what was said above it.
    await native.send('@patchbay How often?');
    await expect.poll(() => servers.google.asked.length).toBe(before + 2);
    const said = JSON.stringify(servers.google.asked.at(-1)?.json.contents);
    expect(said).toContain('Tides, once more.');
    expect(said).not.toContain('answered by');
  });
});
