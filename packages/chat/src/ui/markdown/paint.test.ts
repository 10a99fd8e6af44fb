import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slices } from './code-block.tsx';
import { stretches } from './highlight.ts';
import { paint } from './paint.ts';

const painted = (code: string, language: string) =>
  paint(code, language).map(({ kind, start, end }) => `${kind}:${code.slice(start, end)}`);

describe('paint', () => {
  it.each([
    [
      'ts',
      'const x = call("a//b", 0x1F); // note',
      ['keyword:const', 'name:call', 'string:"a//b"', 'number:0x1F', 'comment:// note'],
    ],
    [
      'python',
      'def f(x): # why\n  return """doc"""',
      ['keyword:def', 'name:f', 'comment:# why', 'keyword:return', 'string:"""doc"""'],
    ],
    ['css', 'a { color: #fff; } /* c */', ['comment:/* c */']],
    ['sql', 'SELECT a FROM t -- why', ['keyword:SELECT', 'keyword:FROM', 'comment:-- why']],
    ['rust', "let c: &'a str = f('x');", ['keyword:let', 'keyword:str', 'name:f', "string:'x'"]],
    ['sh', 'curl https://a.b # get', ['comment:# get']],
    ['text', 'if this return 1', []],
  ])('%s: %s', (language, code, expected) => {
    expect(painted(code, language)).toEqual(expected);
  });

  it('gives ordered stretches inside of the code that do not overlap, whatever the code', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab1 "\'`/*#-\n\\<!->(') }), (code) => {
        let at = 0;
        for (const { start, end } of paint(code, 'js')) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBeLessThanOrEqual(code.length);
      }),
    );
  });
});

describe('slices', () => {
  it('cut code into pieces that join to the code', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.boolean(), (lines, open) => {
        const code = Array.from({ length: lines }, (_, n) => `line ${n}\n`).join('') + (open ? 'last' : '');
        const pieces = slices(code);
        expect(pieces.join('')).toBe(code);
        expect(pieces.slice(0, -1).every((piece) => piece.split('\n').length === 41)).toBe(true);
      }),
    );
  });
});

describe('stretches', () => {
  it('join to their slices, and carry each colour to where it ends', () => {
    const lines = fc.constantFrom('const a = 1; // one', '/* opens', 'closes */ b()', '"text"', '', 'plain words');
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 160, size: 'max' }), (all) => {
        const code = all.join('\n');
        const pieces = slices(code);
        const paints = paint(code, 'js');
        const cut = stretches(pieces, paints);
        expect(cut.map((stretch) => stretch.map(({ text }) => text).join(''))).toEqual(pieces);
        const coloured = (kind: string) =>
          cut.flat().reduce((sum, one) => sum + (one.kind === kind ? one.text.length : 0), 0);
        for (const kind of ['comment', 'string', 'number', 'keyword', 'name']) {
          const expected = paints.reduce((sum, one) => sum + (one.kind === kind ? one.end - one.start : 0), 0);
          expect(coloured(kind)).toBe(expected);
        }
      }),
    );
  });
});
