import { globSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, DATABASE_VERSION } from '../../../packages/stores/src/sqlite/database.ts';
import { createSqliteLedger } from '../../../packages/stores/src/sqlite/ledger.ts';
import type { Exchange } from '../../support/model-server/journal.ts';
import { scheduled, together } from '../../support/model-server/scripts.ts';
import { answersIn, ask, begin, composerOf, ended, lastAnswer, pickModel, send } from '../../support/panel-driver.ts';
import { type Studio, startStudio } from '../../support/vscode/studio.ts';
import type { Workbench } from '../../support/vscode/workbench.ts';

const SONNET = 'claude-sonnet-4.5';
/** What a token of its answers costs. */
const OUTPUT_USD = 15e-6;

let studio: Studio;
let first: Workbench;
let second: Workbench;
beforeAll(async () => {
  studio = await startStudio();
  first = await studio.window();
  await studio.addKey(first, { cap: '0.5' });
  await studio.panel(first, SONNET);
});
afterEach(({ task }) => studio?.tidy(task, first, second));
afterAll(() => studio?.close());

describe('two windows', () => {
  it('leaves the run of the first alone when the second starts, and both see its answer', async () => {
    const slow = scheduled(
      Array.from({ length: 160 }, (_, index) => `word${index} `),
      250,
    );
    studio.answering(slow);
    const panel = await first.panel();
    await (await begin(panel, 'Count.')).getByText('word3').waitFor();
    second = await studio.window();
    const other = await studio.panel(second);
    await lastAnswer(other).getByText('word3').waitFor();
    await lastAnswer(panel).getByText('word159').waitFor({ timeout: 90_000 });
    await ended(lastAnswer(panel));
    expect(await lastAnswer(panel).getAttribute('data-status')).toBe('complete');
    await ended(lastAnswer(other));
    expect(await lastAnswer(other).textContent()).toContain('word159');
  });

  it('share one cap to the last cent, however they hurry', { retry: 0 }, async () => {
    const panels = [await first.newChat(), await second.newChat()];
    for (const panel of panels) await pickModel(panel, SONNET);
    const before = studio.server.journal.chats().length;
    for (const round of [1, 2, 3]) {
      const restore = studio.answering(together(2, scheduled(['a ', 'b ', 'c '], 100)));
      await Promise.all(panels.map((panel) => ask(panel, `Round ${round}: write a debounce function.`)));
      restore();
    }
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

const databaseFile = () => {
  const [file = ''] = globSync('**/patchbay.sqlite', { cwd: studio.editor.root });
  return join(studio.editor.root, file);
};

describe('a database that a newer version took over', () => {
  it('is read and not written: the older version says so and to reload, and sends nothing', async () => {
    const upgrade = (version: number) => {
      const database = new DatabaseSync(databaseFile());
      database.exec(`PRAGMA user_version = ${version}`);
      database.close();
    };
    const current = DATABASE_VERSION;
    const before = studio.server.journal.chats().length;
    const panel = await first.panel();
    const words = /newer version of Patchbay. Reload this window/;
    // While this window has it open: as when the other one was updated and reloaded first.
    upgrade(current + 1);
    await send(panel, 'May I still write?');
    await expect.poll(() => panel.locator('body').innerText()).toMatch(words);
    expect(await composerOf(panel).inputValue()).toBe('May I still write?');
    // And opened anew: what was said is there to be read.
    await first.reload();
    const again = await first.panel();
    await answersIn(again).filter({ hasText: 'a b c' }).first().waitFor();
    await expect.poll(() => again.locator('body').innerText()).toMatch(words);
    await studio.picture(first, 'newer-database');
    await send(again, 'And now?');
    expect(await again.locator('button.send').isDisabled()).toBe(true);
    expect(await composerOf(again).inputValue()).toBe('And now?');
    expect(studio.server.journal.chats()).toHaveLength(before);
    upgrade(current);
    await first.reload();
    const answer = await ask(await first.panel(), 'Once more: write a debounce function.');
    expect(await answer.getAttribute('data-status')).toBe('complete');
  });
});

describe('a ledger that a wrong clock took far ahead', () => {
  it('is told of where keys are managed, and set back to the clock when that is confirmed', { retry: 0 }, async () => {
    const database = createDatabase({ path: databaseFile() });
    // As another window on a machine whose clock is wrong.
    const wrong = createSqliteLedger(database, { now: () => Date.now() + 73 * 365.25 * 86_400_000 });
    const ledger = createSqliteLedger(database);
    try {
      const [latest] = await wrong.history({ limit: 1 });
      const account = latest?.account ?? '';
      const { policyVersion, total } = await wrong.status(account, []);
      const terms = { account, policyVersion, caps: [], bound: 1_000_000n };
      const request = { id: 'then', ...terms, provider: 'openrouter', model: SONNET, runId: 'r' };
      expect(await wrong.reserve([request], { id: 'another', leaseMs: 60_000 })).toEqual({ ok: true });
      await wrong.markSent('then');
      await wrong.settle('then', { amount: 1_000_000n, source: 'provider' });

      // Whatever is spent tells every panel how things stand.
      const panel = await first.panel();
      await ask(panel, 'What time is it: write a debounce function.');
      const banner = panel.locator('[data-banner="ledger-ahead"]');
      await banner.getByText('about 73 years ahead of this computer’s clock').waitFor();
      const dialog = first.page.locator('.monaco-dialog-box');
      await first.run('Patchbay: Manage Keys and Caps…');
      await first.pick('No cap begins anew');
      await dialog.getByText('about 73 years ahead').waitFor();
      await dialog.getByText('counts as spent now').waitFor();
      await studio.picture(first, 'ledger-ahead');
      await first.confirm('Cancel');
      await dialog.waitFor({ state: 'detached' });
      expect(await ledger.health()).toMatchObject({ ahead: { settable: true } });

      await first.run('Patchbay: Manage Keys and Caps…');
      await first.pick('No cap begins anew');
      await first.confirm('The Clock Is Right: Set It Back');
      await banner.waitFor({ state: 'detached' });
      expect(await ledger.health()).toEqual({ state: 'ready' });
      const after = await ledger.status(account, []);
      expect(after.today).toBeGreaterThanOrEqual(1_000_000n);
      expect(after.total).toBeGreaterThan(total + 1_000_000n);
      expect((await ledger.reservation('then'))?.reservedAt).toBeLessThanOrEqual(Date.now());
      expect(await ledger.audit()).toEqual([]);
    } finally {
      database.close();
    }
  });
});
