import * as vscode from 'vscode';
import type { Problem, SelectionSnapshot } from '../common/context.ts';

export interface SnapshotOptions {
  readonly surroundingLines: number;
  readonly problems: boolean;
}

/** What is selected now, or the range that a lightbulb was lit for; the whole lines of an empty selection. */
export function snapshotOf(
  editor: vscode.TextEditor,
  options: SnapshotOptions,
  range: vscode.Range = editor.selection,
): SelectionSnapshot {
  const { document } = editor;
  const selected = range.isEmpty ? document.lineAt(range.start.line).range : range;
  const lines = wholeLines(document, selected);
  const above = Math.max(0, lines.start.line - options.surroundingLines);
  const below = Math.min(document.lineCount - 1, lastLineOf(lines) + options.surroundingLines);
  const textBetween = (from: vscode.Position, to: vscode.Position) => document.getText(new vscode.Range(from, to));
  return {
    file: vscode.workspace.asRelativePath(document.uri),
    language: document.languageId,
    firstLine: selected.start.line + 1,
    lastLine: lastLineOf(selected) + 1,
    text: document.getText(selected),
    above: options.surroundingLines > 0 ? textBetween(new vscode.Position(above, 0), lines.start) : '',
    below:
      options.surroundingLines > 0 ? textBetween(lines.end, document.lineAt(below).rangeIncludingLineBreak.end) : '',
    problems: options.problems ? problemsIn(document, lines) : [],
  };
}

/** The lines that a range touches, endings included; a range that ends before a line's first character leaves it out. */
export function wholeLines(document: vscode.TextDocument, range: vscode.Range): vscode.Range {
  const last = document.lineAt(lastLineOf(range));
  return new vscode.Range(
    range.start.line,
    0,
    last.rangeIncludingLineBreak.end.line,
    last.rangeIncludingLineBreak.end.character,
  );
}

function lastLineOf(range: vscode.Range): number {
  return range.end.character === 0 && range.end.line > range.start.line ? range.end.line - 1 : range.end.line;
}

function problemsIn(document: vscode.TextDocument, range: vscode.Range): Problem[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter((one) => one.range.intersection(range) !== undefined)
    .map((one) => ({
      line: one.range.start.line + 1,
      severity: severityOf(one.severity),
      message: one.message,
      ...(one.source !== undefined && { source: one.source }),
    }));
}

function severityOf(severity: vscode.DiagnosticSeverity): Problem['severity'] {
  if (severity === vscode.DiagnosticSeverity.Error) return 'error';
  return severity === vscode.DiagnosticSeverity.Warning ? 'warning' : 'info';
}
