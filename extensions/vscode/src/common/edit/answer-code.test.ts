import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnswerCode, fenceFor } from './answer-code.ts';

const read = (answer: string, chunk = answer.length || 1, options = {}) => {
  const code = createAnswerCode({ eol: '\n', finalEnding: true, fence: 3, ...options });
  const lines: string[] = [];
  for (let at = 0; at < answer.length; at += chunk) lines.push(...code.push(answer.slice(at, at + chunk)));
  return [...lines, ...code.end()].join('');
};

describe('createAnswerCode', () => {
  it.each([
    ['a block', '```ts\nconst a = 1;\n```', 'const a = 1;\n'],
    ['talk around it', 'Sure!\n\n```\na\n\nb\n```\nHope that helps.', 'a\n\nb\n'],
    ['only the first block', '```\na\n```\nor\n```\nb\n```', 'a\n'],
    ['a block that was cut', '```ts\na\nb', 'a\nb\n'],
    ['no fence at all', 'a\n  b', 'a\n  b\n'],
    ['an empty block', '```\n```', ''],
    ['nothing', '', ''],
    ['a longer fence around a shorter one', '````md\n```ts\na\n```\n````', '```ts\na\n```\n'],
    ['blocks in a block fenced like them', '```md\n# A\n```js\na\n```\nb\n```\nDone.', '# A\n```js\na\n```\nb\n'],
    ['an indented fence', '```py\n"""\n    ```\n    a\n    ```\n"""\n```\n', '"""\n    ```\n    a\n    ```\n"""\n'],
    ['a block in tildes', '~~~~md\n```\na\n```\n~~~\n~~~~\nDone.', '```\na\n```\n~~~\n'],
    ['an indented block', '1. So:\n\n   ```js\n   a\n   ```\n   Done.', '   a\n'],
    ['an answer with CRLF', '```\r\na\r\nb\r\n```\r\n', 'a\nb\n'],
  ])('reads %s, however it is cut', (_name, answer, expected) => {
    for (const chunk of [1, 2, 3, 7, 1000]) expect(read(answer, chunk)).toBe(expected);
  });

  it.each([
    ['one', '```md\n# A\n```\na\n```\nb\n```\nDone.', '# A\n```\na\n```\nb\n'],
    ['one that was cut after a block of its own', '```md\n# A\n```\na\n```', '# A\n```\na\n'],
    [
      'one with a block that names its language',
      '```md\n```js\na\n```\n```\nb\n```\n```',
      '```js\na\n```\n```\nb\n```\n',
    ],
  ])('finds the end of %s where the model fenced it with less than it was asked to', (_name, answer, expected) => {
    for (const chunk of [1, 3, 1000]) expect(read(answer, chunk, { fence: 4 })).toBe(expected);
  });

  it.each([
    ['', false],
    [' \n\n', false],
    ['```\n```', true],
    ['a', true],
  ])('tells whether %j holds any code', (answer, found) => {
    const code = createAnswerCode({ eol: '\n', finalEnding: true, fence: 3 });
    code.push(answer);
    code.end();
    expect(code.found).toBe(found);
  });

  it('writes the document’s line endings, and ends as the lines under edit end', () => {
    expect(read('```\na\nb\n```', 3, { eol: '\r\n' })).toBe('a\r\nb\r\n');
    expect(read('```\na\nb\n```', 3, { eol: '\r\n', finalEnding: false })).toBe('a\r\nb');
    expect(read('a\nb', 1, { finalEnding: false })).toBe('a\nb');
  });

  it('gives lines while the answer still comes', () => {
    const code = createAnswerCode({ eol: '\n', finalEnding: true, fence: 3 });
    expect(code.push('```ts\none\ntwo\nthr')).toEqual(['one\n']);
    expect(code.push('ee\n')).toEqual(['two\n']);
    expect(code.end()).toEqual(['three\n']);
  });

  it('gives back any code from a fence that fits it', () => {
    const line = fc.constantFrom('a', '```', '````ts', '', '\t🙂', '  `x`');
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (lines, chunk) => {
        const code = lines.map((one) => `${one}\n`).join('');
        const fence = '`'.repeat(fenceFor(code));
        expect(read(`${fence}x\n${code}${fence}\n`, chunk, { fence: fence.length })).toBe(code);
      }),
    );
  });
});
