import type { Locator, Page } from 'playwright-core';

/** A key as a person adds it. */
export interface KeyEntry {
  readonly secret: string;
  /** Another server address than the provider's own. */
  readonly address?: string;
  readonly label?: string;
  readonly caps?: Readonly<Partial<Record<'day' | 'week' | 'month' | 'total', string>>>;
}

const CAP_LABELS = { day: 'per day', week: 'per week', month: 'per month', total: 'in total' } as const;

/** Fills the form that adds a key, on the options page or in a panel, and presses its button. */
export async function submitKey(page: Page, entry: KeyEntry): Promise<void> {
  const form = formOf(page);
  await form.getByLabel('API key').fill(entry.secret);
  if (entry.address !== undefined) {
    const address = form.getByLabel('Server address');
    if (!(await address.isVisible())) await form.getByText('Another server address').click();
    await address.fill(entry.address);
  }
  if (entry.label !== undefined) await form.getByLabel('Name (optional)').fill(entry.label);
  for (const [window, amount] of Object.entries(entry.caps ?? {})) {
    await form.getByLabel(CAP_LABELS[window as keyof typeof CAP_LABELS], { exact: true }).fill(amount);
  }
  await form.getByRole('button', { name: /^Add (key|server)$/ }).click();
}

/**
 * Adds a key and waits until it is saved.
 * @throws Error with what the form says, where it does not take the key
 */
export async function addKey(page: Page, entry: KeyEntry): Promise<void> {
  await submitKey(page, entry);
  const outcome = formOf(page).locator('.notice, .error').first();
  await outcome.waitFor();
  // Its first paragraph is the sentence; what follows are buttons.
  const said = await outcome.evaluate((element) => (element.querySelector('p') ?? element).textContent);
  if (!said.includes('is saved.')) throw new Error(said);
}

export const formOf = (page: Page): Locator => page.locator('form.add-key');

/** The card of a key on the options page. */
export const cardOf = (page: Page, label: string): Locator =>
  page.locator('.card').filter({ has: page.getByRole('heading', { name: label, exact: true }) });
