import * as vscode from 'vscode';
import { createEditKeeper } from '../../common/edit/edit-keeper.ts';
import { originalOf, textOf } from '../../common/edit/pieces.ts';
import type { EditState } from '../../common/edit/session.ts';
import { restoreEdit, type StoredEdit } from '../../common/edit/stored-edit.ts';
import { tell } from '../tell.ts';
import type { Edit } from './controller.ts';
import { createEditFiles } from './edit-files.ts';

const { l10n } = vscode;
const LEFT_SCHEME = 'patchbay-left';

/** Edits that a closed or reloaded window left undecided. */
export interface Unfinished extends vscode.Disposable {
  /** Keeps an edit for the next start of the window. */
  keep(edit: Edit): void;
  /** It is over: the next one that was left may be taken up. */
  forget(document: vscode.TextDocument): void;
}

/**
 * Keeps edits that wait, and takes up what an earlier window left, once its document is seen again. Where its lines were
 * changed meanwhile nothing can be taken back any more: that is told once, with the lines as they were.
 * @param resume goes on with it; false while another edit is open
 */
export function watchUnfinished(
  folder: vscode.Uri,
  resume: (document: vscode.TextDocument, state: EditState) => boolean,
): Unfinished {
  const keeper = createEditKeeper(createEditFiles(folder), Date.now);
  const left = new Map<string, StoredEdit>();
  /** Documents whose edit was given up; another one may have begun in them by the time that was read. */
  const givenUp = new Set<string>();
  /** The lines of an edit that nobody can decide any more, before and after it. */
  const lines = new Map<string, string>();

  const look = () => {
    for (const { document } of vscode.window.visibleTextEditors) {
      const uri = document.uri.toString();
      const stored = left.get(uri);
      const state = stored && restoreEdit(stored, document.getText());
      // As it was before the edit: nothing is half decided.
      if (!stored || state === 'original') continue;
      if (!state) {
        left.delete(uri);
        givenUp.add(uri);
        void tellChanged(document, stored);
      } else if (resume(document, state)) {
        left.delete(uri);
      }
    }
  };
  const tellChanged = async (document: vscode.TextDocument, { uri, pieces }: StoredEdit) => {
    const compare = l10n.t('Show These Lines');
    const message = l10n.t(
      'An edit of {0} was not decided when its window was closed, and its lines were changed since: it can no longer be accepted or rejected.',
      vscode.workspace.asRelativePath(document.uri),
    );
    const answer = await tell.warn(message, compare);
    if (answer === compare) {
      const [before, after] = ['before', 'after'].map((query) =>
        vscode.Uri.from({ scheme: LEFT_SCHEME, path: document.uri.path, query }),
      ) as [vscode.Uri, vscode.Uri];
      lines.set(before.toString(), originalOf(pieces)).set(after.toString(), textOf(pieces));
      await vscode.commands.executeCommand('vscode.diff', before, after, l10n.t('Before the edit ↔ as it was left'));
    }
    if (givenUp.delete(uri)) keeper.forget(uri);
  };

  void keeper.kept().then((edits) => {
    for (const edit of edits) left.set(edit.uri, edit);
    look();
  });
  const subscriptions = [
    vscode.window.onDidChangeVisibleTextEditors(look),
    vscode.workspace.registerTextDocumentContentProvider(LEFT_SCHEME, {
      provideTextDocumentContent: (uri) => lines.get(uri.toString()),
    }),
  ];
  return {
    keep: (edit) => {
      const uri = edit.document.uri.toString();
      left.delete(uri);
      givenUp.delete(uri);
      keeper.keep(uri, () => edit.stored(Date.now()));
    },
    forget: ({ uri }) => {
      keeper.forget(uri.toString());
      look();
    },
    dispose: () => {
      keeper.flush();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
