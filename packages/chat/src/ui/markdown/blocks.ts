import type { Token, Tokens } from 'marked';
import { type Grower, growerFor } from './grow.ts';
import { lex } from './lexer.ts';

/** How many settled blocks share one React node: few enough to paint fast, many enough to keep reconciling short. */
const CHUNK = 6;

/** A text's blocks. `chunks` hold settled blocks and keep their identity for ever; `open` may still change. */
export interface Blocks {
  readonly chunks: readonly (readonly Token[])[];
  readonly open: readonly Token[];
}

export interface BlockLexer {
  /**
   * Takes the whole text so far. Where it extends the text before, only what is behind the last settled block is lexed;
   * otherwise it starts over.
   */
  push(text: string): Blocks;
  /**
   * The text is complete: lexes it whole once, since a link reference at its end may change its beginning. Blocks that
   * come out as they were keep their identity.
   */
  end(text: string): Blocks;
}

/** Blank lines after a settled block mean nothing any more. */
const BLANK_LINES = /(?:[ \t]*\n)+/y;

/** Lexes a growing Markdown text in time proportional to what is new. */
export function createBlockLexer(): BlockLexer {
  let chunks: (readonly Token[])[] = [];
  let settled: Token[] = [];
  let open: readonly Token[] = [];
  /** Length of the text that `chunks` and `settled` stand for, and its last characters, to notice another text. */
  let offset = 0;
  let seam = '';
  let grower: Grower | undefined;
  let ended: { text: string; blocks: Blocks } | undefined;

  const reset = () => {
    chunks = [];
    settled = [];
    open = [];
    offset = 0;
    seam = '';
    grower = undefined;
  };

  const settle = (tokens: readonly Token[]) => {
    for (const token of visible(tokens)) {
      settled.push(token);
      // A heading stays with what it heads.
      if (settled.length < CHUNK || token.type === 'heading') continue;
      chunks = [...chunks, settled];
      settled = [];
    }
  };

  const blocks = (): Blocks => ({ chunks, open: settled.length > 0 ? [...settled, ...open] : open });

  const push = (raw: string): Blocks => {
    const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
    ended = undefined;
    if (text.length < offset || text.slice(offset - seam.length, offset) !== seam) reset();
    const tail = text.slice(offset);
    const tokens = grower?.lex(tail) ?? lex(tail);
    const count = settledCount(tokens, tail);
    const done = tokens.slice(0, count);
    const length = done.reduce((sum, token) => sum + token.raw.length, 0);
    if (count > 0 && tail.startsWith(done.length === 1 ? (done[0] as Token).raw : done.map((t) => t.raw).join(''))) {
      settle(done);
      offset += length;
      BLANK_LINES.lastIndex = offset;
      offset += BLANK_LINES.exec(text)?.[0].length ?? 0;
      seam = text.slice(Math.max(0, offset - 16), offset);
      grower = undefined;
      open = tokens.slice(count);
    } else {
      open = tokens;
    }
    grower = open[0] && growerFor(open[0], text.slice(offset), grower);
    open = visible(open);
    return blocks();
  };

  return {
    push,
    end: (raw) => {
      if (ended?.text === raw) return ended.blocks;
      const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
      const before = [...chunks.flat(), ...settled, ...open];
      const whole = visible(lex(text));
      const references = whole.some((token) => token.type === 'def');
      const kept = whole.map((token, index) => (references ? token : same(before[index], token)));
      reset();
      settle(kept);
      ended = { text: raw, blocks: blocks() };
      offset = text.length;
      seam = text.slice(-16);
      return ended.blocks;
    },
  };
}

/** Blank lines are no block: where they fall depends on how the text was cut. */
const visible = (tokens: readonly Token[]) => tokens.filter((token) => token.type !== 'space');

const same = (before: Token | undefined, now: Token): Token =>
  before !== undefined &&
  before.type === now.type &&
  lineOf(before) === lineOf(now) &&
  looseness(before) === looseness(now)
    ? before
    : now;

/** A block's source; the line end behind it is counted to either block, but is part of what HTML and indented code show. */
const lineOf = (token: Token): string =>
  token.raw.replace(/\n+$/, '') + (token.type === 'html' || token.type === 'code' ? `\n\n${token.text}` : '');

const looseness = (token: Token): boolean | undefined =>
  token.type === 'list' ? (token as Tokens.List).loose : undefined;

/**
 * How many leading tokens no later text can change. A block is safe once it has closed itself, or once a later one has
 * a complete first line (until then `2` may yet become `2.` and carry on the list above). Where no blank line stands
 * between the two, the later one needs a second line: a table's header is told from a paragraph by what follows it.
 */
function settledCount(tokens: readonly Token[], source: string): number {
  let end = source.length;
  for (let index = tokens.length - 1; index >= 0; index -= 1) {
    const token = tokens[index] as Token;
    const begin = end - token.raw.length;
    if (token.type !== 'space') {
      if (closesItself(token, source, end)) return index + 1;
      const firstLine = source.indexOf('\n', begin);
      const apart = tokens[index - 1]?.type === 'space';
      if (firstLine !== -1 && (apart || source.includes('\n', firstLine + 1))) return index;
    }
    end = begin;
  }
  return 0;
}

/** Headings, rules and closed fences end with their line; the line must be over. */
function closesItself(token: Token, source: string, end: number): boolean {
  const lineOver = token.raw.endsWith('\n') || source[end] === '\n';
  if (!lineOver) return false;
  if (token.type === 'heading') return /^ {0,3}#/.test(token.raw);
  if (token.type === 'hr') return true;
  if (token.type === 'math') return CLOSED_MATH.test(token.raw);
  return token.type === 'code' && isClosedFence(token.raw);
}

const CLOSED_MATH = /^ {0,3}(?:\$\$[\s\S]*\n {0,3}\$\$|\\\[[\s\S]*\n {0,3}\\\])[ \t]*\n?$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** True for a fenced block whose closing fence has come. */
export function isClosedFence(raw: string): boolean {
  const fence = FENCE.exec(raw)?.[1];
  if (fence === undefined) return false;
  const trimmed = raw.trimEnd();
  const lastLine = trimmed.slice(trimmed.lastIndexOf('\n') + 1);
  return trimmed.includes('\n') && lastLine.trimStart().startsWith(fence) && /^ {0,3}(`+|~+) *$/.test(lastLine);
}
