import * as vscode from 'vscode';
import type { EditFiles } from '../../common/edit/edit-keeper.ts';

/** Where this window's edits are kept. Windows without a folder share one place. */
export const editsFolder = ({ storageUri, globalStorageUri }: vscode.ExtensionContext): vscode.Uri =>
  vscode.Uri.joinPath(storageUri ?? globalStorageUri, 'edits');

/** Deletes all that is kept there. */
export async function forgetEdits(folder: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.delete(folder, { recursive: true });
  } catch (error) {
    // There may never have been one.
    if (!(error instanceof vscode.FileSystemError) || error.code !== 'FileNotFound') throw error;
  }
}

/** Edits as files, one for each document: too large for the editor's own state, which is also written late. */
export function createEditFiles(folder: vscode.Uri): EditFiles {
  const { fs } = vscode.workspace;
  const fileOf = async (uri: string) => vscode.Uri.joinPath(folder, `${await nameOf(uri)}.json`);
  return {
    read: async () => {
      const entries = await fs.readDirectory(folder).then(undefined, () => []);
      const texts = entries
        .filter(([name]) => name.endsWith('.json'))
        .map(([name]) => fs.readFile(vscode.Uri.joinPath(folder, name)).then(textOf, () => undefined));
      return (await Promise.all(texts)).filter((text) => text !== undefined);
    },
    write: async (uri, text) => {
      await fs.createDirectory(folder);
      const file = await fileOf(uri);
      // As a whole or not at all: the window may be ended in the middle.
      const draft = file.with({ path: `${file.path}.new` });
      await fs.writeFile(draft, new TextEncoder().encode(text));
      await fs.rename(draft, file, { overwrite: true });
    },
    remove: async (uri) => fs.delete(await fileOf(uri)),
  };
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Addresses are longer than names of files may be. */
async function nameOf(uri: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(uri));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
