import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bench } from './bench.testing.ts';
import type { Eol } from './lines.ts';
import { textOf } from './pieces.ts';
import { acceptAll, acceptHunk, type EditState, endStream, hunksOf, rejectAll, streamLines } from './session.ts';
import { parseStoredEdit, restoreEdit, type StoredEdit, storedEdit } from './stored-edit.ts';

const ABOUT = { uri: 'file:///a.js', savedAt: 1 };
/** As it comes back from a file. */
const kept = (state: EditState, text: string): StoredEdit | undefined =>
  parseStoredEdit(JSON.parse(JSON.stringify(storedEdit(state, text, ABOUT))));

interface Case {
  readonly eol: Eol;
  readonly before: string;
  readonly original: string;
  readonly after: string;
  readonly answer: readonly string[];
  /** How many lines of the answer have come. */
  readonly come: number;
  readonly ended: boolean;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    eol: fc.constantFrom<Eol>('\n', '\r\n'),
    before: fc.array(fc.constantFrom('top', '\tx 🙂', ''), { maxLength: 3 }),
    lines: fc.array(fc.constantFrom('keep', 'drop', 'change', 'add'), { minLength: 1, maxLength: 8 }),
    after: fc.array(fc.constantFrom('end', '}', ''), { maxLength: 3 }),
    come: fc.nat(12),
    ended: fc.boolean(),
    finalEnding: fc.boolean(),
  })
  .map(({ eol, before, lines, after, come, ended, finalEnding }) => {
    const joined = (all: readonly string[]) => all.map((line) => line + eol).join('');
    const original = joined(lines.map((_, index) => `line ${index}`));
    return {
      eol,
      before: joined(before),
      original: after.length > 0 || finalEnding ? original : original.slice(0, -eol.length),
      after: joined(after),
      answer: lines.flatMap((one, index) => {
        if (one === 'drop') return [];
        if (one === 'change') return [`new ${index}${eol}`];
        return [`line ${index}${eol}`, ...(one === 'add' ? [`more ${index}${eol}`] : [])];
      }),
      come,
      ended,
    };
  });

function begun({ eol, before, original, after, answer, come, ended }: Case): Bench {
  const bench = new Bench(before, original, after, eol);
  bench.to(streamLines(bench.state, ended ? answer : answer.slice(0, come)));
  if (ended) bench.to(endStream(bench.state, 'complete'));
  return bench;
}

/** The edit taken up in the very same document. */
function resumed(bench: Bench): Bench | undefined {
  const stored = kept(bench.state, bench.text);
  const state = stored && restoreEdit(stored, bench.text);
  if (!state || state === 'original') return undefined;
  const again = new Bench('', '', '', state.eol);
  again.text = bench.text;
  again.state = state;
  again.check();
  return again;
}

describe('an edit that was kept', () => {
  it('changes nothing by itself, and rejected as a whole leaves exactly what there was before it', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const bench = begun(one);
        const again = resumed(bench);
        expect(again !== undefined).toBe(hunksOf(bench.state).length > 0);
        if (!again) return;
        expect(again.state.phase).toBe('ended');
        const accepted = acceptAll(again.state);
        expect(textOf(accepted.pieces)).toBe(textOf(again.state.pieces));
        again.to(rejectAll(again.state));
        expect(again.text).toBe(one.before + one.original + one.after);
      }),
      { numRuns: 500 },
    );
  });

  it('knows what was decided and typed before, and comes to the same as if nothing had happened', () => {
    const change = fc.record({ at: fc.nat(200), removed: fc.nat(6), text: fc.constantFrom('', 'ß', 'ß\n', 'ßß') });
    fc.assert(
      fc.property(cases, fc.nat(5), fc.array(change, { maxLength: 4 }), (one, which, changes) => {
        const bench = begun({ ...one, ended: true, eol: '\n' });
        const hunks = hunksOf(bench.state);
        if (hunks.length > 1) bench.to(acceptHunk(bench.state, (hunks[which % hunks.length] as { id: number }).id));
        for (const { at, removed, text } of changes) {
          const offset = at % (bench.text.length + 1);
          const splits = /[\ud800-\udbff]$/.test(bench.text.slice(0, offset)) || bench.text[offset - 1] === '\r';
          if (splits || removed + text.length === 0) continue;
          const rest = bench.text.slice(offset, offset + removed);
          bench.user({ offset, removed: /[\ud800-\udfff\r]/.test(rest) ? 0 : rest.length, text });
        }
        const again = resumed(bench);
        expect(again !== undefined).toBe(hunksOf(bench.state).length > 0);
        if (!again) return;
        expect(hunksOf(again.state)).toEqual(hunksOf(bench.state));
        again.to(rejectAll(again.state));
        bench.to(rejectAll(bench.state));
        expect(again.text).toBe(bench.text);
      }),
      { numRuns: 500 },
    );
  });

  const bench = () => {
    const made = new Bench('top\n', 'one\ntwo\nthree\n', 'end\n', '\n');
    made.to(endStream(streamLines(made.state, ['one\n', 'TWO\n', 'three\n', 'four\n']), 'complete'));
    return made;
  };
  const edit = () => {
    const { state, text } = bench();
    return kept(state, text) as StoredEdit;
  };

  it('is found again where its lines moved to, if they stand there once', () => {
    const state = restoreEdit(edit(), `// new\n${bench().text}more\n`);
    expect(state).toMatchObject({ start: '// new\ntop\n'.length });
    expect(hunksOf(state as EditState).map(({ added }) => added)).toEqual(['TWO\n', 'four\n']);
    expect(restoreEdit(edit(), `// new\n${bench().text}${bench().text}`)).toBeUndefined();
    // Where it stood it is the one that is meant.
    expect(restoreEdit(edit(), `${bench().text}${bench().text}`)).toMatchObject({ start: 'top\n'.length });
  });

  it('is nothing to decide where its lines are as before it, and lost where they are neither', () => {
    expect(restoreEdit(edit(), 'top\none\ntwo\nthree\nend\n')).toBe('original');
    expect(restoreEdit(edit(), 'top\none\nTWO!\nthree\nfour\nend\n')).toBeUndefined();
    expect(restoreEdit(edit(), 'top\none\nTWO\nthree\nfour\nbottom\n')).toBeUndefined();
    expect(restoreEdit(edit(), '')).toBeUndefined();
  });

  it('is lost, and not undone, where one of the lines that it added was changed', () => {
    const made = new Bench('', 'one\n', '', '\n');
    made.to(endStream(streamLines(made.state, ['// a\n', 'one\n', '// b\n']), 'complete'));
    const stored = kept(made.state, made.text) as StoredEdit;
    expect(restoreEdit(stored, '// A\none\n// b\n')).toBeUndefined();
    expect(restoreEdit(stored, '// a\none\n// B\n')).toBeUndefined();
    expect(restoreEdit(stored, 'one\n// b\n')).toBeUndefined();
    expect(restoreEdit(stored, 'one\n')).toBe('original');
  });

  it('is found by what stands around it, where nothing is left of its lines', () => {
    const made = new Bench('top\n', 'one\n', 'end\n', '\n');
    made.to(endStream(streamLines(made.state, []), 'complete'));
    const stored = kept(made.state, made.text) as StoredEdit;
    expect(restoreEdit(stored, 'top\nend\n')).toMatchObject({ start: 4 });
    expect(restoreEdit(stored, 'top\nother\nend\n')).toBeUndefined();
  });

  it('is not read where it is something else', () => {
    const { pieces, ...rest } = edit();
    const broken: readonly unknown[] = [
      ...[undefined, null, 'x', 3, [], {}, rest],
      ...[{ v: 2 }, { uri: 3 }, { start: -1 }, { start: 1.5 }, { eol: '\r' }, { streaming: 'no' }, { tail: null }],
      ...[
        { pieces: [] },
        { pieces: [null] },
        { pieces: [{ ...pieces[0], text: 3 }] },
        { pieces: [...pieces, ...pieces] },
      ],
      { pieces: pieces.map((piece) => ({ ...piece, kind: 'same' })) },
    ].map((change, index) => (index < 7 ? change : { ...edit(), ...(change as object) }));
    for (const value of broken) expect(parseStoredEdit(value)).toBeUndefined();
    expect(parseStoredEdit(edit())).toEqual(edit());
  });
});
