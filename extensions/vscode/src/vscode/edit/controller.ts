import type { Failure } from '@patchbay/core';
import * as vscode from 'vscode';
import type { SelectionSnapshot } from '../../common/context.ts';
import { createAnswerCode, fenceFor } from '../../common/edit/answer-code.ts';
import { createEditDriver, type EditDriver } from '../../common/edit/driver.ts';
import { type HunkView, hunkViews, noticesText } from '../../common/edit/edit-view.ts';
import type { Eol } from '../../common/edit/lines.ts';
import { originalOf, type TextChange, textOf } from '../../common/edit/pieces.ts';
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
import { type StoredEdit, storedEdit } from '../../common/edit/stored-edit.ts';
import { snapshotOf, wholeLines } from '../selection.ts';
import { settingsFor } from '../settings.ts';
import { tell } from '../tell.ts';

/** Time for the news of an editor that is gone to come, ms. */
const EDITOR_GONE_MS = 50;

/** One edit in place, from the first line of its answer to the last decision. */
export interface Edit {
  readonly document: vscode.TextDocument;
  readonly hunks: readonly HunkView[];
  readonly streaming: boolean;
  /** Where its lines are now. */
  readonly range: vscode.Range;
  decide(what: 'accept' | 'reject', hunk: number | 'all'): Promise<void>;
  stop(): void;
  /** As it is kept for the next start of the window; undefined where nothing waits. */
  stored(savedAt: number): StoredEdit | undefined;
}

export interface EditOptions {
  readonly onChange: () => void;
  readonly onEnd: () => void;
  /** The document was closed or renamed with changes in it that nobody decided over. */
  readonly onLost: () => void;
}

export interface StartOptions {
  readonly editor: vscode.TextEditor;
  readonly range: vscode.Range;
  /** The answer did not come to its end; what came of it is shown all the same. */
  readonly onFailure: (failure: Failure) => void;
  /** It came to its end, and nothing is different. */
  readonly onUnchanged: () => void;
}

/**
 * Where the new lines come from: they are complete, in the document's own line endings. `push` resolves with false once
 * they are not written any more: what is left of the answer is not wanted then.
 */
export type LineSource = (
  push: (lines: readonly string[]) => Promise<boolean>,
  signal: AbortSignal,
) => Promise<Failure | undefined>;

/** Streams lines into the document over the lines of a range, as changes that wait for the user's word. */
export function startEdit(options: EditOptions & StartOptions, source: LineSource): Edit {
  const { editor, onFailure, onUnchanged } = options;
  const { document } = editor;
  const lines = wholeLines(document, options.range);
  const first = beginEdit(document.offsetAt(lines.start), document.getText(lines), eolOf(document));
  const { edit, driver, signal, end, isEnded, isDecided } = followEdit(document, first, options);

  // A selection would cover the colours of the changes.
  editor.selection = new vscode.Selection(lines.start, lines.start);

  const run = async () => {
    const failure = await source((more) => driver.advance((state) => streamLines(state, more)), signal);
    const cut = failure !== undefined || signal.aborted;
    const written = await driver.advance((state) => endStream(state, cut ? 'cut' : 'complete'));
    if (failure && failure.kind !== 'aborted') onFailure(failure);
    if (!cut && !written && !isEnded()) onFailure(notTaken(document));
    if (!cut && written && !isDecided() && hunksOf(driver.state).length === 0) onUnchanged();
    if (!written) end();
  };
  void run().catch((error: unknown) => {
    void tell.error(error instanceof Error ? error.message : String(error));
    end();
  });
  return edit;
}

/** Goes on with an edit that was left undecided when the window was closed or reloaded. */
export function resumeEdit(document: vscode.TextDocument, state: EditState, options: EditOptions): Edit {
  return followEdit(document, state, options).edit;
}

interface Followed {
  readonly edit: Edit;
  readonly driver: EditDriver;
  /** Aborted once what has not come of the answer is not wanted any more. */
  readonly signal: AbortSignal;
  end(): void;
  isEnded(): boolean;
  isDecided(): boolean;
}

/** Keeps an edit and its document the same until the last decision. */
function followEdit(document: vscode.TextDocument, first: EditState, options: EditOptions): Followed {
  const { onChange, onEnd, onLost } = options;
  const before = textBefore(document.getText(), first);
  const lineCount = before.split('\n').length;
  const abort = new AbortController();
  const subscriptions: vscode.Disposable[] = [];
  let told = 0;
  let decided = false;
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
    // While the answer still comes there may be one a line: they are told together.
    if (state.phase === 'ended' && told < state.notices.length) {
      void tell.warn(noticesText(state.notices.slice(told)));
      told = state.notices.length;
    }
    if (state.phase === 'ended' && hunksOf(state).length === 0) end();
    else onChange();
  };
  const target = {
    apply: async (changes: readonly TextChange[], { undoStop }: { readonly undoStop: boolean }) => {
      const shown = await visibleEditor(document, abort.signal);
      if (!shown) return false;
      const { version } = document;
      try {
        const taken = await shown.edit(
          (builder) => {
            for (const { offset, removed, text } of changes) {
              const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + removed));
              builder.replace(range, text);
            }
          },
          { undoStopBefore: undoStop, undoStopAfter: false },
        );
        // VS Code says yes for a document that is read-only, too.
        return taken && document.version !== version;
      } catch {
        // The editor went away (closed, or moved to another group) and we hear of it in a moment.
        await new Promise((resolve) => setTimeout(resolve, EDITOR_GONE_MS));
        return false;
      }
    },
  };
  const driver = createEditDriver(first, target, changed);

  subscriptions.push(
    vscode.workspace.onDidChangeTextDocument(({ document: other, contentChanges, reason }) => {
      if (other !== document) return;
      const changes = contentChanges.map((one) => ({
        offset: one.rangeOffset,
        removed: one.rangeLength,
        text: one.text,
      }));
      const undone = reason === vscode.TextDocumentChangeReason.Undo || reason === vscode.TextDocumentChangeReason.Redo;
      const whose = driver.heard(changes, undone);
      // The file was reverted: nothing is left to decide.
      const reverted = () => document.lineCount === lineCount && document.getText() === before;
      const { phase } = driver.state;
      if (whose === 'undone' || (whose === 'theirs' && !ended && phase === 'ended' && reverted())) end();
    }),
    vscode.workspace.onDidCloseTextDocument((closed) => {
      // A document whose language is changed is said to be closed and opened again, and is the same.
      if (closed !== document || !document.isClosed) return;
      const open = !ended && (driver.state.phase === 'streaming' || hunksOf(driver.state).length > 0);
      end();
      if (open) onLost();
    }),
  );

  const step = (change: (state: EditState) => EditState) => driver.advance(change);
  const edit: Edit = {
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
      decided = true;
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
    stored: (savedAt) => {
      const { state } = driver;
      if (ended || hunksOf(state).length === 0) return undefined;
      return storedEdit(state, document.getText(), { uri: document.uri.toString(), savedAt });
    },
  };
  return { edit, driver, signal: abort.signal, end, isEnded: () => ended, isDecided: () => decided };
}

/** The document as it was before the edit. */
function textBefore(text: string, { start, pieces }: EditState): string {
  return text.slice(0, start) + originalOf(pieces) + text.slice(start + textOf(pieces).length);
}

/** The lines of a block of code that is there already, for applying it as a diff. */
export function linesOf(code: string, document: vscode.TextDocument, original: string): LineSource {
  const reader = createAnswerCode({ eol: eolOf(document), finalEnding: original.endsWith('\n'), fence: 3 });
  const fence = '`'.repeat(fenceFor(code));
  return async (push) => {
    const lines = [...reader.push(`${fence}\n${code.replace(/\n?$/, '\n')}${fence}\n`), ...reader.end()];
    return (await push(lines)) ? undefined : notTaken(document);
  };
}

/** Why nothing was written into a document. */
export function notTaken({ uri }: vscode.TextDocument): Failure {
  return {
    kind: 'unsupported',
    retryable: false,
    fallbackable: false,
    message: vscode.l10n.t(
      'Nothing was written into {0}: it takes no changes, perhaps because it is read-only.',
      vscode.workspace.asRelativePath(uri),
    ),
    userAction: 'none',
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
