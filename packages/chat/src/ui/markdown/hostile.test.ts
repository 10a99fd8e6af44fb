import type { Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { createBlockLexer } from './blocks.ts';
import { lex } from './lexer.ts';
import { mendLast } from './mend.ts';
import { paint } from './paint.ts';

/**
 * What a hostile or broken model may send. Without bounds most of these take minutes to lex or nest thousands deep: then
 * this runs into its time limit.
 */
const PIECES = [
  ...['>', '> ', '- ', '1. ', '- [ ] ', '# ', '    a\n', '~~~', '```', '```\n', '| a ', '|-', '=', '- a\n  '],
  ...['*', '*a ', '**a', '_a*', '*a_ ', '~~a ', '`', '`a``', '\\', '[', '![', '[a](', '[a](<', '[](', '[a][b]', '[ ]'],
  ...['<', '<a ', '<a a="', '<!--', '<![CDATA[', '<http://', '$', '$a ', '$$ a ', '$$a\n', '\\(', '\\[a ', '$a\\'],
  ...['http://a.', 'www.', 'a@', 'a.', ')', '?!', 'mailto:', 'word ', ' ', '\t', '\n', 'a\n', 'a\\\n', 'a  \n', '\r'],
  ...['[a]: b\n', '&', '&a', '<div>', '<b>', 'a<br>', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', '\u202e', '\u0301', '😀'],
];
const ENDS = ['', 'x', ' ]', '](', '@a.b', '"'];

/** How deep tokens stand in tokens. */
function depthOf(tokens: readonly Token[]): number {
  let depth = 0;
  let level: readonly Token[] = tokens;
  while (level.length > 0) {
    depth += 1;
    level = level.flatMap((token) => [
      ...('tokens' in token ? (token.tokens ?? []) : []),
      ...('items' in token ? (token.items as Token[]) : []),
    ]);
  }
  return depth;
}

describe('a text of nothing but one piece', () => {
  it.each(PIECES)('%j is read to its end, nests no deeper than a page can bear, and loses nothing', (piece) => {
    for (const end of ENDS) {
      const text = piece.repeat(10_000) + end;
      const tokens = lex(text.replaceAll('\r', '\n'));
      expect(
        tokens
          .map((token) => token.raw)
          .join('')
          .trimEnd(),
      ).toBe(text.replaceAll('\r', '\n').trimEnd());
      expect(depthOf(tokens)).toBeLessThan(120);
      expect(depthOf(mendLast(tokens))).toBeLessThan(120);
    }
  });

  it.each(PIECES)('%j may come bit by bit', (piece) => {
    const lexer = createBlockLexer();
    const text = piece.repeat(3_000);
    for (let step = 1; step <= 8; step += 1) {
      const { open } = lexer.push(text.slice(0, Math.floor((step * text.length) / 8)));
      expect(depthOf(mendLast(open))).toBeLessThan(120);
    }
    expect(depthOf(lexer.end(text).open)).toBeLessThan(120);
  });

  it.each(PIECES)('%j is coloured as code', (piece) => {
    const code = piece.repeat(5_000);
    for (const language of ['js', 'python', 'sql', 'html', 'made-up']) {
      for (const { start, end } of paint(code, language)) expect(end).toBeGreaterThan(start);
    }
  });
});

it('takes a megabyte on one line as the text that it is', () => {
  const text = 'so *many* words '.repeat(65_536);
  const [paragraph, ...others] = lex(text);
  expect(others).toEqual([]);
  expect(paragraph?.type === 'paragraph' && paragraph.tokens).toEqual([{ type: 'text', raw: text, text }]);
});

it('still reads what people nest', () => {
  const text = Array.from({ length: 10 }, (_, level) => `${'  '.repeat(level)}- level **${level}**`).join('\n');
  expect(depthOf(lex(text))).toBeGreaterThan(20);
  expect(JSON.stringify(lex(text))).toContain('"type":"strong","raw":"**9**"');
});
