import type { ModelChoice } from '@patchbay/chat/contract';
import * as vscode from 'vscode';
import { locationOf } from '../../common/context.ts';
import { hunkAt, hunkBeside } from '../../common/edit/edit-view.ts';
import { placeOf } from '../../common/edit/place.ts';
import type { CodeAction } from '../../common/webview-protocol.ts';
import { defaultModel, pickModel } from '../pick-model.ts';
import { wholeLines } from '../selection.ts';
import type { Services } from '../services.ts';
import { tell } from '../tell.ts';
import { type AskedEdit, askForEdit, type EditQuestion } from './ask-edit.ts';
import { type Edit, type LineSource, linesOf, linesUnder, notTaken, resumeEdit, startEdit } from './controller.ts';
import { createDecorations } from './decorations.ts';
import { lensesOf, type Open } from './lenses.ts';
import { watchUnfinished } from './unfinished.ts';

const { l10n } = vscode;
const ORIGINAL_SCHEME = 'patchbay-original';

/** The edit under way in this window, and everything that shows and decides it. One at a time. */
export interface Edits extends vscode.Disposable {
  /** Asks for an instruction and edits the selection, or the range that a lightbulb was lit for. */
  editSelection(options: { readonly withModel: boolean; readonly range?: vscode.Range }): Promise<void>;
  /** What the panel's buttons on a block of code do. */
  useCode(action: CodeAction, code: string, language: string): Promise<void>;
  decide(what: 'accept' | 'reject', hunk: number | 'all' | 'here'): Promise<void>;
  go(step: 1 | -1): Promise<void>;
  compare(): Promise<void>;
  stop(): void;
  /** Takes the changes back and asks another model, which the user picks, the very same. */
  retry(): Promise<void>;
  /** Shows the answer in the chat, with all that is known of it. */
  showAnswer(): Promise<void>;
}

/**
 * @param showConversation brings the chat up with this conversation
 * @param folder where edits are kept that wait for the user's word
 */
export function createEdits(
  services: () => Services,
  showConversation: (id: string) => Promise<void>,
  folder: vscode.Uri,
): Edits {
  const decorations = createDecorations();
  const lensesChanged = new vscode.EventEmitter<void>();
  const originalChanged = new vscode.EventEmitter<vscode.Uri>();
  const subscriptions: vscode.Disposable[] = [decorations, lensesChanged, originalChanged];
  /** What the window was told last, as JSON: it need not hear it with every line. */
  const contexts = new Map<string, string>();
  let open: Open | undefined;
  /** The editor in which the user worked last: the panel has the focus when its buttons are pressed. */
  let lastEditor = vscode.window.activeTextEditor;

  const show = () => {
    const edit = open?.edit;
    for (const editor of vscode.window.visibleTextEditors) decorations.paint(edit, editor);
    lensesChanged.fire();
    const setContext = (name: string, value: boolean | readonly string[]) => {
      const text = JSON.stringify(value);
      if (contexts.get(name) === text) return;
      contexts.set(name, text);
      void vscode.commands.executeCommand('setContext', `patchbay.${name}`, value);
    };
    setContext('editActive', (edit?.hunks.length ?? 0) > 0 || edit?.streaming === true);
    setContext('editStreaming', edit?.streaming === true);
    setContext('editAsked', open?.asked !== undefined);
    setContext('editPaths', edit ? pathsOf(edit.document.uri) : []);
  };
  /** One edit at a time: says so while one is open, and leads there. */
  const busy = (): boolean => {
    const edit = open?.edit;
    if (!edit) return false;
    const there = l10n.t('Show It');
    tell
      .info(l10n.t('An edit of {0} is open. Accept or reject its changes first.', pathOf(edit.document)), there)
      .then(async (answer) => {
        if (answer === there && open?.edit === edit) await reveal(edit, here() ?? edit.hunks[0]?.id);
      });
    return true;
  };
  /** What happens to every edit, wherever it comes from. */
  const followed = (document: vscode.TextDocument, asked?: AskedEdit) => ({
    onChange: () => {
      if (open) unfinished.keep(open.edit);
      show();
    },
    onEnd: () => {
      open = undefined;
      unfinished.forget(document);
      show();
    },
    onLost: () => void lost(document, asked),
  });
  const opened = (edit: Edit, asked?: AskedEdit) => {
    open = { edit, ...(asked && { asked }) };
    originalChanged.fire(originalUri(edit));
    show();
  };
  const begin = (editor: vscode.TextEditor, range: vscode.Range, source: LineSource, asked?: AskedEdit) => {
    if (busy()) return;
    const edit = startEdit(
      {
        ...followed(editor.document, asked),
        editor,
        range,
        onFailure: ({ message }) => void failed(message, edit, asked),
        onUnchanged: () => void unchanged(asked),
      },
      source,
    );
    opened(edit, asked);
  };
  const unfinished = watchUnfinished(folder, (document, state) => {
    if (open) return false;
    opened(resumeEdit(document, state, followed(document)));
    return true;
  });
  /** Tells something of an edit, what it cost, and where its answer is. */
  const tellOf = async (
    asked: AskedEdit | undefined,
    how: keyof Pick<typeof tell, 'info' | 'warn' | 'error'>,
    message: string,
    ...buttons: readonly string[]
  ) => {
    const chat = l10n.t('Show in Chat');
    const text = asked?.cost ? `${message} ${asked.cost}` : message;
    const answer = await tell[how](text, ...(asked ? [...buttons, chat] : []));
    if (answer === chat && asked) await showConversation(asked.conversationId);
    return answer;
  };
  const failed = async (message: string, edit: Edit, asked: AskedEdit | undefined) => {
    const again = l10n.t('Retry with Model…');
    if ((await tellOf(asked, 'error', message, again)) === again && asked) await retry(edit, asked);
  };
  const unchanged = (asked: AskedEdit | undefined) => {
    const message = asked
      ? l10n.t('{0} changed nothing in these lines.', asked.model)
      : l10n.t('Nothing to apply: these lines are the same already.');
    return tellOf(asked, 'info', message);
  };
  const lost = (document: vscode.TextDocument, asked: AskedEdit | undefined) => {
    const message = l10n.t(
      '{0} was closed or renamed before you decided over its edit, which is over: what was saved of it stays in the file.',
      pathOf(document),
    );
    return tellOf(asked, 'warn', message);
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
    if (open && open.edit !== edit && busy()) return;
    const choice = (await pickModel(services(), l10n.t('Which model is to edit?')))?.choice;
    if (!choice || document.isClosed) return;
    const followed = open?.edit === edit;
    // Only what is shown can be changed.
    const editor = await editorOf(document);
    await edit.decide('reject', 'all');
    const now = linesUnder(editor, edit.range);
    // What the user changed meanwhile makes another question of it.
    const same = now.text === lines.text && now.firstLine === lines.firstLine;
    // Nobody followed the lines once the edit was over: where they are not what they were, others stand there.
    if (!same && !followed) {
      return void tell.info(CHANGED_MEANWHILE);
    }
    askAndBegin(editor, edit.range, { document, instruction, lines: now }, choice, same ? asked : undefined);
  };
  /** Where the cursor is in the document under edit; undefined while another one has it. */
  const cursor = (): number | undefined => {
    const editor = vscode.window.activeTextEditor;
    return editor && editor.document === open?.edit.document
      ? editor.document.offsetAt(editor.selection.active)
      : undefined;
  };
  const here = (): number | undefined => {
    const at = cursor();
    return at === undefined ? undefined : hunkAt(open?.edit.hunks ?? [], at)?.id;
  };
  /** Brings the document under edit up, and the change into view. */
  const reveal = async (edit: Edit, id: number | undefined) => {
    const editor = await editorOf(edit.document);
    const hunk = edit.hunks.find((one) => one.id === id);
    if (!hunk) return;
    const at = editor.document.positionAt(hunk.start);
    editor.selection = new vscode.Selection(at, at);
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  };

  subscriptions.push(
    unfinished,
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor) lastEditor = editor;
    }),
    vscode.window.onDidChangeVisibleTextEditors(show),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (lastEditor?.document === document && document.isClosed) lastEditor = undefined;
    }),
    vscode.workspace.registerTextDocumentContentProvider(ORIGINAL_SCHEME, {
      onDidChange: originalChanged.event,
      // A comparison that was left open asks for its own document, whichever is under edit now.
      provideTextDocumentContent: ({ path }) =>
        open && originalUri(open.edit).path === path ? originalText(open.edit) : l10n.t('This edit is over.'),
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
      if (!editor) return void tell.info(l10n.t('Open a file and select some code first.'));
      const { document } = editor;
      if (busy()) return;
      // Before anything is asked, and paid for.
      if (vscode.workspace.fs.isWritableFileSystem(document.uri.scheme) === false) {
        return void tell.warn(notTaken(document).message);
      }
      const under = range ?? editor.selection;
      const before = linesUnder(editor, under);
      const instruction = await vscode.window.showInputBox({
        title: l10n.t('Edit {0}', locationOf(before)),
        prompt: l10n.t('What is to change?'),
        ignoreFocusOut: true,
      });
      if (!instruction?.trim()) return;
      const choice = withModel
        ? (await pickModel(services(), l10n.t('Which model is to edit?')))?.choice
        : await defaultModel(services());
      if (!choice || busy()) return;
      // The boxes stay open while the user looks elsewhere.
      if (document.isClosed) return void tell.info(CHANGED_MEANWHILE);
      const shown = await editorOf(document);
      const lines = linesUnder(shown, document.validateRange(under));
      if (lines.text !== before.text) return void tell.info(CHANGED_MEANWHILE);
      askAndBegin(shown, under, { document, instruction, lines }, choice);
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
        return void tell.info(l10n.t('Open the file that this code is for first.'));
      }
      if (action === 'apply' && busy()) return;
      const shown = await vscode.window.showTextDocument(
        editor.document,
        editor.viewColumn ?? vscode.ViewColumn.Active,
      );
      if (action === 'insert') {
        const { version } = shown.document;
        await shown.insertSnippet(new vscode.SnippetString().appendText(code), shown.selection);
        if (code !== '' && shown.document.version === version) void tell.warn(notTaken(shown.document).message);
        return;
      }
      const { document } = shown;
      const range = shown.selection.isEmpty ? rangeFor(code, document) : shown.selection;
      if (!range) {
        return void tell.info(
          l10n.t('Select the lines of {0} that this code is to replace, then apply it.', pathOf(document)),
        );
      }
      begin(shown, range, linesOf(code, document, document.getText(wholeLines(document, range))));
    },
    decide: async (what, hunk) => {
      const edit = open?.edit;
      if (!edit) return;
      if (hunk !== 'here') {
        // Only what is shown can be changed.
        await editorOf(edit.document);
        return edit.decide(what, hunk);
      }
      const id = here();
      // “This change” is none that the user does not see.
      if (id === undefined) return reveal(edit, edit.hunks[0]?.id);
      await edit.decide(what, id);
      if (open?.edit === edit) await reveal(edit, here());
    },
    go: async (step) => {
      const edit = open?.edit;
      if (edit) await reveal(edit, hunkBeside(edit.hunks, cursor(), step)?.id);
    },
    compare: async () => {
      const edit = open?.edit;
      if (!edit) return;
      originalChanged.fire(originalUri(edit));
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

const CHANGED_MEANWHILE = l10n.t('These lines were changed meanwhile. Select what is to be edited, then try again.');

/** A path as the editor may compare it with `resourcePath`, which has the form of the machine that shows the window. */
function pathsOf({ fsPath, path }: vscode.Uri): string[] {
  return [...new Set([fsPath, path, path.replaceAll('/', '\\')])];
}

/** The lines that a block of code is a new version of; undefined where that cannot be told. */
function rangeFor(code: string, document: vscode.TextDocument): vscode.Range | undefined {
  const place = placeOf(document.getText().split(/\r?\n/), code.replace(/\r?\n$/, '').split(/\r?\n/));
  return place && document.validateRange(new vscode.Range(place.first, 0, place.last, Number.MAX_SAFE_INTEGER));
}

function pathOf({ uri }: vscode.TextDocument): string {
  return vscode.workspace.asRelativePath(uri);
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
