import fc from 'fast-check';
import type { Token, Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { type Blocks, createBlockLexer, isClosedFence } from './blocks.ts';
import { lex } from './lexer.ts';

/** Tokens without what nobody sees: blank lines, and line ends that marked counts to one block or the other. */
const visible = (tokens: readonly Token[]): unknown[] =>
  tokens.filter((token) => token.type !== 'space').map((token) => ({ ...token, raw: token.raw.trimEnd() }));
const all = (blocks: Blocks) => [...blocks.chunks.flat(), ...blocks.open];

const line = fc.constantFrom(
  'Plain words here.',
  '**bold** and `code` and *em*',
  '- item',
  '- [ ] task',
  '- [x] done',
  '  - nested',
  '    continued',
  '* star',
  '1. one',
  '2. two',
  '10) ten',
  '2',
  '-',
  '# Heading',
  '### Third #',
  'setext',
  '===',
  '---',
  '***',
  '> quote',
  '> - quoted item',
  '> ```',
  '```',
  '```ts',
  '````',
  '~~~',
  '   ```',
  'const x = 1;',
  '| a | b |',
  '|---|---|',
  '| 1 | 2 |',
  '| 3',
  '<div>',
  '</div>',
  '<!-- note',
  '-->',
  '    indented',
  '\ttab',
  '$$',
  'x^2 + y_1',
  '\\[',
  '\\]',
  '',
  '',
  '  ',
);
const markdown = fc.array(line, { maxLength: 40, size: 'max' }).map((lines) => lines.join('\n'));
const longBlocks = fc.oneof(
  fc.array(fc.constantFrom('- a', '- b **c**', '', '  more', '- [ ] t', '-'), { minLength: 10, maxLength: 60 }),
  fc.array(fc.constantFrom('1. a', '2. b', '3) c', '', '   more', '   - in'), { minLength: 10, maxLength: 60 }),
  fc
    .array(fc.constantFrom('| 1 | 2 |', '| `x` |', '|', 'text'), { minLength: 8, maxLength: 40 })
    .map((rows) => ['| a | b |', '|---|:-:|', ...rows]),
  fc
    .array(fc.constantFrom('code', '', '  in', '``', '```', '```` ', '~~~'), { minLength: 4, maxLength: 40 })
    .map((rows) => ['```js', ...rows]),
);
const long = fc.array(longBlocks, { minLength: 1, maxLength: 3 }).map((blocks) => blocks.flat().join('\n'));

/** Grows `text` in steps of the given sizes, over and over. */
function grow(text: string, steps: readonly number[], each: (prefix: string, blocks: Blocks) => void): void {
  const lexer = createBlockLexer();
  let length = 0;
  for (let index = 0; length < text.length; index += 1) {
    length = Math.min(text.length, length + (steps[index % steps.length] ?? 1));
    const prefix = text.slice(0, length);
    each(prefix, lexer.push(prefix));
  }
}

describe('createBlockLexer', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });

  it.each([
    ['any mix of lines', markdown],
    ['long lists, tables and fences', long],
  ])('has, at every step, the blocks of lexing the whole text so far: %s', (_name, texts) => {
    fc.assert(
      fc.property(texts, steps, (text, sizes) => {
        grow(text, sizes, (prefix, blocks) => {
          expect(visible(all(blocks))).toEqual(visible(lex(prefix)));
        });
      }),
      { numRuns: 500 },
    );
  });

  it('never changes a settled block', () => {
    fc.assert(
      fc.property(fc.oneof(markdown, long), steps, (text, sizes) => {
        const chunks: (readonly Token[])[] = [];
        const frozen: string[] = [];
        grow(text, sizes, (_prefix, blocks) => {
          blocks.chunks.forEach((chunk, index) => {
            chunks[index] ??= chunk;
            frozen[index] ??= JSON.stringify(chunk);
            expect(chunk).toBe(chunks[index]);
          });
        });
        chunks.forEach((chunk, index) => {
          expect(JSON.stringify(chunk)).toBe(frozen[index]);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('ends with the blocks of lexing the whole text, link references included', () => {
    const reference = fc.constantFrom('[ref]', '[ref]: https://example.com "t"', 'see [ref][ref]');
    fc.assert(
      fc.property(fc.array(fc.oneof(line, reference), { maxLength: 40 }), steps, (lines, sizes) => {
        const text = lines.join('\n');
        const lexer = createBlockLexer();
        for (let length = 0; length < text.length; length += sizes[0] ?? 1) lexer.push(text.slice(0, length));
        expect(visible(all(lexer.end(text)))).toEqual(visible(lex(text)));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the identity of unchanged blocks when the text ends', () => {
    const text = '# One\n\nTwo\n\n- a\n- b\n\n```js\nx\n```\n\nlast';
    const lexer = createBlockLexer();
    const before = all(lexer.push(text)).filter((token) => token.type !== 'space');
    const after = all(lexer.end(text)).filter((token) => token.type !== 'space');
    expect(after).toHaveLength(before.length);
    after.forEach((token, index) => {
      expect(token).toBe(before[index]);
    });
    expect(lexer.end(text)).toBe(lexer.end(text));
  });

  it('takes the line end that an HTML block ended with', () => {
    const lexer = createBlockLexer();
    lexer.push('<div>');
    expect(visible(all(lexer.end('<div>\n')))).toEqual(visible(lex('<div>\n')));
  });

  it('starts over when the text is another one', () => {
    const lexer = createBlockLexer();
    lexer.push('# One\n\nTwo\n\nThree\n\nFour');
    expect(visible(all(lexer.push('Other')))).toEqual(visible(lex('Other')));
    expect(visible(all(lexer.push('Other words\n\nentirely, and longer than before')))).toEqual(
      visible(lex('Other words\n\nentirely, and longer than before')),
    );
  });

  it('reads Windows line ends', () => {
    const text = 'a\r\n\r\n- b\r\n- c\r\n\r\nd';
    expect(visible(all(createBlockLexer().push(text)))).toEqual(visible(lex(text.replaceAll('\r\n', '\n'))));
  });

  it('lexes little besides what is new, however long the block that grows', () => {
    const items = Array.from({ length: 300 }, (_, n) => `- item ${n} with **bold** words`).join('\n');
    const lexer = createBlockLexer();
    const lists = new Set<unknown>();
    for (let length = 0; length < items.length; length += 40) {
      const list = lexer.push(items.slice(0, length)).open[0] as Tokens.List | undefined;
      for (const item of list?.items ?? []) lists.add(item);
    }
    // Lexing the whole list each time would make 300 items anew at each of some 200 steps.
    expect(lists.size).toBeLessThan(3000);
  });
});

describe('isClosedFence', () => {
  it.each([
    ['```\na\n```', true],
    ['```\na\n````', true],
    ['````\na\n```', false],
    ['```\na\n~~~', false],
    ['```', false],
    ['```\n```', true],
    ['    indented', false],
  ])('%j: %s', (raw, closed) => {
    expect(isClosedFence(raw)).toBe(closed);
  });
});
