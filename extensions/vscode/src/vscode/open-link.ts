import * as vscode from 'vscode';

/**
 * Opens a link in the user's browser exactly as it is written. A `Uri` would not do: it decodes the query and encodes it
 * anew, which breaks an address inside of an address. The editor takes the text itself, though its typing does not say so.
 */
export function openLink(url: string): Thenable<boolean> {
  return vscode.env.openExternal(url as unknown as vscode.Uri);
}
