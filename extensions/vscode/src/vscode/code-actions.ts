import * as vscode from 'vscode';

/** What a lightbulb hands to a command. */
export interface CommandTarget {
  readonly range: vscode.Range;
  /** The range is that of a problem, often one word: what stands around it has to go along. */
  readonly problem?: boolean;
}

/** The target among a command's arguments; a menu hands over the file's address instead. */
export function targetOf(argument: unknown): CommandTarget | undefined {
  const { range, problem } = (argument ?? {}) as { readonly range?: unknown; readonly problem?: unknown };
  return range instanceof vscode.Range ? { range, problem: problem === true } : undefined;
}

/** The lightbulb: what Patchbay can do about a problem, or with a selection. */
export const codeActions: vscode.CodeActionProvider = {
  provideCodeActions: (document, range, { diagnostics, only }) => {
    const action = (title: string, kind: vscode.CodeActionKind, command: string, target: CommandTarget) => {
      const made = new vscode.CodeAction(title, kind);
      made.command = { title, command: `patchbay.${command}`, arguments: [target] };
      return made;
    };
    const wanted = (kind: vscode.CodeActionKind) => !only || only.contains(kind) || kind.contains(only);
    const [problem] = diagnostics;
    const actions: vscode.CodeAction[] = [];
    if (problem && wanted(vscode.CodeActionKind.QuickFix)) {
      const on = { range: diagnostics.reduce((all, one) => all.union(one.range), problem.range), problem: true };
      const fix = action(vscode.l10n.t('Fix with Patchbay'), vscode.CodeActionKind.QuickFix, 'fix', on);
      const explain = action(vscode.l10n.t('Explain with Patchbay'), vscode.CodeActionKind.QuickFix, 'explain', on);
      fix.diagnostics = [...diagnostics];
      explain.diagnostics = [...diagnostics];
      actions.push(fix, explain);
    }
    if (!range.isEmpty && wanted(vscode.CodeActionKind.RefactorRewrite) && document.uri.scheme !== 'output') {
      const { RefactorRewrite } = vscode.CodeActionKind;
      actions.push(action(vscode.l10n.t('Edit with Patchbay…'), RefactorRewrite, 'editSelection', { range }));
      actions.push(action(vscode.l10n.t('Refactor with Patchbay'), RefactorRewrite, 'refactor', { range }));
    }
    return actions;
  },
};

/** The kinds that `codeActions` gives. */
export const CODE_ACTION_KINDS = [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.RefactorRewrite];
