import * as vscode from 'vscode';
import { settingsFor } from '../settings.ts';
import type { AskedEdit } from './ask-edit.ts';
import type { Edit } from './controller.ts';

const { l10n } = vscode;

/** The edit that is open, and the model that writes it; none where a block of the chat is applied. */
export interface Open {
  readonly edit: Edit;
  readonly asked?: AskedEdit;
}

/** The buttons over the changes of an edit, and those for all of it over the first one. */
export function lensesOf({ edit, asked }: Open): vscode.CodeLens[] {
  if (!settingsFor(edit.document.uri).codeLens) return [];
  const { document, hunks, streaming } = edit;
  const lens = (at: vscode.Position, title: string, command: string, ...args: unknown[]) =>
    new vscode.CodeLens(new vscode.Range(at, at), { title, command: `patchbay.edit.${command}`, arguments: args });
  const lenses = hunks.flatMap(({ id, start, counts }) => {
    const at = document.positionAt(start);
    return [
      lens(at, l10n.t('$(check) Accept {0}', counts), 'acceptHunk', id),
      lens(at, l10n.t('$(close) Reject'), 'rejectHunk', id),
    ];
  });
  const [first] = hunks;
  // Until the first change comes, the lines themselves say that something is under way.
  const at = first ? document.positionAt(first.start) : edit.range.start;
  const all = [
    ...(hunks.length > 1
      ? [
          lens(at, l10n.t('$(check-all) Accept all {0}', hunks.length), 'acceptAll'),
          lens(at, l10n.t('$(discard) Reject all'), 'rejectAll'),
        ]
      : []),
    ...(first ? [lens(at, l10n.t('$(diff) Compare'), 'compare')] : []),
    ...(streaming ? [lens(at, l10n.t('$(debug-stop) Stop'), 'stop')] : []),
    ...(asked
      ? [
          lens(at, l10n.t('$(refresh) Retry with…'), 'retry'),
          lens(at, `${streaming ? '$(loading~spin)' : '$(comment-discussion)'} ${asked.byline}`, 'showAnswer'),
        ]
      : []),
  ];
  return [...lenses, ...all];
}
