import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines } from './diff.ts';
import { splitLines } from './lines.ts';

const line = fc.constantFrom('a\n', 'b\n', 'c\n', '\n', '}\n', '\t🙂\r\n', 'end');

function patch(a: readonly string[], b: readonly string[]): string[] {
  const out: string[] = [];
  let from = 0;
  for (const change of diffLines(a, b) ?? []) {
    out.push(...a.slice(from, change.aStart), ...b.slice(change.bStart, change.bEnd));
    from = change.aEnd;
  }
  return [...out, ...a.slice(from)];
}

/** The length of the longest common subsequence, the slow and obvious way. */
function common(a: readonly string[], b: readonly string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = table[i] as number[];
      const below = table[i + 1] as number[];
      row[j] = a[i] === b[j] ? (below[j + 1] as number) + 1 : Math.max(below[j] as number, (row[j + 1] as number) ?? 0);
    }
  }
  return table[0]?.[0] ?? 0;
}

describe('diffLines', () => {
  it('turns any text into any other, with the fewest changed lines', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), fc.array(line, { maxLength: 14 }), (a, b) => {
        expect(patch(a, b)).toEqual(b);
        const touched = diffLines(a, b)?.reduce((sum, one) => sum + one.aEnd - one.aStart + one.bEnd - one.bStart, 0);
        expect(touched).toBe(a.length + b.length - 2 * common(a, b));
      }),
      { numRuns: 500 },
    );
  });

  it('gives changes in order that never touch each other', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), fc.array(line, { maxLength: 14 }), (a, b) => {
        const changes = diffLines(a, b) ?? [];
        changes.slice(1).forEach((change, index) => {
          const before = changes[index] as (typeof changes)[number];
          expect(change.aStart).toBeGreaterThan(before.aEnd);
          expect(change.bStart).toBeGreaterThan(before.bEnd);
        });
      }),
    );
  });

  it('gives up where nearly everything differs, at once', () => {
    const a = Array.from({ length: 5000 }, (_, index) => `old ${index}\n`);
    const b = Array.from({ length: 5000 }, (_, index) => `new ${index}\n`);
    expect(diffLines(a, b)).toBeUndefined();
  });
});

describe('splitLines', () => {
  it('joins to the same text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', '🙂', '\t'), { maxLength: 20 }), (pieces) => {
        const text = pieces.join('');
        const lines = splitLines(text);
        expect(lines.join('')).toBe(text);
        expect(lines.slice(0, -1).every((one) => one.endsWith('\n'))).toBe(true);
      }),
    );
  });
});
