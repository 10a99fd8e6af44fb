import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bench } from './bench.testing.ts';
import type { TextChange } from './pieces.ts';
import { endStream, hunksOf, rejectAll, streamLines } from './session.ts';

/** One change for all that differs, as an editor makes of a file that changed on disk. */
const difference = (now: string, then: string): TextChange => {
  let [head, tail] = [0, 0];
  const shorter = Math.min(now.length, then.length);
  while (head < shorter && now[head] === then[head]) head++;
  while (tail < shorter - head && now.at(-1 - tail) === then.at(-1 - tail)) tail++;
  return { offset: head, removed: now.length - head - tail, text: then.slice(head, then.length - tail) };
};

describe('a change that others overwrite', () => {
  it('is over when the file is reverted, and brings nothing twice', () => {
    const what = fc.constantFrom('keep', 'drop', 'change', 'add');
    fc.assert(
      fc.property(
        fc.array(what, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('', 'end\n'),
        fc.boolean(),
        (lines, after, whole) => {
          const original = lines.map((_, index) => `line ${index}\n`).join('');
          const answer = lines.flatMap((one, index) => {
            if (one === 'drop') return [];
            if (one === 'change') return [`new ${index}\n`];
            return [`line ${index}\n`, ...(one === 'add' ? [`more ${index}\n`] : [])];
          });
          const bench = new Bench('top\n', original, after, '\n');
          bench.to(endStream(streamLines(bench.state, answer), 'complete'));
          const then = `top\n${original}${after}`;
          const change = whole ? { offset: 0, removed: bench.text.length, text: then } : difference(bench.text, then);
          if (change.removed > 0 || change.text !== '') bench.user(change);
          bench.to(rejectAll(bench.state));
          expect(bench.text).toBe(then);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('gives up, with a word, the changes that were replaced together with their neighbours', () => {
    const bench = new Bench('', 'a one\nb two\nc three\nd four\n', '', '\n');
    bench.to(endStream(streamLines(bench.state, ['A!\n', 'b two\n', 'd four\n', 'e five\n']), 'complete'));
    expect(hunksOf(bench.state).map(({ removed, added }) => [removed, added])).toEqual([
      ['a one\n', 'A!\n'],
      ['c three\n', ''],
      ['', 'e five\n'],
    ]);
    // A formatter puts a tab before the two lines in the middle, in one change.
    bench.user({ offset: 3, removed: 'b two\nd four\n'.length, text: '\tb two\n\td four\n' });
    expect(hunksOf(bench.state).map(({ added }) => added)).toEqual(['A!\n', 'e five\n']);
    expect(bench.state.notices).toMatchObject([{ kind: 'hunk-overwritten' }]);
    bench.to(rejectAll(bench.state));
    expect(bench.text).toBe('a one\n\tb two\n\td four\n');
  });

  it('sees that the very lines which a change took away were put back', () => {
    const bench = new Bench('', 'one\ntwo\nthree\n', '', '\n');
    bench.to(endStream(streamLines(bench.state, ['one\n', 'three\n', 'four\n']), 'complete'));
    bench.user({ offset: 4, removed: 0, text: 'two\n' });
    expect(hunksOf(bench.state).map(({ added }) => added)).toEqual(['four\n']);
    bench.to(rejectAll(bench.state));
    expect(bench.text).toBe('one\ntwo\nthree\n');
    expect(bench.state.notices).toEqual([]);
  });
});
