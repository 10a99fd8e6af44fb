import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig } from 'wxt';

/** Origins that may be asked for, one at a time, in the click that adds a key. None is granted at install. */
const OPTIONAL_HOSTS = ['https://*/*', 'http://*/*'];

/** Puts the panel's static shell into its page, so that the first paint is the panel and waits for no script. */
function panelShell(): Plugin {
  const file = join(import.meta.dirname, '../../packages/chat/src/ui/shell.html');
  const markup = () =>
    readFileSync(file, 'utf8')
      .replaceAll(/<!--[\s\S]*?-->/g, '')
      .trim();
  return {
    name: 'patchbay:panel-shell',
    transformIndexHtml: { order: 'pre', handler: (html) => html.replace('<!-- shell -->', markup) },
  };
}

export default defineConfig({
  srcDir: 'src',
  imports: false,
  hooks: {
    // Even so, WXT 0.21 takes every `browser` for its own and imports it there, in shared code and in local variables too.
    'config:resolved': ({ config }) => {
      config.imports.presets = [];
      config.imports.imports = [];
    },
  },
  modules: ['@wxt-dev/module-react', '@wxt-dev/webextension-polyfill'],
  vite: () => ({
    plugins: [panelShell()],
    // What bundlers tell each other; nobody reads it in what is installed.
    build: { rolldownOptions: { output: { comments: { annotation: false, jsdoc: false } } } },
  }),
  manifestVersion: 3,
  manifest: ({ browser }) => ({
    name: 'Patchbay',
    description: 'Every model behind one panel, with spend caps that hold and keys that never leave your machine.',
    permissions: browser === 'firefox' ? ['storage', 'unlimitedStorage'] : ['storage', 'unlimitedStorage', 'sidePanel'],
    optional_host_permissions: OPTIONAL_HOSTS,
    action: { default_title: 'Open Patchbay' },
    icons: { 16: 'icon/16.png', 32: 'icon/32.png', 48: 'icon/48.png', 96: 'icon/96.png', 128: 'icon/128.png' },
    commands: {
      // A click on the toolbar icon, or the sidebar's own command: neither needs a line of code.
      [browser === 'firefox' ? '_execute_sidebar_action' : '_execute_action']: {
        suggested_key: { default: 'Alt+Shift+G' },
      },
    },
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'patchbay@patchbay.example',
              strict_min_version: '142.0',
              // What people write and the key they send it with go to the provider they chose, and nowhere else.
              data_collection_permissions: { required: ['personalCommunications', 'authenticationInfo'] },
            },
          },
        }
      : { minimum_chrome_version: '120' }),
  }),
  zip: {
    // Reviewers rebuild from the sources of the whole repository, not of this folder alone.
    sourcesRoot: '../..',
    excludeSources: ['test/**', 'out/**'],
  },
});
