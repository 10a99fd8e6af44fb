import { readFile } from 'node:fs/promises';
import type { MessageRecord } from '@patchbay/chat/contract';
import type { Locator, Page } from 'playwright-core';

/** Drives the panel as a person does: by what can be seen, focused and typed. */

/** Where the panel is: a page of its own, or a frame in an editor. */
export type PanelSurface = Pick<Page, 'locator' | 'getByRole'>;

export const composerOf = (panel: PanelSurface): Locator => panel.locator('textarea[data-composer]');

/** Every answer in view, oldest first. */
export const answersIn = (panel: PanelSurface): Locator => panel.locator('article.message.assistant');

export const lastAnswer = (panel: PanelSurface): Locator => answersIn(panel).last();

/** Waits until the panel has a model to talk to. */
export async function ready(panel: PanelSurface): Promise<void> {
  await composerOf(panel).waitFor();
  await panel.locator('.model-chip-name').waitFor();
}

/** Types a message and sends it; resolves when the panel has handed it over. */
export async function send(panel: PanelSurface, text: string): Promise<void> {
  const composer = composerOf(panel);
  await composer.fill(text);
  await composer.press('Enter');
}

/** Sends a message; resolves with its answer, which has just begun: never with the one before it. */
export async function begin(panel: PanelSurface, text: string, timeout = 60_000): Promise<Locator> {
  const before = await answersIn(panel).count();
  await send(panel, text);
  const answer = answersIn(panel).nth(before);
  await answer.waitFor({ timeout });
  return answer;
}

/** Sends a message and waits for its answer's end, however it ends. */
export async function ask(panel: PanelSurface, text: string, timeout = 60_000): Promise<Locator> {
  const answer = await begin(panel, text, timeout);
  await ended(answer, timeout);
  return answer;
}

/** Waits until an answer is over. */
export async function ended(answer: Locator, timeout = 60_000): Promise<void> {
  await answer.locator('xpath=self::*[@data-status and not(@data-status="streaming")]').waitFor({ timeout });
}

/** Chooses the model for what comes next, by words that its row contains. */
export async function pickModel(panel: PanelSurface, words: string, once = false): Promise<void> {
  await panel.locator('.model-chip-button').click();
  const search = panel.getByRole('combobox');
  await search.fill(words);
  await panel.getByRole('option').first().waitFor();
  await search.press(once ? 'Alt+Enter' : 'Enter');
  await search.waitFor({ state: 'detached' });
}

/** Opens the conversation that a search of the history finds first. */
export async function openConversation(panel: PanelSurface, words: string): Promise<void> {
  const list = panel.locator('.conversations');
  if (!(await list.isVisible())) await panel.getByRole('button', { name: 'Conversations', exact: true }).click();
  await list.getByRole('searchbox').fill(words);
  await list.getByRole('region', { name: 'Found' }).locator('.conversation-open').first().click();
}

/** How many models the picker offers. */
export async function modelCount(panel: PanelSurface): Promise<number> {
  await panel.locator('.model-chip-button').click();
  const count = await panel.getByRole('option').first().getAttribute('aria-setsize');
  await panel.getByRole('combobox').press('Escape');
  await panel.getByRole('combobox').waitFor({ state: 'detached' });
  return Number(count);
}

/** What an answer's details say, by their names in lower case. */
export async function detailsOf(answer: Locator): Promise<Readonly<Record<string, string>>> {
  const button = answer.locator('.answer-cost');
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  const rows = answer.locator('.details dl > div');
  await rows.first().waitFor();
  const entries = await rows.evaluateAll((elements) =>
    elements.map((row) => [
      row.querySelector('dt')?.textContent?.toLowerCase() ?? '',
      row.querySelector('dd')?.textContent ?? '',
    ]),
  );
  return Object.fromEntries(entries);
}

/** Who an answer says wrote it. */
export const authorOf = (answer: Locator): Promise<string> =>
  answer
    .locator('.answer-name')
    .textContent()
    .then((name) => name ?? '');

export const stopButton = (panel: PanelSurface): Locator => panel.locator('button.send.stop');

/** What the cap meter says in full, such as what is left of which cap. */
export async function capMeter(panel: PanelSurface): Promise<string> {
  const chip = panel.locator('.cap-chip');
  return (await chip.getAttribute('aria-label')) ?? (await chip.textContent()) ?? '';
}

/** What the user's own export says: all of it as text, the ledger newest first, and the messages of the first conversation. */
export async function exported(panel: Page): Promise<{
  readonly text: string;
  readonly ledger: readonly { readonly state: string; readonly model: string }[];
  readonly messages: readonly MessageRecord[];
}> {
  await panel.getByRole('button', { name: 'More' }).click();
  await panel.getByRole('menuitem', { name: 'Export or delete data' }).click();
  const [download] = await Promise.all([
    panel.waitForEvent('download'),
    panel.getByRole('button', { name: 'Export', exact: true }).click(),
  ]);
  const text = await readFile(await download.path(), 'utf8');
  const { ledger, conversations } = JSON.parse(text);
  await panel.keyboard.press('Escape');
  return { text, ledger, messages: conversations[0].messages };
}
