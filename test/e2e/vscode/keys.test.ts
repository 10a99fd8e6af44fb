import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startModelServer, TEST_KEYS } from '../../support/model-server/server.ts';
import { type OpenRouter, startOpenRouter } from '../../support/openrouter.ts';
import { ask } from '../../support/panel-driver.ts';
import { type Studio, startStudio } from '../../support/vscode/studio.ts';
import { filesHolding } from '../../support/vscode/traces.ts';
import type { Workbench } from '../../support/vscode/workbench.ts';

let openRouter: OpenRouter;
let studio: Studio;
let window: Workbench;
let folder: string;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  const api = await startModelServer({ speed: 20 });
  closers.push(api.close);
  openRouter = await startOpenRouter(api.origin);
  closers.push(openRouter.close);
  folder = mkdtempSync(join(tmpdir(), 'patchbay-ca-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  const certificate = join(folder, 'ca.pem');
  writeFileSync(certificate, openRouter.outside.certificate);
  studio = await startStudio({
    // What is packed asks for openrouter.ai by its name; a proxy, as in many companies, leads to the stand-in.
    // With the system's certificates on, VS Code leaves out those of the environment.
    settings: { 'http.systemCertificates': false },
    env: {
      HTTPS_PROXY: openRouter.outside.proxyUrl,
      NO_PROXY: '127.0.0.1,localhost',
      NODE_EXTRA_CA_CERTS: certificate,
    },
  });
  closers.push(() => studio.close());
  window = await studio.window();
  await openRouter.serve(window.page.context());
});
afterEach(({ task }) => studio?.tidy(task, window));
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

/** Agrees to the editor's question whether the page is to be opened. */
async function opened(): Promise<Page> {
  const popup = window.page.context().waitForEvent('page');
  await window.confirm('Open');
  const page = await popup;
  await page.waitForLoadState();
  return page;
}

describe('without a key', () => {
  it('every command says what is missing, and leads there', async () => {
    await window.openFile('sample.js');
    for (const command of ['Explain Selection', 'Choose Model…', 'Explain Selection with Model…']) {
      await window.run(`Patchbay: ${command}`);
      await window.message(/There is no model yet/);
      await window.clearMessages();
    }
    await window.run('Patchbay: Edit Selection…');
    await window.answer('Shorten it');
    await studio.picture(window, 'no-key');
    await window.press(/There is no model yet/, 'Add a Key…');
    await window.page.locator('.quick-input-widget .quick-input-box input[type="password"]').waitFor();
    await window.page.keyboard.press('Escape');
    await window.clearMessages();
  });
});

describe('connecting OpenRouter', () => {
  it('goes through the browser, which comes back to this window, with PKCE and a state', async () => {
    await window.run('Patchbay: Connect OpenRouter…');
    await window.pick('In the browser');
    const page = await opened();
    const asked = new URL(page.url()).searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(asked.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(new URL(asked.get('callback_url') ?? '').searchParams.get('state')).toMatch(/^[\w-]{24}$/);
    await page.getByRole('link', { name: 'Authorize' }).click();
    expect(await window.message(/is stored in the system’s keyring/)).toContain(
      'sent to https://openrouter.ai and nowhere else',
    );
    await page.close();
    await window.clearMessages();
    expect(openRouter.trades).toMatchObject([{ granted: true }]);
  });

  it('answers with the key that was given', async () => {
    const panel = await studio.panel(window, 'claude-sonnet-4.5');
    const answer = await ask(panel, 'Write a debounce function.');
    expect(await answer.getAttribute('data-status')).toBe('complete');
    expect(await answer.locator('.answer-cost').textContent()).toMatch(/\$0\.00\d+/);
  });

  it('takes an answer to nobody’s question for none', async () => {
    const before = openRouter.trades.length;
    await window.run('Patchbay: Connect OpenRouter…');
    await window.pick('In the browser');
    const page = await opened();
    const link = page.getByRole('link', { name: 'Authorize' });
    const forged = new URL((await link.getAttribute('href')) ?? '');
    forged.searchParams.set('state', 'somebody-elses');
    await page.goto(forged.href);
    expect(await window.message(/belongs to no sign-in of this window/)).toContain('Connect again');
    await page.close();
    await window.clearMessages();
    expect(openRouter.trades).toHaveLength(before);
  });

  it('takes a code that was copied by hand, once', async () => {
    await window.run('Patchbay: Connect OpenRouter…');
    await window.pick('With a code to paste');
    const page = await opened();
    const code = (await page.locator('code').textContent()) ?? '';
    await page.close();
    await window.answer(code);
    await window.message(/is stored in the system’s keyring/);
    await window.clearMessages();
    expect(openRouter.keys).toHaveLength(2);
    await window.run('Patchbay: Connect OpenRouter…');
    await window.pick('With a code to paste');
    await (await opened()).close();
    await window.answer(code);
    expect(await window.message(/does not accept this code/)).toContain('Connect again');
    await window.clearMessages();
    expect(openRouter.keys).toHaveLength(2);
  });
});

describe('a pasted key', () => {
  it('is not stored where its provider does not know it, unless the user insists', async () => {
    await window.run('Patchbay: Add Key…');
    await window.answer(TEST_KEYS.wrong);
    await window.pick('another address');
    await window.answer(studio.server.openRouterUrl);
    expect(await window.message(/OpenRouter/)).toMatch(/key/i);
    await window.clearMessages();
    await window.run('Patchbay: Manage Keys and Caps…');
    const rows = window.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'Add a key…' }).waitFor();
    expect(await rows.filter({ hasText: `…${TEST_KEYS.wrong.slice(-4)}` }).count()).toBe(0);
    await window.page.keyboard.press('Escape');
  });
});

describe('secrets', () => {
  it('are in no file, in no log and in no message to the panel’s page', { retry: 0 }, async () => {
    const panel = await window.panel();
    await ask(panel, 'Where is my key?');
    const heard = await window.heardByPage();
    expect(heard).toContain('Where is my key?');
    const { keys, trades } = openRouter;
    expect(keys).toHaveLength(2);
    for (const secret of [...keys, ...trades.map(({ verifier }) => verifier)]) {
      expect(filesHolding(studio.editor.root, secret)).toEqual([]);
      expect(heard).not.toContain(secret);
    }
    // A code came through the browser, which remembers its addresses; it is used up, and worthless without its verifier.
    const browser = join(studio.editor.root, 'profile');
    for (const { code } of trades) {
      expect(filesHolding(studio.editor.root, code).filter((file) => !file.startsWith(browser))).toEqual([]);
      expect(heard).not.toContain(code);
    }
    // The search itself works: what was said is there.
    expect(filesHolding(studio.editor.root, 'Where is my key?').join(' ')).toContain('patchbay.sqlite');
    expect(openRouter.outside.refused.filter((host) => /openrouter|patchbay/.test(host))).toEqual([]);
  });
});

describe('a keyring that lost everything', () => {
  it('is named as the cause, with what to do, and nothing is sent', async () => {
    await window.page.evaluate(() => localStorage.removeItem('secrets.provider'));
    await window.reload();
    const panel = await window.panel();
    expect(await window.message(/keyring has lost your keys/)).toContain('what they have spent stays counted');
    await studio.picture(window, 'keyring-lost');
    await expect.poll(() => window.statusBar().innerText()).toContain('no key yet');
    await panel.getByText('Where is my key?').first().waitFor();
    await window.press(/keyring has lost your keys/, 'Add a Key…');
    await window.page.locator('.quick-input-widget .quick-input-box input').waitFor();
    await window.page.keyboard.press('Escape');
  });
});
