import { join } from 'node:path';
import { modelCount } from '../test/support/panel-driver.ts';
import { findVsCode } from '../test/support/vscode/install.ts';
import { type Studio, startStudio } from '../test/support/vscode/studio.ts';
import { demonstrate } from './lib/demonstrate.ts';
import { packExtension } from './lib/pack-extension.ts';
import { OUT, say } from './lib/project.ts';

/** USD in total: the most that a demonstration can cost. */
const CAP = '1';

/**
 * The packaged extension in a real VS Code in the browser, with a key of the local model server and a cap in place. With
 * a display it stays until it is closed; without one it asks one question in the panel, prints what came back, and ends.
 */
export async function startVsCode(headless: boolean): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  let starting: Promise<Studio> | undefined;
  const work = async () => {
    await findVsCode();
    await packExtension();
    say(headless ? 'starting VS Code in a browser without a window …' : 'starting VS Code in a browser …');
    starting = startStudio({ headless, speed: 1 });
    await show(await starting, headless);
  };
  try {
    await Promise.race([work(), interrupted]);
  } finally {
    // Interrupted while it started, it is up in a moment and then ended: nothing stays behind.
    await (await starting?.catch(() => undefined))?.close();
  }
}

async function show(studio: Studio, headless: boolean): Promise<void> {
  say(`talking to the local model server at ${studio.server.origin}.`);
  const window = await studio.window();
  say('adding a key with a cap …');
  await studio.addKey(window, { cap: CAP });
  say('opening the panel …');
  const panel = await studio.panel(window, 'sonnet');
  say(`${await modelCount(panel)} models to choose from.`);
  if (headless) {
    await demonstrate(panel, {
      address: studio.server.openRouterUrl,
      cap: `$${CAP} in total`,
      picture: async () => {
        const file = join(OUT, 'vscode.png');
        await window.picture(file);
        return file;
      },
    });
    return;
  }
  const closed = new Promise<void>((resolve) => window.page.context().once('close', () => resolve()));
  say('ready: write into the panel on the left. Close the browser or press Ctrl+C to end.');
  await closed;
}
