import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf } from './place.ts';

const FILE = `import { a } from 'a';

export function first(x) {
  const y = x + 1;
  return y;
}

export class Second {
  run() {
    return first(1);
  }

  stop() {
    return undefined;
  }
}

export const third = 3;
export const fourth = 4;`.split('\n');

const place = (code: string) => placeOf(FILE, code.split('\n'));

describe('placeOf', () => {
  it.each([
    ['a function', 'export function first(x) {\n  return x + 1;\n}', { first: 2, last: 5 }],
    [
      'a function with a comment above',
      '/** First. */\nexport function first(x) {\n  return x;\n}',
      { first: 2, last: 5 },
    ],
    ['a method without its indentation', 'run() {\n  return first(2);\n}', { first: 8, last: 10 }],
    ['one line', 'export const third = 3; // three', undefined],
    [
      'the lines around it',
      'export const third = 3;\nconst more = 1;\nexport const fourth = 4;',
      { first: 17, last: 18 },
    ],
    ['something else', 'const x = 1;\nconst z = 2;', undefined],
    ['braces alone', '{\n}\n}', undefined],
  ])('finds the place of %s', (_name, code, expected) => {
    expect(place(code)).toEqual(expected);
  });

  it('finds the end of a block without braces', () => {
    const python =
      'import os\n\ndef one(x):\n    y = x\n\n    return y\n\n\ndef two():\n    pass\n\nprint(one(1))'.split('\n');
    expect(placeOf(python, ['def one(x):', '    return x + 1'])).toEqual({ first: 2, last: 5 });
  });

  it('takes a block that is long enough for the whole file', () => {
    expect(placeOf(FILE, FILE.slice(0, 12))).toEqual({ first: 0, last: 18 });
    expect(placeOf([''], ['a', 'b'])).toEqual({ first: 0, last: 0 });
  });

  it('takes no lines far apart for one place', () => {
    const far = [...FILE, ...Array.from({ length: 40 }, (_, index) => `line number ${index}`), 'the very end'];
    expect(placeOf(far, [FILE[0] as string, 'the very end'])).toBeUndefined();
  });

  it('never claims a line that is not there', () => {
    const lines = fc.array(fc.constantFrom('alpha', 'beta', 'gamma', '}', ''), { maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (document, code) => {
        const found = placeOf(document, code);
        if (!found) return;
        expect(found.first).toBeGreaterThanOrEqual(0);
        expect(found.last).toBeGreaterThanOrEqual(found.first);
        expect(found.last).toBeLessThan(Math.max(document.length, 1));
      }),
    );
  });
});
