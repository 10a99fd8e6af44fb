import type { ModelChoice } from '@patchbay/chat/contract';
import * as vscode from 'vscode';
import type { CodeAction } from '../../common/webview-protocol.ts';
import { defaultModel, pickModel } from '../pick-model.ts';
import { wholeLines } from '../selection.ts';
import type { Services } from '../services.ts';
import { settingsFor } from '../settings.ts';
import { type AskedEdit, askForEdit, type EditQuestion } from './ask-edit.ts';
import { type Edit, type LineSource, linesOf, linesUnder, startEdit } from './controller.ts';
import { createDecorations } from './decorations.ts';

const { l10n } = vscode;
const ORIGINAL_SCHEME = 'patchbay-original';

/** The edit under way in this window, and everything that shows and decides it. One at a time. */
export interface Edits extends vscode.Disposable {
  /** Asks for an instruction and edits the selection, or the range that a lightbulb was lit for. */
  editSelection(options: { readonly withModel: boolean; readonly range?: vscode.Range }): Promise<void>;
  /** What the panel's buttons on a block of code do. */
  useCode(action: CodeAction, code: string, language: string): Promise<void>;
  decide(what: 'accept' | 'reject', hunk: number | 'all' | 'here'): Promise<void>;
  go(step: 1 | -1): void;
  compare(): Promise<void>;
  stop(): void;
  /** Takes the changes back and asks another model, which the user picks, the very same. */
  retry(): Promise<void>;
  /** Shows the answer in the chat, with all that is known of it. */
  showAnswer(): Promise<void>;
}

/** The edit that is open, and the model that writes it; none where a block of the chat is applied. */
interface Open {
  readonly edit: Edit;
  readonly asked?: AskedEdit;
}

/** @param showConversation brings the chat up with this conversation */
export function createEdits(services: () => Services, showConversation: (id: string) => Promise<void>): Edits {
  const decorations = createDecorations();
  const lensesChanged = new vscode.EventEmitter<void>();
  const originalChanged = new vscode.EventEmitter<vscode.Uri>();
  const subscriptions: vscode.Disposable[] = [decorations, lensesChanged, originalChanged];
  let open: Open | undefined;
  /** The editor in which the user worked last: the panel has the focus when its buttons are pressed. */
  let lastEditor = vscode.window.activeTextEditor;

  const show = () => {
    const edit = open?.edit;
    for (const editor of vscode.window.visibleTextEditors) decorations.paint(edit, editor);
    lensesChanged.fire();
    const setContext = (name: string, value: boolean) =>
      void vscode.commands.executeCommand('setContext', `patchbay.${name}`, value);
    setContext('editActive', (edit?.hunks.length ?? 0) > 0 || edit?.streaming === true);
    setContext('editStreaming', edit?.streaming === true);
    setContext('editAsked', open?.asked !== undefined);
  };
  const begin = (editor: vscode.TextEditor, range: vscode.Range, source: LineSource, asked?: AskedEdit) => {
    if (open) {
      void vscode.window.showInformationMessage(
        l10n.t('Decide over the edit that is open first: accept or reject its changes.'),
      );
      return;
    }
    const edit = startEdit(
      {
        editor,
        range,
        onChange: show,
        onEnd: () => {
          open = undefined;
          show();
        },
        onFailure: ({ message }) => void told(message, edit, asked),
      },
      source,
    );
    open = { edit, ...(asked && { asked }) };
    originalChanged.fire(originalUri(edit));
    show();
  };
  /** Says why an edit was not written to its end, with the way on. */
  const told = async (message: string, edit: Edit, asked: AskedEdit | undefined) => {
    const again = l10n.t('Retry with Model…');
    const chat = l10n.t('Show in Chat');
    const answer = await vscode.window.showErrorMessage(message, ...(asked ? [again, chat] : []));
    if (answer === again && asked) await retry(edit, asked);
    if (answer === chat && asked) await showConversation(asked.conversationId);
  };
  const askAndBegin = (
    editor: vscode.TextEditor,
    range: vscode.Range,
    question: EditQuestion,
    choice: ModelChoice,
    earlier?: AskedEdit,
  ) => {
    const asked = askForEdit(services(), choice, question, show, earlier);
    begin(editor, range, asked.source, asked);
  };
  const retry = async (edit: Edit, asked: AskedEdit) => {
    const { document, instruction, lines } = asked.question;
    const choice = (await pickModel(services(), l10n.t('Which model is to edit?')))?.choice;
    if (!choice || document.isClosed) return;
    const followed = open?.edit === edit;
    await edit.decide('reject', 'all');
    const editor = await editorOf(document);
    const now = linesUnder(editor, edit.range);
    // What the user changed meanwhile makes another question of it.
    const same = now.text === lines.text && now.firstLine === lines.firstLine;
    // Nobody followed the lines once the edit was over: where they are not what they were, others stand there.
    if (!same && !followed) {
      return void vscode.window.showInformationMessage(
        l10n.t('These lines were changed meanwhile. Select what is to be edited, then try again.'),
      );
    }
    askAndBegin(editor, edit.range, { document, instruction, lines: now }, choice, same ? asked : undefined);
  };
  const here = (): number | undefined => {
    const editor = vscode.window.activeTextEditor;
    const edit = open?.edit;
    if (!edit || editor?.document !== edit.document) return edit?.hunks[0]?.id;
    const at = editor.document.offsetAt(editor.selection.active);
    const under = edit.hunks.find(({ start, end }) => at >= start && at <= end);
    return (under ?? edit.hunks.find(({ start }) => start >= at) ?? edit.hunks.at(-1))?.id;
  };
  const reveal = (id: number | undefined) => {
    const edit = open?.edit;
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document === edit?.document);
    const hunk = edit?.hunks.find((one) => one.id === id);
    if (!editor || !hunk) return;
    const at = editor.document.positionAt(hunk.start);
    editor.selection = new vscode.Selection(at, at);
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  };

  subscriptions.push(
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor) lastEditor = editor;
    }),
    vscode.window.onDidChangeVisibleTextEditors(show),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (lastEditor?.document === document) lastEditor = undefined;
    }),
    vscode.workspace.registerTextDocumentContentProvider(ORIGINAL_SCHEME, {
      onDidChange: originalChanged.event,
      provideTextDocumentContent: () => (open ? originalText(open.edit) : ''),
    }),
    vscode.languages.registerCodeLensProvider(
      { pattern: '**' },
      {
        onDidChangeCodeLenses: lensesChanged.event,
        provideCodeLenses: (document) => (open && document === open.edit.document ? lensesOf(open) : []),
      },
    ),
  );

  return {
    editSelection: async ({ withModel, range }) => {
      const editor = vscode.window.activeTextEditor;
      if (!editor) return void vscode.window.showInformationMessage(l10n.t('Open a file and select some code first.'));
      const under = range ?? editor.selection;
      const lines = linesUnder(editor, under);
      const instruction = await vscode.window.showInputBox({
        title: l10n.t('Edit {0}', `${lines.file}:${lines.firstLine}–${lines.lastLine}`),
        prompt: l10n.t('What is to change?'),
        ignoreFocusOut: true,
      });
      if (!instruction?.trim()) return;
      const choice = withModel
        ? (await pickModel(services(), l10n.t('Which model is to edit?')))?.choice
        : await defaultModel(services());
      if (!choice) return;
      const { document } = editor;
      askAndBegin(editor, under, { document, instruction, lines: linesUnder(editor, under) }, choice);
    },
    useCode: async (action, code, language) => {
      if (action === 'new-file') {
        const document = await vscode.workspace.openTextDocument({
          content: code,
          ...(await languageOption(language)),
        });
        await vscode.window.showTextDocument(document);
        return;
      }
      const editor = vscode.window.activeTextEditor ?? lastEditor;
      if (!editor || editor.document.isClosed) {
        return void vscode.window.showInformationMessage(l10n.t('Open the file that this code is for first.'));
      }
      const shown = await vscode.window.showTextDocument(
        editor.document,
        editor.viewColumn ?? vscode.ViewColumn.Active,
      );
      if (action === 'insert') {
        await shown.insertSnippet(new vscode.SnippetString().appendText(code), shown.selection);
        return;
      }
      const { document } = shown;
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      const range = shown.selection.isEmpty ? document.validateRange(all) : shown.selection;
      begin(shown, range, linesOf(code, document, document.getText(wholeLines(document, range))));
    },
    decide: async (what, hunk) => {
      const id = hunk === 'here' ? here() : hunk;
      if (id === undefined) return;
      await open?.edit.decide(what, id);
      if (hunk === 'here') reveal(here());
    },
    go: (step) => {
      const ids = open?.edit.hunks.map(({ id }) => id) ?? [];
      const now = here();
      const index = now === undefined ? 0 : ids.indexOf(now);
      reveal(ids[(index + step + ids.length) % ids.length]);
    },
    compare: async () => {
      const edit = open?.edit;
      if (!edit) return;
      await vscode.commands.executeCommand(
        'vscode.diff',
        originalUri(edit),
        edit.document.uri,
        l10n.t('Before the edit ↔ now'),
      );
    },
    stop: () => open?.edit.stop(),
    retry: async () => {
      if (open?.asked) await retry(open.edit, open.asked);
    },
    showAnswer: async () => {
      if (open?.asked) await showConversation(open.asked.conversationId);
    },
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function lensesOf({ edit, asked }: Open): vscode.CodeLens[] {
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

async function editorOf(document: vscode.TextDocument): Promise<vscode.TextEditor> {
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  return shown ?? vscode.window.showTextDocument(document);
}

function originalUri({ document }: Edit): vscode.Uri {
  return vscode.Uri.from({ scheme: ORIGINAL_SCHEME, path: document.uri.path });
}

/** The document as it would be with every change rejected. */
function originalText({ document, hunks }: Edit): string {
  const text = document.getText();
  let from = 0;
  let out = '';
  for (const { start, end, removed } of hunks) {
    out += text.slice(from, start) + removed;
    from = end;
  }
  return out + text.slice(from);
}

/** The language of a fence, where the editor knows it by that name. */
async function languageOption(language: string): Promise<{ readonly language?: string }> {
  const known = await vscode.languages.getLanguages();
  const aliases: Readonly<Record<string, string>> = {
    ts: 'typescript',
    js: 'javascript',
    py: 'python',
    sh: 'shellscript',
    md: 'markdown',
  };
  const id = aliases[language] ?? language;
  return known.includes(id) ? { language: id } : {};
}
