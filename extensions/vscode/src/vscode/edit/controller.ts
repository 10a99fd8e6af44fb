import type { Failure } from '@patchbay/core';
import * as vscode from 'vscode';
import type { SelectionSnapshot } from '../../common/context.ts';
import { createAnswerCode, fenceFor } from '../../common/edit/answer-code.ts';
import { createEditDriver } from '../../common/edit/driver.ts';
import { type HunkView, hunkViews, noticeText } from '../../common/edit/edit-view.ts';
import type { Eol } from '../../common/edit/lines.ts';
import type { TextChange } from '../../common/edit/pieces.ts';
import {
  acceptAll,
  acceptHunk,
  beginEdit,
  type EditState,
  endStream,
  hunksOf,
  rejectAll,
  rejectHunk,
  streamLines,
} from '../../common/edit/session.ts';
import { snapshotOf, wholeLines } from '../selection.ts';
import { settingsFor } from '../settings.ts';

/** One edit in place, from the first line of its answer to the last decision. */
export interface Edit {
  readonly document: vscode.TextDocument;
  readonly hunks: readonly HunkView[];
  readonly streaming: boolean;
  /** Where its lines are now. */
  readonly range: vscode.Range;
  decide(what: 'accept' | 'reject', hunk: number | 'all'): Promise<void>;
  stop(): void;
}

export interface EditOptions {
  readonly editor: vscode.TextEditor;
  readonly range: vscode.Range;
  readonly onChange: () => void;
  readonly onEnd: () => void;
  /** The answer did not come to its end; what came of it is shown all the same. */
  readonly onFailure: (failure: Failure) => void;
}

/** Where the new lines come from: they are complete, in the document's own line endings. */
export type LineSource = (
  push: (lines: readonly string[]) => Promise<boolean>,
  signal: AbortSignal,
) => Promise<Failure | undefined>;

/** Streams lines into the document over the lines of a range, as changes that wait for the user's word. */
export function startEdit(options: EditOptions, source: LineSource): Edit {
  const { editor, onChange, onEnd } = options;
  const { document } = editor;
  const lines = wholeLines(document, options.range);
  const original = document.getText(lines);
  const abort = new AbortController();
  const subscriptions: vscode.Disposable[] = [];
  let told = 0;
  let ended = false;

  const end = () => {
    if (ended) return;
    ended = true;
    abort.abort();
    driver.dispose();
    for (const subscription of subscriptions) subscription.dispose();
    onEnd();
  };
  const changed = () => {
    const { state } = driver;
    for (const notice of state.notices.slice(told)) void vscode.window.showWarningMessage(noticeText(notice));
    told = state.notices.length;
    if (state.phase === 'ended' && hunksOf(state).length === 0) end();
    else onChange();
  };
  const target = {
    apply: async (changes: readonly TextChange[], { undoStop }: { readonly undoStop: boolean }) => {
      const shown = await visibleEditor(document, abort.signal);
      if (!shown) return false;
      return shown.edit(
        (builder) => {
          for (const { offset, removed, text } of changes) {
            const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + removed));
            builder.replace(range, text);
          }
        },
        { undoStopBefore: undoStop, undoStopAfter: false },
      );
    },
  };
  const driver = createEditDriver(
    beginEdit(document.offsetAt(lines.start), original, eolOf(document)),
    target,
    changed,
  );

  subscriptions.push(
    vscode.workspace.onDidChangeTextDocument(({ document: other, contentChanges, reason }) => {
      if (other !== document) return;
      const changes = contentChanges.map((one) => ({
        offset: one.rangeOffset,
        removed: one.rangeLength,
        text: one.text,
      }));
      const undone = reason === vscode.TextDocumentChangeReason.Undo || reason === vscode.TextDocumentChangeReason.Redo;
      if (driver.heard(changes, undone) === 'undone') end();
    }),
    vscode.workspace.onDidCloseTextDocument((closed) => {
      if (closed === document) end();
    }),
  );

  // A selection would cover the colours of the changes.
  editor.selection = new vscode.Selection(lines.start, lines.start);

  const step = (change: (state: EditState) => EditState) => driver.advance(change);
  const run = async () => {
    const failure = await source((more) => step((state) => streamLines(state, more)), abort.signal);
    const cut = failure !== undefined || abort.signal.aborted;
    await step((state) => endStream(state, cut ? 'cut' : 'complete'));
    if (failure && failure.kind !== 'aborted') options.onFailure(failure);
  };
  void run().catch((error: unknown) => {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    end();
  });

  return {
    document,
    get hunks() {
      return ended ? [] : hunkViews(driver.state);
    },
    get streaming() {
      return !ended && driver.state.phase === 'streaming';
    },
    get range() {
      const { start, pieces } = driver.state;
      const length = pieces.reduce((sum, { text }) => sum + text.length, 0);
      return new vscode.Range(document.positionAt(start), document.positionAt(start + length));
    },
    decide: async (what, hunk) => {
      if (hunk === 'all') {
        // Deciding over all of it ends the answer: what has not come is not wanted any more.
        abort.abort();
        await step((state) => endStream(state, 'cut'));
        await step(what === 'accept' ? acceptAll : rejectAll);
      } else {
        await step((state) => (what === 'accept' ? acceptHunk(state, hunk) : rejectHunk(state, hunk)));
      }
    },
    stop: () => abort.abort(),
  };
}

/** The lines of a block of code that is there already, for applying it as a diff. */
export function linesOf(code: string, document: vscode.TextDocument, original: string): LineSource {
  const reader = createAnswerCode({ eol: eolOf(document), finalEnding: original.endsWith('\n'), fence: 3 });
  const fence = '`'.repeat(fenceFor(code));
  return async (push) => {
    const lines = [...reader.push(`${fence}\n${code.replace(/\n?$/, '\n')}${fence}\n`), ...reader.end()];
    await push(lines);
    return undefined;
  };
}

/** The whole lines under a range, with what may go along, as an edit needs them. */
export function linesUnder(editor: vscode.TextEditor, range: vscode.Range): SelectionSnapshot {
  const settings = settingsFor(editor.document.uri);
  return snapshotOf(editor, settings, wholeLines(editor.document, range));
}

export function eolOf(document: vscode.TextDocument): Eol {
  return document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
}

/** The editor that shows the document; while none does, the edit waits. Undefined once it is stopped. */
async function visibleEditor(
  document: vscode.TextDocument,
  signal: AbortSignal,
): Promise<vscode.TextEditor | undefined> {
  const find = () => vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const now = find();
  if (now || document.isClosed) return now;
  return new Promise((resolve) => {
    const watch = vscode.window.onDidChangeVisibleTextEditors(() => {
      const shown = find();
      if (!shown) return;
      watch.dispose();
      resolve(shown);
    });
    signal.addEventListener('abort', () => {
      watch.dispose();
      resolve(find());
    });
  });
}
