import { Lexer, type MarkedOptions, type Token, type TokenizerExtension, type Tokens, type TokensList } from 'marked';

/** A formula, kept as the model wrote it: delimiters, backslashes and underscores included. */
export interface MathToken {
  readonly type: 'math';
  readonly raw: string;
  readonly text: string;
  readonly block: boolean;
}

/** Ends at its closing line or at a blank line: TeX forbids one inside, and so no block depends on what comes later. */
const BLOCK_MATH =
  /^ {0,3}(?:\$\$[ \t]*(?:\n|$)(?:(?! {0,3}\$\$)[^\n]*\S[^\n]*(?:\n|$))*(?: {0,3}\$\$[ \t]*(?:\n|$))?|\\\[[ \t]*(?:\n|$)(?:(?! {0,3}\\\])[^\n]*\S[^\n]*(?:\n|$))*(?: {0,3}\\\][ \t]*(?:\n|$))?)/;
/** `$x$` as in Pandoc: no space inside the dollars and no digit behind them, so that prices stay prices. */
const INLINE_MATH =
  /^(?:\$\$[^$]+?\$\$|\\\([^\n]+?\\\)|\\\[[\s\S]+?\\\]|\$(?=[^\s$])(?:[^$\n\\]|\\.)*?(?<!\s)\$(?![\d$]))/;
const INLINE_MATH_START = /\$|\\[([]/;

const math = (raw: string, block: boolean): MathToken => ({ type: 'math', raw, text: raw.trim(), block });

const blockMath: TokenizerExtension['tokenizer'] = (src) => {
  const found = BLOCK_MATH.exec(src);
  return found ? { ...math(found[0], true) } : undefined;
};

const inlineMath: TokenizerExtension['tokenizer'] = (src) => {
  const first = src.charCodeAt(0);
  if (first !== 36 && first !== 92) return undefined;
  const found = INLINE_MATH.exec(src);
  return found ? { ...math(found[0], false) } : undefined;
};

const OPTIONS: MarkedOptions = {
  gfm: true,
  extensions: {
    renderers: {},
    childTokens: {},
    block: [blockMath],
    inline: [inlineMath],
    startInline: [
      (src: string) => {
        const at = src.search(INLINE_MATH_START);
        return at < 0 ? undefined : at;
      },
    ],
  },
};

/** Blocks in blocks, and spans in spans: deeper ones stay text. Nobody nests so deep, and a page has to lay it out. */
const MOST_DEPTH = 24;
/** Longer than any paragraph: what has no end of line for so long stays text, since looking for spans takes ever longer. */
const MOST_INLINE = 10_000;
/** Marks of emphasis in one paragraph; matching them costs their square. */
const MOST_MARKS = 1_500;

/** marked's lexer, bounded: a model's answer must not keep the panel busy, whatever it holds. */
class BoundedLexer extends Lexer {
  #blocks = 0;
  #spans = 0;

  override blockTokens(src: string, tokens?: Token[], lastParagraphClipped?: boolean): Token[];
  override blockTokens(src: string, tokens?: TokensList, lastParagraphClipped?: boolean): TokensList;
  override blockTokens(src: string, tokens: Token[] = [], lastParagraphClipped = false): Token[] {
    if (this.#blocks > MOST_DEPTH) {
      // As marked leaves it behind every run of blocks.
      this.state.top = true;
      if (src.trim() !== '') tokens.push({ type: 'paragraph', raw: src, text: src, tokens: [plain(src)] });
      return tokens;
    }
    this.#blocks += 1;
    try {
      return super.blockTokens(src, tokens, lastParagraphClipped);
    } finally {
      this.#blocks -= 1;
    }
  }

  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    if (this.#spans > MOST_DEPTH || (this.#spans === 0 && isTooMuch(src))) {
      tokens.push(plain(src));
      return tokens;
    }
    this.#spans += 1;
    try {
      return super.inlineTokens(src, tokens);
    } finally {
      this.#spans -= 1;
    }
  }
}

function isTooMuch(src: string): boolean {
  if (src.length > MOST_INLINE) return true;
  let marks = 0;
  for (let at = 0; at < src.length; at += 1) {
    const code = src.charCodeAt(at);
    // `*`, `_` and `~`.
    if (code === 42 || code === 95 || code === 126) marks += 1;
  }
  return marks > MOST_MARKS;
}

const plain = (text: string): Tokens.Text => ({ type: 'text', raw: text, text });

/**
 * Markdown (GFM, math kept verbatim) to block tokens. Never throws: text that the lexer gives up on comes back as one
 * paragraph of plain text. `src` must have `\n` line ends.
 */
export function lex(src: string): Token[] {
  try {
    return new BoundedLexer(OPTIONS).lex(src);
  } catch {
    return [{ type: 'paragraph', raw: src, text: src, tokens: [plain(src)] }];
  }
}
