import * as vscode from 'vscode';
import { readSettings, type Settings } from '../common/settings.ts';

/** The `patchbay.*` settings as they are for a resource. What a repository could abuse is ignored until it is trusted. */
export function settingsFor(resource?: vscode.Uri): Settings {
  const read = vscode.workspace.getConfiguration('patchbay', resource ?? null);
  return readSettings((name) => read.get(name));
}
