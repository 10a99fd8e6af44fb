/** Line endings as VS Code has them: one per document. */
export type Eol = '\n' | '\r\n';

/**
 * Lines with their endings, so that joining them gives the text back; the last one may have none. '' has no lines.
 * @param most no more than the first so many. Default: all
 */
export function splitLines(text: string, most: number = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = [];
  let from = 0;
  for (let at = text.indexOf('\n'); at >= 0 && lines.length < most; at = text.indexOf('\n', from)) {
    lines.push(text.slice(from, at + 1));
    from = at + 1;
  }
  if (from < text.length && lines.length < most) lines.push(text.slice(from));
  return lines;
}

/** The text with every line ending in the document's own form, as VS Code would store it. */
export function withEol(text: string, eol: Eol): string {
  return text.replace(/\r\n|\r|\n/g, eol);
}

/** Ends in a line ending. */
export function endsLine(text: string): boolean {
  return text.endsWith('\n');
}
