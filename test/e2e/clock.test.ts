import type { HostState } from '@patchbay/chat/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectHost } from '../support/host-client.ts';
import { ask, capMeter } from '../support/panel-driver.ts';
import { type Stage, startStage } from '../support/stage.ts';

/** A clock that once ran far ahead took the ledger's time along: what the user is told, and how it is put right. */

const YEAR_MS = 365.25 * 86_400_000;
const CAP = 0.05;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  await stage.addKey({ label: 'capped', caps: { month: String(CAP) } });
});
afterAll(() => stage?.close());
afterEach((context) => stage.tidy(context));

/** Sets the background's clock so many ms ahead; 0 is right. */
async function setClock(ahead: number): Promise<void> {
  const worker = await stage.product.worker();
  await worker.evaluate((ms) => {
    const realm = globalThis as unknown as { realNow?: () => number };
    realm.realNow ??= Date.now;
    const real = realm.realNow;
    Date.now = () => real() + ms;
  }, ahead);
}

async function hostState(): Promise<HostState> {
  const page = await stage.product.openPage('options.html');
  const { state } = await connectHost(page);
  await page.close();
  return state;
}

const spentOf = ({ keys }: HostState) => Number(keys[0]?.caps[0]?.spentUsd);

describe('a clock that was once wrong', () => {
  it('is told of in the panel, and what was spent meanwhile counts now once the time is set back', async () => {
    const days = [todayInWords()];
    const panel = await stage.panel('anthropic/claude-haiku-4.5');
    await ask(panel, 'Before it went wrong?');
    const before = spentOf(await hostState());
    expect(before).toBeGreaterThan(0);
    expect(await panel.locator('[data-banner]').count()).toBe(0);

    await setClock(73 * YEAR_MS);
    await ask(panel, 'And while it is wrong?');
    // In a month in which nobody had spent anything.
    const meanwhile = spentOf(await hostState());
    expect(meanwhile).toBeGreaterThan(0);
    expect(meanwhile).toBeLessThan(CAP);

    await setClock(0);
    await panel.reload();
    const banner = panel.locator('[data-banner="ledger-ahead"]');
    await banner.getByText('about 73 years ahead of this computer’s clock').waitFor();
    const during = await hostState();
    days.push(todayInWords());
    expect(days.some((day) => during.ledger.ahead?.details.includes(`The entry before that is of ${day}`))).toBe(true);
    // It is still that far month.
    expect(spentOf(during)).toBe(meanwhile);
    await stage.product.picture(panel, 'clock-banner');
    await banner.getByRole('button', { name: 'What to do…' }).click();
    const sheet = panel.getByRole('dialog', { name: 'The clock and the record' });
    await sheet.getByText('Nothing that was spent is forgotten.').waitFor();
    await panel.setViewportSize({ width: 320, height: 800 });
    await panel.emulateMedia({ colorScheme: 'dark' });
    await stage.product.picture(panel, 'clock-sheet-320-dark');
    await sheet.getByRole('button', { name: 'The clock is right: set it back' }).click();
    await banner.waitFor({ state: 'detached' });

    const after = await hostState();
    expect(after.ledger).toEqual({ state: 'ready' });
    expect(spentOf(after)).toBeCloseTo(before + meanwhile, 9);
    const [cap] = after.keys[0]?.caps ?? [];
    expect(Number(cap?.leftUsd)).toBeCloseTo(CAP - before - meanwhile, 9);
    // The cap begins anew with the next month, and no later.
    expect(cap?.resetsAt).toBeLessThanOrEqual(Date.now() + 31 * 86_400_000);
    await ask(panel, 'And now?');
    expect(spentOf(await hostState())).toBeGreaterThan(before + meanwhile);
    expect(await capMeter(panel)).toContain('left');
  });

  it('is told of on the options page too, which asks before it sets anything back', async () => {
    const before = spentOf(await hostState());
    const panel = await stage.panel();
    await setClock(40 * 86_400_000);
    await ask(panel, 'Forty days on?');
    await setClock(0);
    const page = await stage.product.openPage('options.html');
    const notice = page.locator('.notice', { hasText: /(39|40) days ahead/ });
    await notice.waitFor();
    await stage.product.picture(page, 'clock-options');
    await notice.getByRole('button', { name: 'Set the record’s time back …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Set the record’s time back?' });
    await dialog.getByText('counts as spent now').waitFor();
    await stage.product.picture(page, 'clock-options-confirm');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect((await hostState()).ledger.ahead).toBeDefined();
    await notice.getByRole('button', { name: 'Set the record’s time back …' }).click();
    await page.setViewportSize({ width: 320, height: 700 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await stage.product.picture(page, 'clock-options-320-dark');
    await dialog.getByRole('button', { name: 'The clock is right: set it back' }).click();
    await notice.waitFor({ state: 'detached' });
    const after = await hostState();
    expect(after.ledger).toEqual({ state: 'ready' });
    expect(spentOf(after)).toBeGreaterThan(before);
    await page.close();
  });
});

const todayInWords = () => new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(Date.now());
