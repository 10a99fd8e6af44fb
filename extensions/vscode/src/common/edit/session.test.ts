import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bench } from './bench.testing.ts';
import { type Eol, splitLines } from './lines.ts';
import { textOf } from './pieces.ts';
import {
  acceptAll,
  acceptHunk,
  documentChanges,
  type EditState,
  endStream,
  hunksOf,
  reachesHunk,
  rejectAll,
  rejectHunk,
  streamLines,
} from './session.ts';

const words = ['a', '\tb 🙂', 'const x = 1;', '}', '', '  return;', 'é', 'ask'];
const lineText = fc.constantFrom(...words);

interface Case {
  readonly eol: Eol;
  readonly before: string;
  readonly original: string;
  readonly after: string;
  readonly answer: string;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    eol: fc.constantFrom<Eol>('\n', '\r\n'),
    before: fc.array(lineText, { maxLength: 3 }),
    original: fc.array(lineText, { minLength: 1, maxLength: 10 }),
    after: fc.array(lineText, { maxLength: 3 }),
    // Half of the answers are an edited original, as answers are.
    fresh: fc.array(lineText, { maxLength: 10 }),
    keep: fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
    edited: fc.boolean(),
    finalEnding: fc.boolean(),
    answerEnding: fc.boolean(),
  })
  .map(({ eol, before, original, after, fresh, keep, edited, finalEnding, answerEnding }) => {
    const lines = (list: readonly string[]) => list.map((line) => line + eol).join('');
    const atEnd = after.length === 0 && !finalEnding;
    const cut = (text: string, ends: boolean) => (ends ? text : text.slice(0, -eol.length));
    const answer = edited ? original.flatMap((line, i) => (keep[i] ? [line] : fresh.slice(i, i + 2))) : fresh;
    const answerText = lines(answer);
    return {
      eol,
      before: lines(before),
      original: cut(lines(original), !atEnd),
      after: lines(after),
      // In the middle of a document whole lines replace whole lines; at its end the answer may end as it likes.
      answer: after.length === 0 && !answerEnding && answerText !== '' ? cut(answerText, false) : answerText,
    };
  });

type Step =
  | { readonly do: 'stream'; readonly count: number }
  | { readonly do: 'type'; readonly at: number; readonly shape: number }
  | { readonly do: 'delete'; readonly at: number; readonly length: number }
  | { readonly do: 'accept' | 'reject'; readonly which: number };

const streamStep = fc.record({ do: fc.constant('stream' as const), count: fc.integer({ min: 1, max: 4 }) });
const typeStep = fc.record({ do: fc.constant('type' as const), at: fc.nat(200), shape: fc.nat(3) });
const deleteStep = fc.record({ do: fc.constant('delete' as const), at: fc.nat(200), length: fc.nat(12) });
const decideStep = fc.record({ do: fc.constantFrom('accept' as const, 'reject' as const), which: fc.nat(5) });

/** An offset where an editor could put a cursor. */
function cursor(text: string, wanted: number): number {
  const at = wanted % (text.length + 1);
  const splits = (text[at - 1] === '\r' && text[at] === '\n') || (text.codePointAt(at - 1) ?? 0) > 0xffff;
  return at > 0 && splits ? at - 1 : at;
}

/** Runs the steps; what the user typed is made of characters that nothing else has. Returns every mark typed. */
function run(bench: Bench, { eol, answer }: Case, steps: readonly Step[]): string[] {
  const lines = splitLines(answer);
  const marks: string[] = [];
  let sent = 0;
  for (const step of steps) {
    if (step.do === 'stream') {
      bench.to(streamLines(bench.state, lines.slice(sent, sent + step.count)));
      sent += step.count;
    } else if (step.do === 'type') {
      const mark = String.fromCharCode(0xe000 + marks.length);
      marks.push(mark);
      const text = [mark, mark + eol, eol + mark, `${mark}${eol}${mark}`][step.shape] as string;
      bench.user({ offset: cursor(bench.text, step.at), removed: 0, text });
    } else if (step.do === 'delete') {
      const from = cursor(bench.text, step.at);
      const to = Math.max(from, cursor(bench.text, Math.min(from + step.length, bench.text.length)));
      bench.user({ offset: from, removed: to - from, text: '' });
    } else {
      const hunks = hunksOf(bench.state);
      const hunk = hunks[step.which % Math.max(hunks.length, 1)];
      if (!hunk) continue;
      bench.to(step.do === 'accept' ? acceptHunk(bench.state, hunk.id) : rejectHunk(bench.state, hunk.id));
    }
  }
  bench.to(streamLines(bench.state, lines.slice(sent)));
  bench.to(endStream(bench.state, 'complete'));
  return marks;
}

const begin = (one: Case) => new Bench(one.before, one.original, one.after, one.eol);
const marked = /[\ue000-\uf8ff]/g;

describe('an edit that nobody disturbs', () => {
  it('gives the answer when all is accepted, and the original when all is rejected', () => {
    fc.assert(
      fc.property(cases, fc.array(streamStep, { maxLength: 5 }), (one, steps) => {
        const accepted = begin(one);
        run(accepted, one, steps);
        accepted.to(acceptAll(accepted.state));
        expect(accepted.text).toBe(one.before + one.answer + one.after);
        const rejected = begin(one);
        run(rejected, one, steps);
        rejected.to(rejectAll(rejected.state));
        expect(rejected.text).toBe(one.before + one.original + one.after);
        expect(hunksOf(rejected.state)).toEqual([]);
        expect(rejected.state.notices).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives a mix of both when hunks are decided one by one, in any order', () => {
    fc.assert(
      fc.property(cases, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), fc.boolean(), (one, words, back) => {
        const bench = begin(one);
        run(bench, one, []);
        const hunks = hunksOf(bench.state);
        // What the document will be, from the hunks alone.
        let expected = '';
        let from = 0;
        for (const [index, hunk] of hunks.entries()) {
          expected += bench.text.slice(from, hunk.start) + (words[index] ? hunk.added : hunk.removed);
          from = hunk.end;
        }
        expected += bench.text.slice(from);
        const order = hunks.map((hunk, index) => ({ hunk, accept: words[index] }));
        for (const { hunk, accept } of back ? order.reverse() : order) {
          bench.to(accept ? acceptHunk(bench.state, hunk.id) : rejectHunk(bench.state, hunk.id));
        }
        expect(bench.text).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('writes each hunk in the document by changes that neither split a character nor a line ending', () => {
    fc.assert(
      fc.property(cases, fc.array(streamStep, { maxLength: 5 }), (one, steps) => {
        const bench = begin(one);
        const lines = splitLines(one.answer);
        let sent = 0;
        const go = (next: EditState) => {
          for (const change of documentChanges(bench.state, next)) {
            expect(cursor(bench.text, change.offset)).toBe(change.offset);
            expect(cursor(bench.text, change.offset + change.removed)).toBe(change.offset + change.removed);
          }
          bench.to(next);
        };
        for (const step of steps) {
          go(streamLines(bench.state, lines.slice(sent, sent + step.count)));
          sent += step.count;
        }
        go(streamLines(bench.state, lines.slice(sent)));
        go(endStream(bench.state, 'complete'));
        go(rejectAll(bench.state));
      }),
    );
  });

  it('keeps the rest of the original when it is cut, and all of it when that is rejected', () => {
    fc.assert(
      fc.property(cases, fc.nat(10), (one, count) => {
        const lines = splitLines(one.answer).slice(0, count);
        const bench = begin(one);
        bench.to(streamLines(bench.state, lines));
        bench.to(endStream(bench.state, 'cut'));
        expect(bench.text.startsWith(one.before + lines.join(''))).toBe(true);
        expect(bench.text.endsWith(one.after)).toBe(true);
        bench.to(rejectAll(bench.state));
        expect(bench.text).toBe(one.before + one.original + one.after);
      }),
    );
  });
});

describe('a change that waits', () => {
  it('is the same one after the answer’s last line, if it still says the same: its button may be pressed just then', () => {
    const bench = new Bench('', 'one\ntwo\nthree\n', '', '\n');
    bench.to(streamLines(bench.state, ['// New.\n', 'one\n', 'TWO\n', 'three\n']));
    const before = hunksOf(bench.state);
    bench.to(endStream(bench.state, 'complete'));
    expect(hunksOf(bench.state)).toEqual(before);
    expect(before.map(({ added }) => added)).toEqual(['// New.\n', 'TWO\n']);
    bench.to(rejectHunk(bench.state, before[0]?.id as number));
    expect(bench.text).toBe('one\nTWO\nthree\n');
  });

  it('never lends its name to another one', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const bench = begin(one);
        bench.to(streamLines(bench.state, splitLines(one.answer)));
        const before = new Map(hunksOf(bench.state).map((hunk) => [hunk.id, hunk]));
        bench.to(endStream(bench.state, 'complete'));
        for (const { id, start, added, removed } of hunksOf(bench.state)) {
          const was = before.get(id);
          if (!was) continue;
          // The last one may have gone on to the end of the answer, and of what it replaces.
          expect(start).toBe(was.start);
          expect([added.startsWith(was.added), removed.startsWith(was.removed)]).toEqual([true, true]);
        }
        const keys = bench.state.pieces.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an edit of thousands of lines', () => {
  it('is still decided change by change', () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}\n`);
    const answer = lines.map((line, index) => (index % 3 === 0 ? `new ${line}` : line));
    const bench = new Bench('', lines.join(''), '', '\n');
    bench.to(streamLines(bench.state, answer));
    bench.to(endStream(bench.state, 'complete'));
    const hunks = hunksOf(bench.state);
    expect(hunks).toHaveLength(1667);
    bench.to(rejectHunk(bench.state, hunks[1]?.id ?? 0));
    expect(bench.text).toBe(answer.with(3, 'line 3\n').join(''));
    bench.to(rejectAll(bench.state));
    expect(bench.text).toBe(lines.join(''));
  });
});

describe('an edit while the user types', () => {
  it('loses nothing that was typed, in order, whatever comes in between', () => {
    const step = fc.oneof(streamStep, typeStep, decideStep);
    fc.assert(
      fc.property(cases, fc.array(step, { maxLength: 14 }), fc.boolean(), (one, steps, accept) => {
        const bench = begin(one);
        const marks = run(bench, one, steps);
        const typed = bench.text.match(marked) ?? [];
        bench.to(accept ? acceptAll(bench.state) : rejectAll(bench.state));
        const left: string[] = bench.text.match(marked) ?? [];
        expect(left).toEqual(typed);
        expect(new Set(left)).toEqual(new Set(marks));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives the answer, or the original, outside of what was typed, unless it says that it kept something', () => {
    fc.assert(
      fc.property(
        cases,
        fc.array(fc.oneof(streamStep, typeStep), { maxLength: 8 }),
        fc.boolean(),
        (one, steps, accept) => {
          const bench = begin(one);
          // Marks alone: taking them out again gives what would stand there had nobody typed.
          const marks = steps.map((step) => (step.do === 'type' ? { ...step, shape: 0 } : step));
          run(bench, one, marks);
          bench.to(accept ? acceptAll(bench.state) : rejectAll(bench.state));
          if (bench.state.notices.length > 0) return;
          const without = bench.text.replace(marked, '');
          expect(without).toBe(one.before + (accept ? one.answer : one.original) + one.after);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('still says so only where it must: a line or a hunk that the user wrote into', () => {
    fc.assert(
      fc.property(cases, fc.array(fc.oneof(streamStep, typeStep), { maxLength: 8 }), (one, steps) => {
        const bench = begin(one);
        run(bench, one, steps);
        for (const notice of bench.state.notices) {
          expect(notice.kind).toBe('line-kept');
          expect(notice.kind === 'line-kept' && notice.line).toMatch(marked);
        }
        const typedIn = hunksOf(bench.state).filter((hunk) => hunk.typed);
        const before = bench.state.notices.length;
        bench.to(rejectAll(bench.state));
        expect(bench.state.notices.length - before).toBe(typedIn.length);
      }),
    );
  });

  it('never touches anything outside of the lines under edit', () => {
    const step = fc.oneof(streamStep, deleteStep, typeStep, decideStep);
    fc.assert(
      fc.property(cases, fc.array(step, { maxLength: 12 }), (one, steps) => {
        const bench = new Bench(`⟦${one.eol}`, one.original, `${one.eol}⟧`, one.eol);
        // Deletions by the user may take the guards; then there is nothing to prove.
        run(bench, one, steps);
        bench.to(rejectAll(bench.state));
        const held = textOf(bench.state.pieces).length;
        const outside = bench.text.slice(0, bench.state.start) + bench.text.slice(bench.state.start + held);
        for (const guard of outside.match(/[⟦⟧]/g) ?? []) expect('⟦⟧').toContain(guard);
        expect(outside.replace(marked, '').replace(/[\r\n]/g, '').length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('keeps a line that the answer replaces when the user changed it meanwhile, and says which', () => {
    const bench = new Bench('', 'one\ntwo\nthree\n', '', '\n');
    bench.to(streamLines(bench.state, ['one\n']));
    bench.user({ offset: 'one\ntwo'.length, removed: 0, text: '!' });
    bench.to(streamLines(bench.state, ['2\n', 'three\n']));
    bench.to(endStream(bench.state, 'complete'));
    expect(bench.text).toBe('one\n2\ntwo!\nthree\n');
    expect(bench.state.notices).toEqual([{ kind: 'line-kept', line: 'two!\n' }]);
  });

  it('gives a hunk up when it is rejected after the user wrote into it', () => {
    const bench = new Bench('', 'one\ntwo\n', '', '\n');
    bench.to(streamLines(bench.state, ['one\n', 'zwei\n']));
    bench.to(endStream(bench.state, 'complete'));
    bench.user({ offset: 'one\nzw'.length, removed: 0, text: '_' });
    const [hunk] = hunksOf(bench.state);
    expect(hunk).toMatchObject({ typed: true, removed: 'two\n', added: 'zw_ei\n' });
    bench.to(rejectHunk(bench.state, hunk?.id ?? 0));
    expect(bench.text).toBe('one\nzw_ei\n');
    expect(bench.state.notices).toEqual([{ kind: 'hunk-given-up', hunk: hunk?.id }]);
    expect(hunksOf(bench.state)).toEqual([]);
  });

  it('takes a hunk back after all when the user took out again what they wrote into it', () => {
    const bench = new Bench('', 'one\ntwo\n', '', '\n');
    bench.to(endStream(streamLines(bench.state, ['one\n', 'zwei\n']), 'complete'));
    bench.user({ offset: 6, removed: 0, text: '_' });
    bench.user({ offset: 6, removed: 1, text: '' });
    bench.to(rejectAll(bench.state));
    expect(bench.text).toBe('one\ntwo\n');
    expect(bench.state.notices).toEqual([]);
  });

  it('forgets a change that the user took back by hand: nothing is left to decide', () => {
    const bench = new Bench('', 'const a = 42;\n', '', '\n');
    bench.to(endStream(streamLines(bench.state, ['const a = 43;\n']), 'complete'));
    expect(hunksOf(bench.state)).toHaveLength(1);
    bench.user({ offset: 11, removed: 1, text: '2' });
    expect(hunksOf(bench.state)).toEqual([]);
    expect(bench.text).toBe('const a = 42;\n');
  });

  it('ends a hunk where the user typed, so that no step of undo holds half of one', () => {
    const bench = new Bench('', 'old\nend\n', '', '\n');
    bench.to(streamLines(bench.state, ['first\n']));
    const written = bench.text;
    bench.user({ offset: bench.text.length, removed: 0, text: 'typed' });
    bench.to(streamLines(bench.state, ['second\n', 'end\n']));
    bench.to(endStream(bench.state, 'complete'));
    expect(hunksOf(bench.state).map((hunk) => hunk.added)).toEqual(['first\n', 'second\n']);
    expect(written).toBe('first\nold\nend\n');
  });
});

describe('reachesHunk', () => {
  it('tells the undoing of the answer from the undoing of what the user typed elsewhere', () => {
    const bench = new Bench('', 'one\ntwo\nsix\n', '', '\n');
    bench.to(endStream(streamLines(bench.state, ['one\n', 'zwei\n', 'six\n']), 'complete'));
    expect(reachesHunk(bench.state, [{ offset: 4, removed: 5, text: 'two\n' }])).toBe(true);
    expect(reachesHunk(bench.state, [{ offset: 0, removed: 1, text: '' }])).toBe(false);
    expect(reachesHunk(bench.state, [{ offset: 9, removed: 2, text: '' }])).toBe(false);
  });

  it('knows a deletion that comes back', () => {
    const bench = new Bench('', 'one\ntwo\nsix\n', '', '\n');
    bench.to(endStream(streamLines(bench.state, ['one\n', 'six\n']), 'complete'));
    expect(reachesHunk(bench.state, [{ offset: 4, removed: 0, text: 'two\n' }])).toBe(true);
  });
});
