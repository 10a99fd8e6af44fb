import * as vscode from 'vscode';
import { attachedItem, type ContextItem } from '../../common/context.ts';

/** What the user attached to a question in VS Code's own chat. */
export interface Attachments {
  readonly items: readonly ContextItem[];
  /** What could not be read as text: folders, pictures, things that this version does not know. */
  readonly leftOut: readonly string[];
}

/** Reads what was attached, as it is in the editor now. */
export async function attachmentsOf(references: readonly vscode.ChatPromptReference[]): Promise<Attachments> {
  const items: ContextItem[] = [];
  const leftOut: string[] = [];
  for (const { id, value, modelDescription } of references) {
    const item = await itemOf(value, modelDescription ?? id);
    if (item) items.push(item);
    else leftOut.push(nameOf(value, modelDescription ?? id));
  }
  return { items, leftOut };
}

async function itemOf(value: unknown, name: string): Promise<ContextItem | undefined> {
  if (typeof value === 'string') return attachedItem({ file: name, language: 'text' }, value);
  const place = placeOf(value);
  if (!place) return undefined;
  try {
    const document = await vscode.workspace.openTextDocument(place.uri);
    const about = { file: vscode.workspace.asRelativePath(place.uri), language: document.languageId };
    const range = place.range && document.validateRange(place.range);
    const lines = range && { first: range.start.line + 1, last: range.end.line + 1 };
    return attachedItem(about, document.getText(range), lines);
  } catch {
    return undefined;
  }
}

function placeOf(value: unknown): { readonly uri: vscode.Uri; readonly range?: vscode.Range } | undefined {
  if (value instanceof vscode.Uri) return { uri: value };
  return value instanceof vscode.Location ? value : undefined;
}

function nameOf(value: unknown, name: string): string {
  const uri = placeOf(value)?.uri;
  return uri ? vscode.workspace.asRelativePath(uri) : name;
}
