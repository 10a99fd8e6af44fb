import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FrameLocator } from 'playwright-core';
import { OUT, ROOT } from '../../../scripts/lib/project.ts';
import { type ModelServer, type ModelServerOptions, startModelServer, TEST_KEYS } from '../model-server/server.ts';
import { pickModel } from '../panel-driver.ts';
import { type Editor, type EditorOptions, startEditor } from './editor.ts';
import { type Workbench, workbenchOf } from './workbench.ts';

/** A VS Code with the packaged extension in it and a model server beside it. */
export interface Studio {
  readonly editor: Editor;
  readonly server: ModelServer;
  /** Opens a window. */
  window(query?: string): Promise<Workbench>;
  /** Adds a key by the command, for the server's address. */
  addKey(window: Workbench, options?: { readonly secret?: string; readonly cap?: string }): Promise<void>;
  /** The panel, with this model chosen. */
  panel(window: Workbench, model?: string): Promise<FrameLocator>;
  /** Saves a picture for people to look at. */
  picture(window: Workbench, name: string): Promise<void>;
  close(): Promise<void>;
}

export const SAMPLE = `export const answer = 42;

function add(a, b) {
  return a + b;
}

console.log(add(answer, 1));
`;

let packed: Promise<string> | undefined;

/** Packs in a process of its own: what a test runner sets in this one would change the build. */
async function pack(): Promise<string> {
  const { NODE_ENV: _, VITEST: __, ...env } = process.env;
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/vscode-package.ts')], { env });
  return join(OUT, 'patchbay.vsix');
}

/** Packs the extension, once for each process. @returns path of the `.vsix` */
export function packExtension(): Promise<string> {
  packed ??= pack();
  return packed;
}

/** Which extension host runs the extension: Node's, or the worker of a VS Code in the browser. */
const hostSetting = (host: 'node' | 'worker') => ({
  'remote.extensionKind': { 'patchbay.patchbay-vscode': [host === 'node' ? 'workspace' : 'ui'] },
});

export async function startStudio(
  options: EditorOptions & ModelServerOptions & { readonly host?: 'node' | 'worker' } = {},
): Promise<Studio> {
  const vsix = await packExtension();
  const server = await startModelServer({ speed: 20, ...options });
  const settings = { ...hostSetting(options.host ?? 'node'), ...options.settings };
  const editor = await startEditor({ vsix, files: { 'sample.js': SAMPLE }, ...options, settings }).catch(
    async (error: unknown) => {
      await server.close();
      throw error;
    },
  );
  return {
    editor,
    server,
    window: async (query) => workbenchOf(await editor.open(query)),
    addKey: async (window, { secret = TEST_KEYS.good, cap } = {}) => {
      await window.run('Patchbay: Add Key…');
      await window.answer(secret);
      await window.pick('another address');
      await window.answer(server.openRouterUrl);
      await window.message(/is stored in the system’s keyring/);
      if (cap !== undefined) {
        await window.press(/is stored in the system’s keyring/, 'Set a Cap…');
        await window.pick('in total');
        await window.answer(cap);
        // The list comes back with the cap in it.
        await window.page
          .locator('.quick-input-list .monaco-list-row')
          .filter({ hasText: 'in total' })
          .filter({ hasText: '$' })
          .waitFor();
        await window.page.keyboard.press('Escape');
      }
      await window.clearMessages();
    },
    panel: async (window, model) => {
      const panel = await window.panel();
      await panel.locator('.model-chip-name').waitFor();
      if (model !== undefined) await pickModel(panel, model);
      return panel;
    },
    picture: (window, name) => window.picture(join(OUT, `vscode-${name}.png`)),
    close: async () => {
      await editor.close();
      await server.close();
    },
  };
}
