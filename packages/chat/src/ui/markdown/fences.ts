/** A stretch of plain text, or the inside of a fenced block of code. */
export interface FencedPiece {
  readonly code: boolean;
  readonly text: string;
}

/**
 * What a user wrote, cut at its fenced blocks; a question is no Markdown otherwise. A fence is a line of three or more
 * backticks, closed by one of at least as many; a fence that nothing closes is text. Blank lines beside a block go.
 */
export function cutFences(text: string): readonly FencedPiece[] {
  if (!text.includes('```')) return [{ code: false, text }];
  const pieces: FencedPiece[] = [];
  const lines = text.split('\n');
  let plain: string[] = [];
  const flush = () => {
    const words = plain.join('\n').replace(/^(?:[ \t]*\n)+|\s+$/g, '');
    if (words !== '') pieces.push({ code: false, text: words });
    plain = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^(`{3,})[^`]*$/.exec(lines[at] ?? '')?.[1];
    const closes = (line: string) => /^(`{3,})\s*$/.exec(line)?.[1];
    const end = fence
      ? lines.findIndex((line, index) => index > at && (closes(line)?.length ?? 0) >= fence.length)
      : -1;
    if (end < 0) {
      plain.push(lines[at] ?? '');
      continue;
    }
    flush();
    pieces.push({ code: true, text: lines.slice(at + 1, end).join('\n') });
    at = end;
  }
  flush();
  return pieces;
}
