import type { Locator } from 'playwright-core';
import { answersIn, authorOf, detailsOf, type PanelSurface, send } from '../../test/support/panel-driver.ts';
import { say } from './project.ts';

const QUESTION = 'Compare debounce and throttle in a table, and say when to use which.';

export interface Demonstration {
  /** Where the key's requests go. */
  readonly address: string;
  /** The cap of the key, in words such as `$1 a day`. */
  readonly cap: string;
  /** Takes a picture. @returns its path */
  picture(): Promise<string>;
}

/**
 * One message through the real panel, printed as it streams, and everything that is known about its answer.
 * @throws Error with the panel's own words where the answer did not come to its end
 */
export async function demonstrate(panel: PanelSurface, { address, cap, picture }: Demonstration): Promise<void> {
  say(`asking: ${QUESTION}`);
  const before = await answersIn(panel).count();
  await send(panel, QUESTION);
  const answer = answersIn(panel).nth(before);
  await answer.waitFor();
  await printStream(answer);
  const status = await answer.getAttribute('data-status');
  if (status !== 'complete') {
    const why = (await answer.locator('.failure, .cut').allTextContents()).join(' ').replaceAll(/\s+/g, ' ');
    throw new Error(`The answer did not come to its end: ${why}`);
  }
  const saved = await picture();
  const details = await detailsOf(answer);
  const rows = [
    ['model', await authorOf(answer)],
    ['route', `${details.provider} at ${address}, answered by ${details['answered by']}`],
    ['tokens', `${details['input tokens']} in, ${details['output tokens']} out`],
    ['cost', details.cost],
    ['cap left', `${details['left of the cap']} of ${cap}`],
    ['picture', saved],
  ];
  process.stdout.write(`\n${rows.map(([name, value]) => `${name?.padEnd(10)}${value}\n`).join('')}`);
}

/** Prints each block of an answer as soon as the next one has begun, and the last one at the end. */
async function printStream(answer: Locator): Promise<void> {
  let printed = 0;
  for (;;) {
    // In this order: what was complete before the status was read is complete after it.
    const over = (await answer.getAttribute('data-status')) !== 'streaming';
    const blocks = await answer.locator('.markdown > *').evaluateAll((elements) =>
      // biome-ignore lint/performance/useDomNodeTextContent: lists and tables are wanted as they are laid out
      elements.map((element) => element.querySelector('pre')?.textContent ?? (element as HTMLElement).innerText),
    );
    for (const block of blocks.slice(printed, over ? undefined : -1)) {
      process.stdout.write(`\n${block.trimEnd()}\n`);
      printed += 1;
    }
    if (over) return;
    await answer.page().waitForTimeout(100);
  }
}
