import { Lexer, type MarkedOptions, type Token, type TokenizerExtension } from 'marked';

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

/**
 * Markdown (GFM, math kept verbatim) to block tokens. Never throws: text that the lexer gives up on comes back as one
 * paragraph of plain text. `src` must have `\n` line ends.
 */
export function lex(src: string): Token[] {
  try {
    return Lexer.lex(src, OPTIONS);
  } catch {
    return [{ type: 'paragraph', raw: src, text: src, tokens: [{ type: 'text', raw: src, text: src }] }];
  }
}
