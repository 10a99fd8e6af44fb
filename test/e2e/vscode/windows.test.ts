import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Exchange } from '../../support/model-server/journal.ts';
import { scheduled } from '../../support/model-server/scripts.ts';
import { answersIn, ask, ended, lastAnswer, pickModel, send } from '../../support/panel-driver.ts';
import { type Studio, startStudio } from '../../support/vscode/studio.ts';
import { openNativeChat, type Workbench } from '../../support/vscode/workbench.ts';

// A real editor takes its time where it shares two cores with everybody else.
vi.setConfig({ testTimeout: 240_000 });

const SONNET = 'claude-sonnet-4.5';
/** What a token of its answers costs. */
const OUTPUT_USD = 15e-6;
const chat = (exchange: { readonly path: string }) => exchange.path.endsWith('/chat/completions');

let studio: Studio;
let first: Workbench;
let second: Workbench;
beforeAll(async () => {
  studio = await startStudio();
  first = await studio.window();
  await studio.addKey(first, { cap: '0.5' });
  await studio.panel(first, SONNET);
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const [index, one] of [first, second].entries()) {
    if (one) await studio.picture(one, `failed-${index}-${task.name.replace(/\W+/g, '-').slice(0, 50)}`);
  }
});
afterAll(() => studio?.close());

describe('VS Code’s own chat', () => {
  it('offers our models and answers over them, under the same cap', async () => {
    const native = await openNativeChat(first);
    await native.chooseModel('Anthropic: Claude Sonnet 4.5');
    await native.send('@patchbay Write a debounce function.');
    // Its last words: only then is it settled.
    expect(await native.reply(/standing in for Claude Sonnet 4\.5/)).toContain('A debounced function waits');
    const sent = studio.server.journal.chats().at(-1)?.json;
    expect(String(sent?.model)).toContain('claude-sonnet');
    expect(JSON.stringify(sent?.messages)).toContain('Write a debounce function.');
    await studio.picture(first, 'native-chat');
    await expect.poll(() => first.statusBar().textContent()).toMatch(/\$0\.00\d+ \/ \$0\.50/);
  });
});

describe('two windows', () => {
  it('leaves the run of the first alone when the second starts, and both see its answer', async () => {
    const slow = scheduled(
      Array.from({ length: 160 }, (_, index) => `word${index} `),
      250,
    );
    const restore = studio.server.script(chat, slow);
    const panel = await first.panel();
    await send(panel, 'Count.');
    await lastAnswer(panel).getByText('word3').waitFor();
    second = await studio.window();
    const other = await studio.panel(second);
    await lastAnswer(other).getByText('word3').waitFor();
    await lastAnswer(panel).getByText('word159').waitFor({ timeout: 90_000 });
    await ended(lastAnswer(panel));
    expect(await lastAnswer(panel).getAttribute('data-status')).toBe('complete');
    await ended(lastAnswer(other));
    expect(await lastAnswer(other).textContent()).toContain('word159');
    restore();
  });

  it('share one cap to the last cent, however they hurry', async () => {
    const panels = [await first.panel(), await second.panel()];
    for (const window of [first, second]) await window.run('Patchbay: New Chat');
    for (const panel of panels) {
      await answersIn(panel).first().waitFor({ state: 'detached' });
      await pickModel(panel, SONNET);
    }
    const before = studio.server.journal.chats().length;
    const rounds = [1, 2, 3];
    for (const round of rounds)
      await Promise.all(panels.map((panel) => ask(panel, `Round ${round}: write a debounce function.`)));
    const spent = studio.server.journal
      .chats()
      .flatMap((one) => /"cost":([\d.e-]+)/.exec(one.sent.map(({ text }) => text).join(''))?.[1] ?? [])
      .reduce((sum, cost) => sum + Number(cost), 0);
    const chats = studio.server.journal.chats().slice(before);
    expect(chats).toHaveLength(6);
    expect(spent).toBeLessThanOrEqual(0.5);
    // At no moment could the answers under way, in both windows together, have cost more than the cap.
    const most = (one: Exchange) => Number(one.json?.max_tokens ?? one.json?.max_completion_tokens) * OUTPUT_USD;
    for (const one of chats) {
      const beside = chats.filter(({ at, closedAt = Number.POSITIVE_INFINITY }) => at <= one.at && one.at < closedAt);
      expect(beside.reduce((sum, other) => sum + most(other), 0)).toBeLessThanOrEqual(0.5);
    }
    expect(
      chats.some((one) => chats.some((other) => other !== one && other.at <= one.at && one.at < (other.closedAt ?? 0))),
    ).toBe(true);
  });
});

describe('the themes', () => {
  it.each([
    ['dark', 'Dark Modern'],
    ['contrast', 'Dark High Contrast'],
    ['contrast-light', 'Light High Contrast'],
    ['light', 'Light Modern'],
  ])('colour the panel: %s', async (name, theme) => {
    await first.run('Preferences: Color Theme');
    await first.answer(theme);
    const panel = await first.panel();
    const wanted =
      {
        light: 'vscode-light',
        dark: 'vscode-dark',
        contrast: 'vscode-high-contrast',
        'contrast-light': 'vscode-high-contrast-light',
      }[name] ?? '';
    await expect.poll(() => panel.locator('body').getAttribute('class')).toContain(wanted);
    const [text, back] = await panel.locator('.frame').evaluate((frame) => {
      const style = getComputedStyle(frame);
      return [style.color, style.backgroundColor];
    });
    expect(contrast(String(text), String(back))).toBeGreaterThan(4.5);
    await studio.picture(first, `theme-${name}`);
  });
});

describe('a cap that is lowered below what was spent', () => {
  it('refuses in VS Code’s own chat as well, says why, and sends nothing', async () => {
    await first.run('Patchbay: Manage Keys and Caps…');
    await first.pick('OpenRouter');
    await first.pick('Set caps…');
    await first.pick('in total');
    await first.answer('0.0001');
    await first.pick('$0.0001');
    await first.page.keyboard.press('Escape');
    await first.page.keyboard.press('Escape');
    const before = studio.server.journal.chats().length;
    const native = await openNativeChat(first);
    await native.send('@patchbay And now?');
    expect(await native.reply(/cap of/)).toContain('nothing was spent');
    expect(studio.server.journal.chats()).toHaveLength(before);
  });
});

/** WCAG 2 contrast of two `rgb(…)` colours. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((value) => {
      const part = Number(value) / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((one, two) => two - one);
  return (light + 0.05) / (dark + 0.05);
}
