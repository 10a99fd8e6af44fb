import { join } from 'node:path';
import { ask, authorOf, capMeter } from '../test/support/panel-driver.ts';
import { type Studio, startStudio } from '../test/support/vscode/studio.ts';
import { OUT, say } from './lib/project.ts';

const QUESTION = 'Compare debounce and throttle in a table, and say when to use which.';
/** USD in total: the most that a demonstration can cost. */
const CAP = '1';

/**
 * The packaged extension in a real VS Code in the browser, with a key of the local model server and a cap in place. With
 * a display it stays until it is closed; without one it asks one question in the panel, prints what came back, and ends.
 */
export async function startVsCode(headless: boolean): Promise<void> {
  say('packing the extension and starting VS Code …');
  const studio = await startStudio({ headless, speed: 1 });
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<void>((resolve) => {
    interrupt = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
  try {
    await Promise.race([show(studio, headless, interrupted), interrupted]);
  } finally {
    await studio.close();
  }
}

async function show(studio: Studio, headless: boolean, interrupted: Promise<void>): Promise<void> {
  const window = await studio.window();
  await studio.addKey(window, { cap: CAP });
  const panel = await studio.panel(window, 'sonnet');
  if (!headless) {
    say('ready: Patchbay is the last icon on the left. Close the browser or press Ctrl+C to end.');
    await Promise.race([new Promise((resolve) => window.page.context().once('close', resolve)), interrupted]);
    return;
  }
  const answer = await ask(panel, QUESTION);
  const picture = join(OUT, 'vscode.png');
  await window.picture(picture);
  const lines = [
    ((await answer.textContent()) ?? '').trim(),
    '',
    `answered by ${await authorOf(answer)}, ${await answer.locator('.answer-cost').textContent()}; ${await capMeter(panel)}`,
    `picture: ${picture}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
