import { fenceFor } from './edit/answer-code.ts';
import { estimateTokens, formatTokens } from './tokens.ts';

/** A problem that the editor reports. Lines from 1. */
export interface Problem {
  readonly line: number;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly source?: string;
}

/** What the editor had selected when a command was given. */
export interface SelectionSnapshot {
  /** Path as the user knows it: relative to the workspace, with its folder's name where there are several. */
  readonly file: string;
  /** VS Code's language id, such as `typescript`. */
  readonly language: string;
  /** Lines from 1, both included. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly text: string;
  /** Lines above and below, as asked for; '' for none. */
  readonly above: string;
  readonly below: string;
  readonly problems: readonly Problem[];
}

export type ContextKind = 'selection' | 'surroundings' | 'problems' | 'attachment';

/** One thing that can go along with a prompt, with what it costs. */
export interface ContextItem {
  readonly kind: ContextKind;
  /** Such as `src/a.ts:3–10`. */
  readonly label: string;
  readonly tokens: number;
  /** Markdown, as it is sent. */
  readonly text: string;
}

/** `src/a.ts:3` or `src/a.ts:3–10`. */
export function locationOf({ file, firstLine, lastLine }: SelectionSnapshot): string {
  return `${file}:${rangeOf(firstLine, lastLine)}`;
}

function rangeOf(first: number, last: number): string {
  return first === last ? String(first) : `${first}–${last}`;
}

/** What the snapshot offers, the selection first. Empty things are left out. */
export function contextItems(snapshot: SelectionSnapshot): ContextItem[] {
  const where = locationOf(snapshot);
  const items: ContextItem[] = [];
  const add = (kind: ContextKind, label: string, text: string) => {
    items.push({ kind, label, text, tokens: estimateTokens(text) });
  };
  if (snapshot.text !== '')
    add('selection', where, `${where} (${snapshot.language})\n\n${block(snapshot.text, snapshot.language)}`);
  const around: string[] = [];
  if (snapshot.above.trim() !== '')
    around.push(`Above it in ${snapshot.file}:\n\n${block(snapshot.above, snapshot.language)}`);
  if (snapshot.below.trim() !== '')
    around.push(`Below it in ${snapshot.file}:\n\n${block(snapshot.below, snapshot.language)}`);
  if (around.length > 0) {
    const lines = lineCount(snapshot.above) + lineCount(snapshot.below);
    add('surroundings', `${lines} surrounding line${lines === 1 ? '' : 's'}`, around.join('\n\n'));
  }
  if (snapshot.problems.length > 0) {
    const count = snapshot.problems.length;
    const lines = snapshot.problems.map(({ line, severity, message, source }) => {
      return `- line ${line}, ${severity}${source ? ` (${source})` : ''}: ${message.replace(/\s*\n\s*/g, ' ')}`;
    });
    add('problems', `${count} problem${count === 1 ? '' : 's'}`, `Problems reported there:\n\n${lines.join('\n')}`);
  }
  return items;
}

/** A file, or a part of one, that the user attached in VS Code's own chat. `lines` from 1, both included. */
export function attachedItem(
  { file, language }: Pick<SelectionSnapshot, 'file' | 'language'>,
  text: string,
  lines?: { readonly first: number; readonly last: number },
): ContextItem {
  const label = lines ? `${file}:${rangeOf(lines.first, lines.last)}` : file;
  const whole = `${label} (${language})\n\n${block(text, language)}`;
  return { kind: 'attachment', label, text: whole, tokens: estimateTokens(whole) };
}

/** One line that says what goes along and how large it is: `src/a.ts:3–10 · 2 problems (about 310 tokens)`. */
export function describeContext(items: readonly ContextItem[]): string {
  if (items.length === 0) return '';
  const tokens = items.reduce((sum, item) => sum + item.tokens, 0);
  return `${items.map((item) => item.label).join(' · ')} (about ${formatTokens(tokens)} tokens)`;
}

/** The message that is sent: what is asked, then what goes along. */
export function messageText(question: string, items: readonly ContextItem[]): string {
  if (items.length === 0) return question;
  return [question, `Attached: ${describeContext(items)}`, ...items.map((item) => item.text)].join('\n\n');
}

/** A fenced block whose fence nothing inside closes. */
export function block(code: string, language: string): string {
  const fence = '`'.repeat(fenceFor(code));
  return `${fence}${language}\n${code.replace(/\r?\n$/, '')}\n${fence}`;
}

function lineCount(text: string): number {
  return text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
}
