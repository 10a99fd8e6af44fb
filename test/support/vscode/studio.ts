import { basename, join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { packExtension } from '../../../scripts/lib/pack-extension.ts';
import { CACHE, OUT } from '../../../scripts/lib/project.ts';
import { vsce } from '../../../scripts/vscode-package.ts';
import { type ModelServer, type ModelServerOptions, startModelServer, TEST_KEYS } from '../model-server/server.ts';
import type { Script } from '../model-server/stage.ts';
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
  /** From now on every question is answered like this, until the function that it returns is called or `tidy` is. */
  answering(script: Script): () => void;
  /** After each test: questions are answered as ever, and where it failed, a picture tells how the windows look. */
  tidy(task: TestTask, ...windows: readonly (Workbench | undefined)[]): Promise<void>;
  close(): Promise<void>;
}

/** As much of vitest's as is needed here. */
interface TestTask {
  readonly name: string;
  readonly result?: { readonly state?: string } | undefined;
}

export const SAMPLE = `export const answer = 42;

function add(a, b) {
  return a + b;
}

console.log(add(answer, 1));
`;

/** Packs an extension that needs no build. @returns path of its `.vsix` */
function packFolder(folder: string): string {
  const file = join(CACHE, `${basename(folder)}.vsix`);
  vsce(folder, file);
  return file;
}

/** Which extension host runs the extension: Node's, or the worker of a VS Code in the browser. */
const hostSetting = (host: 'node' | 'worker') => ({
  'remote.extensionKind': { 'patchbay.patchbay-vscode': [host === 'node' ? 'workspace' : 'ui'] },
});

export interface StudioOptions {
  /** Default: Node's. */
  readonly host?: 'node' | 'worker';
  /** Folders of other extensions that are installed too; plain JavaScript. */
  readonly beside?: readonly string[];
}

export async function startStudio(options: EditorOptions & ModelServerOptions & StudioOptions = {}): Promise<Studio> {
  const vsix = [await packExtension(), ...(options.beside ?? []).map(packFolder)];
  const server = await startModelServer({ speed: 20, ...options });
  const settings = { ...hostSetting(options.host ?? 'node'), ...options.settings };
  const editor = await startEditor({ files: { 'sample.js': SAMPLE }, ...options, vsix, settings }).catch(
    async (error: unknown) => {
      await server.close();
      throw error;
    },
  );
  const scripts = new Set<() => void>();
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
    answering: (script) => {
      const undo = server.script((exchange) => exchange.path.endsWith('/chat/completions'), script);
      scripts.add(undo);
      return undo;
    },
    tidy: async ({ name, result }, ...windows) => {
      for (const undo of scripts) undo();
      scripts.clear();
      if (result?.state !== 'fail') return;
      const file = `vscode-failed-${name.replace(/\W+/g, '-').slice(0, 50)}`;
      for (const [index, window] of windows.entries()) {
        // What went wrong is the test's to tell: a window that is gone has no picture.
        await window?.picture(join(OUT, `${file}-${index}.png`)).catch(() => undefined);
      }
    },
    close: async () => {
      await editor.close();
      await server.close();
    },
  };
}
