import type { ListArea } from '@patchbay/chat/host';
import * as vscode from 'vscode';

/** Lists of models as files, one each: public knowledge, too large for the editor's own state, and the same in the web. */
export function createListFiles(folder: vscode.Uri): ListArea {
  const { fs } = vscode.workspace;
  const fileOf = (name: string) => vscode.Uri.joinPath(folder, `${encodeName(name)}.json`);
  return {
    get: async () => {
      const entries = await fs.readDirectory(folder).then(undefined, () => []);
      const items: Record<string, unknown> = {};
      for (const [file] of entries) {
        try {
          const bytes = await fs.readFile(vscode.Uri.joinPath(folder, file));
          items[decodeName(file.replace(/\.json$/, ''))] = JSON.parse(new TextDecoder().decode(bytes));
        } catch {
          // Half written by a window that was closed: asked for again.
        }
      }
      return items;
    },
    set: async (items) => {
      await fs.createDirectory(folder);
      for (const [name, value] of Object.entries(items)) {
        await fs.writeFile(fileOf(name), new TextEncoder().encode(JSON.stringify(value)));
      }
    },
    remove: async (names) => {
      for (const name of names) await fs.delete(fileOf(name)).then(undefined, () => undefined);
    },
  };
}

/** Names hold quotes and brackets, which not every file system takes. */
function encodeName(name: string): string {
  return Array.from(new TextEncoder().encode(name), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function decodeName(hex: string): string {
  const bytes = (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return new TextDecoder().decode(new Uint8Array(bytes));
}
