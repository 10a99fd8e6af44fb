import type { OptionsWorld } from '../options/world.ts';
import { browser, firefox } from './browser.ts';
import { openKeyWorld } from './key-world.ts';
import { openPanelAsTab } from './panel.ts';
import { revokeOrigin } from './permissions.ts';

/** Everything the options page does to the browser. */
export function openOptionsWorld(): OptionsWorld {
  return {
    ...openKeyWorld(),
    revokeOrigin,
    shortcuts: async () =>
      (await browser.commands.getAll()).map(({ description, shortcut }) => ({
        description: description || 'Open Patchbay',
        keys: shortcut ?? '',
      })),
    openShortcuts: async () => {
      if (firefox.commands.openShortcutSettings) await firefox.commands.openShortcutSettings();
      else await browser.tabs.create({ url: 'chrome://extensions/shortcuts' });
    },
    openPanelAsTab,
    version: browser.runtime.getManifest().version,
  };
}
