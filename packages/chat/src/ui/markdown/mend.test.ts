import fc from 'fast-check';
import type { Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { lex } from './lexer.ts';
import { mendLast } from './mend.ts';

/** Inline structure in a few characters: `b` bold, `i` italic, `d` struck, `c` code, `a` link. */
function shape(tokens: readonly Tokens.Generic[] | undefined): string {
  const marks: Record<string, string> = { strong: 'b', em: 'i', del: 'd', link: 'a' };
  return (tokens ?? [])
    .map((token) => {
      if (token.type === 'codespan') return `c(${token.text})`;
      if (token.type === 'list') return token.items.map((item: Tokens.ListItem) => shape(item.tokens)).join('|');
      const mark = marks[token.type];
      if (mark) return `${mark}(${shape(token.tokens)})`;
      return token.tokens ? shape(token.tokens) : (token.raw as string);
    })
    .join('');
}
const mended = (source: string) => shape(mendLast(lex(source)));

describe('mendLast', () => {
  it.each([
    ['say **bold wor', 'say b(bold wor)'],
    ['say *it', 'say i(it)'],
    ['say __bold', 'say b(bold)'],
    ['say ~~gone', 'say d(gone)'],
    ['use `npm in', 'use c(npm in)'],
    ['**bold with `code', 'b(bold with c(code))'],
    ['**bold** then *it', 'b(bold) then i(it)'],
    ['**a *b', 'b(a i(b))'],
    ['see [the docs](https://exam', 'see the docs'],
    ['see [the do', 'see the do'],
    ['an ![image](htt', 'an image'],
    ['- one\n- two **b', 'one|two b(b)'],
    ['> quoted **b', 'quoted b(b)'],
    ['# Head **b', 'Head b(b)'],
  ])('%j becomes %j', (source, expected) => {
    expect(mended(source)).toBe(expected);
  });

  it.each([
    ['2 * 3 ** 4'],
    ['snake_case_name'],
    ['a**b'],
    ['ends with **'],
    ['whole **bold** words and [link](https://a.b)'],
    ['```js\nconst a = "**x'],
    ['an array[0] and more'],
    ['[1] a footnote mark'],
  ])('leaves %j alone', (source) => {
    const tokens = lex(source);
    expect(mendLast(tokens)).toBe(tokens);
  });

  it('never throws and never changes the tokens it was given', () => {
    const bits = fc.constantFrom(
      '**',
      '*',
      '_',
      '`',
      '~~',
      '[',
      '](',
      ')',
      '!',
      'word',
      ' ',
      '\n',
      '- ',
      '> ',
      'https://a.b',
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 30 }), (parts) => {
        const tokens = lex(parts.join(''));
        const before = JSON.stringify(tokens);
        mendLast(tokens);
        expect(JSON.stringify(tokens)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });
});
