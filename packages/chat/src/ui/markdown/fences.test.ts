import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutFences } from './fences.ts';

const text = (words: string) => ({ code: false, text: words });
const code = (words: string) => ({ code: true, text: words });

describe('cutFences', () => {
  it.each([
    ['nothing special', [text('nothing special')]],
    ['', [text('')]],
    ['Why?\n\n```js\na\n\nb\n```', [text('Why?'), code('a\n\nb')]],
    ['````md\n```js\nx\n```\n````\n\nAnd so on', [code('```js\nx\n```'), text('And so on')]],
    ['```js\nnever closed', [text('```js\nnever closed')]],
    ['a\n```\n```\nb', [text('a'), code(''), text('b')]],
    ['one ``` in a line', [text('one ``` in a line')]],
    ['  indented stays\n```\nx\n```', [text('  indented stays'), code('x')]],
  ])('%j', (given, pieces) => {
    expect(cutFences(given)).toEqual(pieces);
  });

  it('loses no word', () => {
    const line = fc.constantFrom('```', '````', '```ts', 'word', '', ' x');
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const words = (all: string) => all.match(/word|x/g)?.length ?? 0;
        const given = lines.join('\n');
        expect(
          words(
            cutFences(given)
              .map((piece) => piece.text)
              .join('\n'),
          ),
        ).toBe(words(given));
      }),
    );
  });
});
