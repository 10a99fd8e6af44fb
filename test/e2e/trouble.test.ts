import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as scripts from '../support/model-server/scripts.ts';
import { TEST_KEYS } from '../support/model-server/server.ts';
import type { Script } from '../support/model-server/stage.ts';
import { submitKey } from '../support/options-page.ts';
import { answersIn, ask, composerOf, ended, lastAnswer, pickModel, send } from '../support/panel-driver.ts';
import { type Stage, startStage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  await stage.addKey({ label: 'good', caps: { day: '50' } });
});
afterAll(() => stage?.close());
const undo: (() => unknown)[] = [];
afterEach(async (context) => {
  for (const one of undo.splice(0)) await one();
  await stage.tidy(context);
});

const MODEL = 'openai/gpt-4.1';
const NAMED = /gpt-4\.1/i;

function answering(script: Script): void {
  undo.push(stage.server.script(MODEL, script));
}

async function freshPanel(words = `${MODEL} good`): Promise<Page> {
  const panel = await stage.panel();
  await panel
    .getByRole('button', { name: /new conversation/i })
    .first()
    .click();
  // The conversation before it, with how that failed, is out of sight.
  await panel.locator('article.message').first().waitFor({ state: 'detached' });
  await pickModel(panel, words);
  return panel;
}

/** Sends a message that fails; what the panel says about it. */
async function failing(
  panel: Page,
  text: string,
): Promise<{ kind: string | null; said: string; buttons: readonly string[] }> {
  await send(panel, text);
  const card = panel.locator('.failure').last();
  await card.waitFor({ timeout: 40_000 });
  const buttons = await card.locator('.failure-actions button').allTextContents();
  return {
    kind: await card.getAttribute('data-kind'),
    said: (await card.locator('.failure-text > p').textContent()) ?? '',
    buttons,
  };
}

/** Nothing that was typed may get lost, whether it was sent or not. */
async function expectKept(panel: Page, text: string): Promise<void> {
  const sent = await panel.locator('.message.user').allTextContents();
  expect(`${sent.join('\n')}\n${await composerOf(panel).inputValue()}`).toContain(text);
}

describe('the provider refuses', () => {
  it.each([
    ['a wrong key', 401, 'User not found.', {}, 'auth', /key/i],
    [
      'a key over its own limit',
      403,
      'Key limit exceeded (daily limit). Manage it using https://openrouter.ai/settings/keys',
      {},
      'key-limit',
      /limit/i,
    ],
    [
      'an account without credit',
      402,
      'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
      {},
      'credit',
      /credit/i,
    ],
    ['an unknown model', 404, `No endpoints found for ${MODEL}.`, {}, 'model-gone', /not|gone|no /i],
    [
      'too many requests, with a time to wait',
      429,
      'Rate limit exceeded',
      { headers: { 'retry-after': '17' } },
      'rate-limit',
      /1[67] s|second/i,
    ],
    ['too many requests, without one', 429, 'Rate limit exceeded', {}, 'rate-limit', /limit|many|wait/i],
    [
      'being overloaded',
      503,
      'Service unavailable',
      {},
      /overloaded|unavailable/,
      /overloaded|down|unavailable|available/i,
    ],
  ] as const)('%s', async (name, status, message, extra, kind, cause) => {
    answering(scripts.refuses(status, message, extra));
    const panel = await freshPanel();
    const text = `A question that meets ${name}.`;
    const failure = await failing(panel, text);
    expect(failure.kind).toMatch(kind);
    expect(failure.said).toMatch(NAMED);
    expect(failure.said).toMatch(cause);
    expect(failure.buttons.length).toBeGreaterThan(0);
    await expectKept(panel, text);
    await stage.product.picture(panel, `refused-${status}${'headers' in extra ? '-wait' : ''}`);
  });

  it('for a while only, and the same message goes through afterwards', async () => {
    answering(scripts.refuses(429, 'Rate limit exceeded'));
    const panel = await freshPanel();
    const failure = await failing(panel, 'Try this twice.');
    expect(failure.kind).toBe('rate-limit');
    undo.splice(0)[0]?.();
    await panel.getByRole('button', { name: 'Retry', exact: true }).last().click();
    await expect.poll(() => lastAnswer(panel).getAttribute('data-status'), { timeout: 30_000 }).toBe('complete');
  });
});

describe('the answer is broken', () => {
  it.each([
    ['the provider hangs up', scripts.hangsUp, /network|unavailable|truncated/, undefined],
    ['a web page comes instead of a stream', scripts.htmlPage, /malformed-output/, undefined],
    ['garbage comes inside a stream', scripts.garbage, /malformed-output|truncated/, undefined],
    ['it is cut in the middle of an event', scripts.cutInFrame('half an ans'), /truncated/, 'half an ans'],
    ['the connection breaks after some text', scripts.resetAfter('a beginning'), /truncated|network/, 'a beginning'],
    ['an error comes inside it', scripts.errorInStream('so far so'), /unavailable|overloaded|internal/, 'so far so'],
    ['an error comes before any text', scripts.errorInStream(''), /unavailable|overloaded|internal/, undefined],
  ] as const)('%s', async (name, script, kind, kept) => {
    answering(script);
    const panel = await freshPanel();
    const text = `A question when ${name}.`;
    const failure = await failing(panel, text);
    expect(failure.kind).toMatch(kind);
    expect(failure.said).toMatch(NAMED);
    expect(failure.said.length).toBeGreaterThan(40);
    await expectKept(panel, text);
    if (kept !== undefined) {
      expect(await lastAnswer(panel).locator('.markdown').textContent()).toContain(kept);
      expect(await lastAnswer(panel).getAttribute('data-status')).toBe('interrupted');
    }
  });
});

it('the provider is down altogether', async () => {
  const dead = await startStage();
  try {
    await dead.addKey({ caps: { day: '1' } });
    const panel = await dead.panel(MODEL);
    await dead.server.close();
    const failure = await failing(panel, 'Is anybody there?');
    expect(failure.kind).toMatch(/network|unavailable/);
    expect(failure.said).toMatch(NAMED);
    await expectKept(panel, 'Is anybody there?');
  } finally {
    await dead.product.close();
  }
});

describe('keys', () => {
  it('with standing problems are told apart when they are added, and can be saved all the same', async () => {
    for (const [standing, words] of [
      ['wrong', /does not accept/],
      ['over-limit', /limit/],
    ] as const) {
      const page = await stage.product.openPage('options.html#add');
      await submitKey(page, { secret: TEST_KEYS[standing], address: stage.server.openRouterUrl, label: standing });
      const notice = page.locator('form.add-key .notice.bad');
      await notice.waitFor();
      expect(await notice.textContent()).toMatch(words);
      await stage.product.picture(page, `key-${standing}`);
      await page.getByRole('button', { name: 'Save it anyway' }).click();
      await page.getByText(/is saved\./).waitFor();
      await page.close();
    }
    const panel = await freshPanel(`${MODEL} over-limit`);
    const failure = await failing(panel, 'With a key over its limit.');
    expect(failure.kind).toBe('key-limit');
  });

  it('that are none are refused in the form, with the reason', async () => {
    const page = await stage.product.openPage('options.html#add');
    for (const [typed, words] of [
      ['sk-or-v1-12…ef', /shortened/],
      ['sk-or v1', /space/],
      ['https://openrouter.ai/keys', /web address/],
      ['abc', /at least/],
      ['AKIA0123456789ABCDEF', /AWS/],
    ] as const) {
      await page.getByLabel('API key').fill(typed);
      await expect.poll(() => page.locator('form.add-key .error').first().textContent()).toMatch(words);
    }
    await page.close();
  });
});

describe('this side', () => {
  it('a full disk: the answer is shown to its end, with a word that it could not be saved', async () => {
    const panel = await freshPanel();
    const worker = await stage.product.worker();
    answering(scripts.scheduled(['one ', 'two ', 'three '], 1_500));
    await send(panel, 'Written on a full disk.');
    await panel.getByText('one').waitFor();
    // From here on, the browser's own store says what it says when its disk is full.
    await worker.evaluate(() => {
      const { put, add } = IDBObjectStore.prototype;
      Object.assign(globalThis, { unfill: () => Object.assign(IDBObjectStore.prototype, { put, add }) });
      const full = () => {
        const request = {
          error: new DOMException('no space left', 'QuotaExceededError'),
          onerror: undefined as (() => void) | undefined,
        };
        queueMicrotask(() => request.onerror?.());
        return request as unknown as IDBRequest<IDBValidKey>;
      };
      Object.assign(IDBObjectStore.prototype, { put: full, add: full });
    });
    undo.push(() => worker.evaluate('unfill()'));
    const banner = panel.locator('[data-banner="storage"]');
    await banner.waitFor();
    expect(await banner.textContent()).toMatch(/full|space/i);
    await expect.poll(() => lastAnswer(panel).textContent()).toContain('three');
    // What is written now is not lost either.
    await composerOf(panel).fill('Typed while the disk was full.');
    await composerOf(panel).press('Enter');
    await panel.locator('.failure').last().waitFor();
    await expectKept(panel, 'Typed while the disk was full.');
    await stage.product.picture(panel, 'disk-full');
    await worker.evaluate('unfill()');
    await expect.poll(() => banner.count(), { timeout: 30_000 }).toBe(0);
  });

  it('an unreadable database: nothing is sent, nothing is lost, and it says so', async () => {
    const panel = await freshPanel();
    const worker = await stage.product.worker();
    await worker.evaluate(() => {
      const { transaction } = IDBDatabase.prototype;
      Object.assign(globalThis, { mend: () => Object.assign(IDBDatabase.prototype, { transaction }) });
      IDBDatabase.prototype.transaction = () => {
        throw new DOMException('Internal error opening backing store', 'UnknownError');
      };
    });
    undo.push(() => worker.evaluate('mend()'));
    stage.server.journal.clear();
    await send(panel, 'Asked of a broken database.');
    const trouble = panel.locator('.failure, [data-banner="storage"], [data-banner="ledger"]').first();
    await trouble.waitFor();
    expect(await trouble.textContent()).toMatch(/cannot be read|database|unreadable/i);
    expect(stage.server.journal.chats()).toEqual([]);
    await expectKept(panel, 'Asked of a broken database.');
    await stage.product.picture(panel, 'database-unreadable');
  });

  it('a locked vault: the panel says so, nothing is sent, and it goes on after the passphrase', async () => {
    const options = await stage.product.openPage('options.html#vault');
    await options.getByRole('radio', { name: /With a passphrase/ }).click();
    await options.getByLabel('Passphrase', { exact: true }).fill('four words make it');
    await options.getByLabel('The same again').fill('four words make it');
    await options.locator('#vault').getByRole('button', { name: 'Save' }).click();
    await options.getByText(/All keys are sealed this way/).waitFor({ timeout: 60_000 });
    const panel = await freshPanel();
    await options.getByRole('button', { name: 'Lock now' }).click();
    await options.getByRole('button', { name: 'Unlock' }).waitFor();
    await stage.product.picture(options, 'vault-locked-options');

    const banner = panel.locator('[data-banner="vault"]');
    await banner.waitFor();
    stage.server.journal.clear();
    await composerOf(panel).fill('Asked of a locked vault.');
    await composerOf(panel).press('Enter');
    await stage.product.picture(panel, 'vault-locked');
    await expectKept(panel, 'Asked of a locked vault.');
    expect(stage.server.journal.chats()).toEqual([]);

    await options.getByLabel('Passphrase').fill('not these words');
    await options.getByRole('button', { name: 'Unlock' }).click();
    await options.locator('.error').waitFor({ timeout: 60_000 });
    await options.getByLabel('Passphrase').fill('four words make it');
    await options.getByRole('button', { name: 'Unlock' }).click();
    await banner.waitFor({ state: 'detached', timeout: 60_000 });
    await composerOf(panel).fill('');
    const answer = await ask(panel, 'And now that it is open?');
    expect(await answer.getAttribute('data-status')).toBe('complete');
    await ended(answersIn(panel).last());
    await options.close();
  });

  it('a database of a newer version: it is left alone, and it says what to do', async () => {
    const other = await startStage();
    try {
      await other.addKey();
      const page = await other.product.openPage('options.html');
      await page.evaluate(
        () =>
          new Promise<void>((resolve, reject) => {
            const request = indexedDB.open('patchbay', 99);
            request.onsuccess = () => {
              request.result.close();
              resolve();
            };
            request.onerror = () => reject(request.error);
          }),
      );
      await other.product.killWorker();
      const panel = await other.product.openPanel();
      await panel.locator('.banner').filter({ hasText: /newer/i }).waitFor();
      await composerOf(panel).fill('Kept, though it cannot be sent.');
      await composerOf(panel).press('Enter');
      expect(await composerOf(panel).inputValue()).toBe('Kept, though it cannot be sent.');
      expect(other.server.journal.chats()).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
