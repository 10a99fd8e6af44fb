import type { Token, Tokens } from 'marked';

/**
 * While a text still grows, its last words may open a span that nothing closes yet: `**bo`, `` `co ``, `[label](htt`.
 * Shows that span as if it were closed, so that markers do not flash up and vanish. Works on tokens, touches nothing but
 * the path to the last one, and returns the tokens themselves where there is nothing to mend.
 */
export function mendLast(tokens: readonly Token[]): readonly Token[] {
  let at = tokens.length - 1;
  while (at >= 0 && tokens[at]?.type === 'space') at -= 1;
  const last = tokens[at];
  if (last === undefined) return tokens;
  const mended = mendBlock(last);
  return mended === last ? tokens : tokens.map((token, index) => (index === at ? mended : token));
}

function mendBlock(token: Token): Token {
  switch (token.type) {
    case 'list': {
      const { items } = token as Tokens.List;
      const item = items.at(-1);
      const tokens = item && mendLast(item.tokens);
      return item === undefined || tokens === item.tokens
        ? token
        : ({ ...token, items: [...items.slice(0, -1), { ...item, tokens }] } as Token);
    }
    case 'blockquote': {
      const { tokens } = token as Tokens.Blockquote;
      const mended = mendLast(tokens);
      return mended === tokens ? token : ({ ...token, tokens: mended } as Token);
    }
    case 'paragraph':
    case 'heading':
    case 'text': {
      const { tokens } = token as Tokens.Paragraph;
      const mended = tokens && mendInline(tokens);
      return mended === tokens ? token : ({ ...token, tokens: mended } as Token);
    }
    default:
      return token;
  }
}

/** `**`, `__`, `*`, `_`, `~~`, a run of backticks, or `[`, opening a span: not inside a word, and with text behind it. */
const OPENER = /(?<![\p{L}\p{N}\\*_~`])(\*\*|__|~~|\*|_|`+)(?=[^\s*_~`])|!?\[(?=[^\]]*(?:\]\([^)]*)?$)/u;
/** A text in which the lexer did not look for spans either. */
const MOST_TEXT = 10_000;
/** Spans in spans that are shown as if they were closed. */
const MOST_OPEN = 8;

function mendInline(tokens: readonly Token[], depth = 0): readonly Token[] {
  if (depth === MOST_OPEN) return tokens;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] as Token;
    if (token.type !== 'text' || token.tokens !== undefined || token.raw.length > MOST_TEXT) continue;
    const found = OPENER.exec(token.text as string);
    if (found === null) continue;
    const before = text((token.text as string).slice(0, found.index));
    const inside = [text((token.text as string).slice(found.index + found[0].length)), ...tokens.slice(index + 1)];
    const span = close(found[0], inside, depth);
    if (span) return [...tokens.slice(0, index), before, ...span];
  }
  return tokens;
}

/** The tokens behind an opener as the span they are going to be. */
function close(opener: string, inside: readonly Token[], depth: number): readonly Token[] | undefined {
  if (opener.endsWith('[')) return label(inside);
  const raw = inside.map((token) => token.raw).join('');
  if (opener[0] === '`') return [{ type: 'codespan', raw, text: raw }];
  const type = opener === '~~' ? 'del' : opener.length === 2 ? 'strong' : 'em';
  return [{ type, raw, text: raw, tokens: [...mendInline(inside, depth + 1)] }];
}

/** `label](https://exam`, maybe lexed as text and a bare link: its label alone, until the link is whole. */
function label(inside: readonly Token[]): readonly Token[] | undefined {
  const kept: Token[] = [];
  for (const token of inside) {
    const words = token.type === 'text' ? (token as Tokens.Text).text : '';
    const end = words.indexOf('](');
    if (end >= 0) return [...kept, text(words.slice(0, end))];
    kept.push(token);
  }
  return kept;
}

const text = (value: string): Tokens.Text => ({ type: 'text', raw: value, text: value });
