import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecoderEvent } from '../chat/event.ts';
import { createRepeatGuard, MOST_REPEATS } from './repeats.ts';

const texts = (pieces: readonly string[]): DecoderEvent[] => pieces.map((text) => ({ type: 'text', part: 0, text }));
const stops = (...batches: readonly (readonly DecoderEvent[])[]): boolean => {
  const guard = createRepeatGuard();
  return batches.some((batch) => guard(batch) !== undefined);
};

describe('the same piece again and again (quirk 156)', () => {
  it.each<[string, (piece: string) => DecoderEvent]>([
    ['text', (text) => ({ type: 'text', part: 0, text })],
    ['thinking', (text) => ({ type: 'reasoning', part: 0, text })],
    ['the arguments of a call', (delta) => ({ type: 'tool-call-arguments', part: 0, delta })],
  ])('ends %s once, at the same count however it is cut into reads', (_, event) => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 300 }), (piece, size) => {
        const guard = createRepeatGuard();
        let count = 0;
        let ended: number | undefined;
        while (count < MOST_REPEATS * 2) {
          const batch = Array.from({ length: size }, () => event(piece));
          count += size;
          if (guard(batch)) {
            expect(ended).toBeUndefined();
            ended = count;
          }
        }
        expect(ended).toBe(Math.ceil(MOST_REPEATS / size) * size);
      }),
      { numRuns: 50 },
    );
  });

  it('does not count empty pieces, with which some keep a connection alive', () => {
    expect(stops(texts(Array(MOST_REPEATS * 3).fill('')))).toBe(false);
  });

  it('counts what stands between other events, which say nothing, and begins anew with another kind or piece', () => {
    const usage: DecoderEvent = { type: 'usage', usage: {} };
    const half = texts(Array(MOST_REPEATS / 2).fill('x'));
    expect(stops(half, [usage], half)).toBe(true);
    expect(stops(half, texts(['y']), half)).toBe(false);
    expect(stops(half, [{ type: 'reasoning', part: 1, text: 'x' }], half)).toBe(false);
  });
});

/** As tokenizers cut text: words with the space before them, runs of up to four of the same sign. */
const tokens = (text: string): string[] => text.match(/\s?[\p{L}\p{N}]{1,6}|(.)\1{0,3}|\s/gsu) ?? [];

describe('honest repetition is left alone:', () => {
  const cell = fc.constantFrom('0', '1', '—', 'yes', ' ', '0.00');
  it('a table of any length, whose rows are all the same', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 2_000 }), (row, rows) => {
        const table = `| ${row.join(' | ')} |\n`.repeat(rows);
        expect(stops(texts(tokens(table)))).toBe(false);
        expect(stops(texts([...table]))).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it('a drawing of signs up to 900 wide, sign by sign and in tokens', () => {
    const line = fc.tuple(fc.constantFrom('█', '░', '-', '=', ' ', '#'), fc.integer({ min: 1, max: 900 }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const drawing = lines.map(([sign, width]) => sign.repeat(width)).join('\n');
        expect(stops(texts([...drawing]))).toBe(false);
        expect(stops(texts(tokens(drawing)))).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it('a word that was asked for hundreds of times, and a list of zeros', () => {
    expect(stops(texts(tokens('ha '.repeat(999))))).toBe(false);
    expect(stops(texts(tokens(`[${'0, '.repeat(20_000)}0]`)))).toBe(false);
  });
});
