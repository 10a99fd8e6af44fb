import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as scripts from '../../support/model-server/scripts.ts';
import { answersIn, ask, composerOf, ended, lastAnswer } from '../../support/panel-driver.ts';
import { type Studio, startStudio } from '../../support/vscode/studio.ts';
import type { Workbench } from '../../support/vscode/workbench.ts';

const SONNET = 'claude-sonnet-4.5';

let studio: Studio;
let window: Workbench;
beforeAll(async () => {
  studio = await startStudio();
  window = await studio.window();
  await studio.addKey(window, { cap: '50' });
  await studio.panel(window, SONNET);
});
afterEach(({ task }) => studio?.tidy(task, window));
afterAll(() => studio?.close());

describe('a provider that fails', () => {
  it.each([
    ['refuses the key', scripts.refuses(401, 'User not found.'), 'auth', /key/],
    ['wants money', scripts.refuses(402, 'Insufficient credits.'), 'credit', /credit/],
    ['has no such model', scripts.refuses(404, 'No endpoints found.'), 'model-gone', /model|offer/],
    ['wants a pause', scripts.refuses(429, 'Rate limit exceeded'), 'rate-limit', /no more requests/],
    ['is overloaded', scripts.refuses(503, 'Service unavailable'), /overloaded|unavailable/, /overloaded|available/],
    ['is broken', scripts.refuses(500, 'Internal Server Error'), /unavailable|internal/, /OpenRouter/],
    ['hangs up', scripts.hangsUp, /network|unavailable|truncated/, /connection|reach/],
    ['sends a web page', scripts.htmlPage, 'malformed-output', /OpenRouter/],
    ['sends garbage', scripts.garbage, /malformed-output|truncated/, /OpenRouter/],
    ['cuts it in the middle', scripts.cutInFrame('half an ans'), 'truncated', /cut/],
  ] as const)('%s: the panel names model, cause and next step', async (name, script, kind, cause) => {
    studio.answering(script);
    const panel = await window.panel();
    const answer = await ask(panel, `A question to one that ${name}.`);
    const card = answer.locator('.failure');
    await card.waitFor();
    expect(await card.getAttribute('data-kind')).toMatch(kind);
    const said = (await card.locator('.failure-text > p').textContent()) ?? '';
    expect(said).toContain('Claude Sonnet 4.5');
    expect(said).toMatch(cause);
    expect(await card.locator('.failure-actions button').count()).toBeGreaterThan(0);
  });

  it('says the same where a command asks, and the question is not lost', async () => {
    const restore = studio.answering(scripts.refuses(402, 'Insufficient credits.'));
    await window.openFile('sample.js');
    await window.page.keyboard.press('Control+A');
    await window.run('Patchbay: Explain Selection');
    const panel = await window.panel();
    const question = panel.locator('.message.user').filter({ hasText: 'Explain what this code does' });
    await question.waitFor();
    await answersIn(panel).locator('.failure[data-kind="credit"]').waitFor();
    expect(await question.textContent()).toContain('return a + b;');
    await studio.picture(window, 'no-credit');
    restore();
    await panel.getByRole('button', { name: 'Retry', exact: true }).last().click();
    await expect.poll(() => lastAnswer(panel).getAttribute('data-status')).toBe('complete');
  });
});

/** What a page that was taken over might say. Nothing of it may do anything. */
const HOSTILE: readonly unknown[] = [
  null,
  42,
  'connect',
  [],
  { type: 'constructor' },
  { type: '__proto__', connection: 'x' },
  { type: 'open', url: 'command:workbench.action.closeWindow' },
  { type: 'open', url: 'vscode://patchbay.patchbay-vscode/openrouter?code=1' },
  { type: 'open', url: 'file:///etc/passwd' },
  { type: 'open', url: 'javascript:alert(1)' },
  { type: 'save', name: '../../../.bashrc', text: 'x' },
  { type: 'save', name: 'a', text: 5 },
  { type: 'code', action: 'run', code: 'x', language: 'js' },
  { type: 'code', action: 'insert', code: { toString: 'x' }, language: 'js' },
  { type: 'message', connection: 'somebody-elses', message: { id: 1, name: 'data.deleteAll', params: { keys: true } } },
  { type: 'connect', connection: 'x'.repeat(10_000) },
];

/** The same within a connection of its own: what the contract does not know, or not like this. */
const MALFORMED: readonly unknown[] = [
  undefined,
  { id: 1, name: 'hello', params: { contractVersion: '1' } },
  { id: 2, name: 'keys.list', params: {} },
  { id: 3, name: 'constructor', params: {} },
  { id: -1, name: 'conversation.list', params: {} },
  { id: 4, name: 'run.start', params: { runId: 'r', conversationId: 'c', parentId: null, choice: 'gpt' } },
  { id: 5, name: 'data.deleteAll', params: { keys: 'yes' } },
  { id: 6, name: 'settings.save', params: { settings: { v: 99 } } },
  { id: 7, name: 'conversation.rename', params: { id: '../x', title: 5 } },
];

/** Which addresses were asked, in order. */
const arrived = (wanted: RegExp) =>
  studio.server.journal.exchanges.map(({ method, path }) => `${method} ${path}`).filter((one) => wanted.test(one));

/** All but what the extension asks by itself at its own times: which models there are, and what an answer was billed. */
const CAUSED = /^(?!GET .*\/(models|generation)$)/;

describe('a hostile page', () => {
  it('reaches no network and runs nothing that was not packed', async () => {
    const panel = await window.panel();
    const policy = await panel.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-[\da-f]{32}'; /);
    expect(policy).not.toMatch(/unsafe|connect-src/);
    // What a model said aloud is played from memory alone.
    expect(policy).toContain('; media-src blob:;');
    const tried = await panel.locator('body').evaluate(async (body, url) => {
      const refused = (work: Promise<unknown>) =>
        work.then(
          () => 'done',
          () => 'refused',
        );
      const script = document.createElement('script');
      script.textContent = 'window.patchbayRan = true';
      body.append(script);
      body.insertAdjacentHTML('beforeend', '<img src="x:" onerror="window.patchbayRan = true">');
      const outcome = await refused(fetch(`${url}/fetched`));
      return { outcome, ran: 'patchbayRan' in globalThis, beacon: navigator.sendBeacon(`${url}/beacon`, 'x') };
    }, studio.server.openRouterUrl);
    expect(tried).toMatchObject({ outcome: 'refused', ran: false });
    expect(arrived(/\/(fetched|beacon)$/)).toEqual([]);
  });

  it('does nothing, whatever it posts, and its neighbour works on', async () => {
    await window.run('View: Close All Editors');
    await window.newChat();
    const [before, pages] = [arrived(CAUSED), window.page.context().pages().length];
    await window.postFromPage([
      ...HOSTILE,
      { type: 'connect', connection: 'hostile' },
      ...MALFORMED.map((message) => ({ type: 'message', connection: 'hostile', message })),
      // The last one is good: when it is answered, all of the others were read.
      { type: 'message', connection: 'hostile', message: { id: 900, name: 'hello', params: { contractVersion: 1 } } },
    ]);
    await expect.poll(() => window.heardByPage()).toMatch(/"connection":"hostile".*"id":900/);
    expect(arrived(CAUSED)).toEqual(before);
    expect(window.page.context().pages()).toHaveLength(pages);
    expect(await window.page.locator('.monaco-dialog-box, .quick-input-widget:visible').count()).toBe(0);
    expect(await window.page.locator('.editor-group-container .tab').count()).toBe(0);
    // Whoever connects last has the panel: the page itself comes back when it is made anew.
    await window.run('View: Show Explorer');
    const again = await window.panel();
    const answer = await ask(again, 'Are you still there?');
    expect(await answer.getAttribute('data-status')).toBe('complete');
    expect(await window.statusBar().innerText()).toContain('/ $50');
  });
});

describe('the ledger', () => {
  it('opens from the status bar, with every request and what it cost', async () => {
    await window.statusBar().click();
    const page = window.page.frameLocator('iframe.webview.ready[src*="markdown"]').frameLocator('iframe#active-frame');
    await page.getByRole('heading', { name: 'Patchbay: the ledger' }).waitFor();
    const rows = await page.locator('table').last().locator('tbody tr').allTextContents();
    expect(rows.length).toBeGreaterThan(5);
    expect(rows[0]).toMatch(/claude-sonnet-4\.5.*OpenRouter.*\$0\.00\d+/s);
    await expect.poll(() => page.locator('table').first().textContent()).toContain('of $50 total');
    await studio.picture(window, 'ledger');
  });
});

describe('what was typed', () => {
  it('waits in the composer while the page is away', async () => {
    const panel = await window.panel();
    await composerOf(panel).fill('Not sent yet.');
    await window.run('View: Show Explorer');
    const again = await window.panel();
    await expect.poll(() => composerOf(again).inputValue()).toBe('Not sent yet.');
    await ended(lastAnswer(again));
  });
});
