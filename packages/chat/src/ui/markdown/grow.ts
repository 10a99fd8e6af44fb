import type { Token, Tokens } from 'marked';
import { lex } from './lexer.ts';

/**
 * Lexes a source whose first block is still growing without looking at the block's beginning again: a fence that is
 * open, the earlier items of a list, the earlier rows of a table.
 */
export interface Grower {
  /** Tokens of the whole source, or undefined where the shortcut does not hold and the source has to be lexed in full. */
  lex(source: string): Token[] | undefined;
  /** False once enough of the block has settled that a new grower would save more. */
  serves(token: Token): boolean;
}

/**
 * @param token first block of `source`, as it was lexed last
 * @param before the grower in use until now, kept while it serves
 */
export function growerFor(token: Token, source: string, before: Grower | undefined): Grower | undefined {
  if (before?.serves(token)) return before;
  switch (token.type) {
    case 'code':
      return growFence(token as Tokens.Code, source);
    case 'list':
      return growList(token as Tokens.List, source);
    case 'table':
      return growTable(token as Tokens.Table, source);
    default:
      return undefined;
  }
}

const OPEN_FENCE = /^(`{3,}|~{3,})[^\n]*\n/;

/** An unindented fence that has not been closed: only new lines are looked at, for the closing fence. */
function growFence(token: Tokens.Code, source: string): Grower | undefined {
  const opening = OPEN_FENCE.exec(source);
  if (opening === null || token.codeBlockStyle === 'indented') return undefined;
  const [header, fence = ''] = opening;
  const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},} *$`, 'm');
  let clean = header.length;
  const closed = (src: string) => {
    if (closing.test(src.slice(clean))) return true;
    clean = Math.max(header.length, src.lastIndexOf('\n') + 1);
    return false;
  };
  if (closed(source)) return undefined;
  return {
    lex: (src) => (closed(src) ? undefined : [{ ...token, raw: src, text: openFenceText(src.slice(header.length)) }]),
    serves: (now) => now.type === 'code',
  };
}

/** The text marked gives an unclosed fence: without the last line end, unless blank lines come before it. */
function openFenceText(body: string): string {
  if (!body.endsWith('\n')) return body;
  const text = body.slice(0, -1);
  return text === '' || text.endsWith('\n') ? body : text;
}

/** Items before these may gain nothing any more: the last one grows, the one before may turn out to be loose. */
const OPEN_ITEMS = 2;
/** A shortcut pays from this many settled items on, and is taken anew after as many more. */
const STEP = 4;

function growList(token: Tokens.List, source: string): Grower | undefined {
  const frozen = token.items.slice(0, -OPEN_ITEMS);
  if (frozen.length < STEP) return undefined;
  const prefix = frozen.map((item) => item.raw).join('');
  if (!source.startsWith(prefix)) return undefined;
  const marker = markerOf(token.raw);
  return {
    lex: (src) => {
      const [first, ...rest] = lex(src.slice(prefix.length));
      if (first?.type !== 'list' || markerOf(first.raw) !== marker) return undefined;
      const tail = first as Tokens.List;
      if (tail.loose && !token.loose) return undefined;
      if (token.loose && !tail.loose && !loosen(tail)) return undefined;
      return [
        { ...tail, raw: prefix + tail.raw, start: token.start, loose: token.loose, items: [...frozen, ...tail.items] },
        ...rest,
      ];
    },
    serves: (now) =>
      now.type === 'list' &&
      (now as Tokens.List).loose === token.loose &&
      (now as Tokens.List).items.length - frozen.length - OPEN_ITEMS < STEP,
  };
}

/** The bullet, or the delimiter of an ordered list: a change of it begins another list. */
function markerOf(raw: string): string | undefined {
  const found = /^ {0,3}(?:([*+-])|\d{1,9}([.)]))/.exec(raw);
  return found?.[1] ?? found?.[2];
}

/** What marked does to the items of a loose list; false where it does more than that (task boxes move). */
function loosen(list: Tokens.List): boolean {
  if (list.items.some((item) => item.task)) return false;
  list.loose = true;
  for (const item of list.items) {
    item.loose = true;
    for (const token of item.tokens) if (token.type === 'text') token.type = 'paragraph';
  }
  return true;
}

function growTable(token: Tokens.Table, source: string): Grower | undefined {
  const frozen = token.rows.slice(0, -1);
  if (frozen.length < STEP) return undefined;
  const headEnd = afterLines(source, 0, 2);
  const rowsEnd = afterLines(source, headEnd, frozen.length);
  const head = source.slice(0, headEnd);
  const prefix = source.slice(0, rowsEnd);
  return {
    lex: (src) => {
      const [first, ...rest] = lex(head + src.slice(rowsEnd));
      if (first?.type !== 'table') return undefined;
      const tail = first as Tokens.Table;
      return [{ ...tail, raw: prefix + tail.raw.slice(headEnd), rows: [...frozen, ...tail.rows] }, ...rest];
    },
    serves: (now) => now.type === 'table' && (now as Tokens.Table).rows.length - frozen.length - 1 < STEP,
  };
}

/** Where the line begins that is `count` lines behind `from`. */
function afterLines(source: string, from: number, count: number): number {
  let at = from;
  for (let line = 0; line < count; line += 1) {
    const end = source.indexOf('\n', at);
    if (end < 0) return source.length;
    at = end + 1;
  }
  return at;
}
