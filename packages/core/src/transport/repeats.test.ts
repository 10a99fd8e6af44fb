import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecoderEvent } from '../chat/event.ts';
import { createRepeatGuard, LONG_LOOP, LONGEST_PERIOD, MOST_REPEATS, SHORT_LOOP } from './repeats.ts';

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
  ])('ends %s at the same count however it is cut into reads', (_, event) => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 300 }), (piece, size) => {
        const guard = createRepeatGuard();
        let count = 0;
        let ended = false;
        while (!ended && count < MOST_REPEATS * 2) {
          ended = guard(Array.from({ length: size }, () => event(piece))) !== undefined;
          count += size;
        }
        expect(count).toBe(Math.ceil(MOST_REPEATS / size) * size);
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
/** In pieces of these lengths by turns. */
function cutBy(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, n = 0; at < text.length; n++) {
    const size = sizes[n % sizes.length] as number;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}
/** How many characters come before the end; undefined for none. */
function endsAfter(events: readonly DecoderEvent[], perRead: number): number | undefined {
  const guard = createRepeatGuard();
  let count = 0;
  for (let at = 0; at < events.length; at += perRead) {
    const read = events.slice(at, at + perRead);
    for (const event of read)
      if ('text' in event) count += event.text.length;
      else if ('delta' in event) count += event.delta.length;
    if (guard(read)) return count;
  }
  return undefined;
}

describe('a longer piece again and again (quirk 156)', () => {
  const word = fc.stringMatching(/^[a-zé世🌊.,|0-9-]{1,12} ?$/u);
  const piece = fc
    .array(word, { minLength: 2, maxLength: 60 })
    .map((words) => words.join(''))
    .filter(({ length }) => length > 3 && length <= LONGEST_PERIOD);
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 9 });
  const before = fc.lorem({ mode: 'sentences', maxCount: 40 });

  it.each<[string, (delta: string) => DecoderEvent]>([
    ['text', (text) => ({ type: 'text', part: 0, text })],
    ['thinking', (text) => ({ type: 'reasoning', part: 0, text })],
    ['the arguments of a call', (delta) => ({ type: 'tool-call-arguments', part: 0, delta })],
  ])('ends %s, whatever came before it and however it is cut', (_, event) => {
    fc.assert(
      fc.property(before, piece, sizes, fc.integer({ min: 1, max: 50 }), (first, again, lengths, perRead) => {
        const text = first + again.repeat(Math.ceil((LONG_LOOP + 10_000) / again.length));
        const ended = endsAfter(cutBy(text, lengths).map(event), perRead);
        const short = again.length * 1_000 < SHORT_LOOP;
        // To the next look, and to the end of what is read then.
        const slack = 2 * 4_200 + 40 * perRead;
        expect(ended).toBeLessThanOrEqual(first.length + (short ? SHORT_LOOP + again.length : LONG_LOOP) + slack);
      }),
      { numRuns: 60 },
    );
  });

  it('counts whole answers that come in one piece', () => {
    expect(stops(texts(['I am sorry. '.repeat(2_000)]))).toBe(true);
    expect(stops(texts(['I am sorry. '.repeat(900)]))).toBe(false);
  });

  it('begins anew with another kind, and where anything else comes between', () => {
    const half = tokens('I am sorry. '.repeat(900));
    const thought = half.map((text): DecoderEvent => ({ type: 'reasoning', part: 1, text }));
    expect(stops(texts(half), texts(half))).toBe(true);
    expect(stops(texts(half), thought, texts(half))).toBe(false);
    expect(stops(texts(half), texts(['I am not. ']), texts(half))).toBe(false);
  });
});

describe('honest repetition is left alone:', () => {
  const cell = fc.constantFrom('0', '1', '—', 'yes', ' ', '0.00');
  const honest = (text: string) => {
    expect(stops(texts(tokens(text)))).toBe(false);
    expect(stops(texts([...text]))).toBe(false);
    expect(stops(texts([text]))).toBe(false);
  };

  it('anything between other things that comes a thousand times, as long as that is not a book', () => {
    // Two words, so that no delta comes twice in a row.
    const line = fc.tuple(fc.stringMatching(/^[a-m]{1,60}$/), fc.stringMatching(/^[n-z]{1,60}$/));
    fc.assert(
      fc.property(line, fc.nat({ max: 1_000 }), fc.lorem(), fc.lorem(), ([one, other], most, first, last) => {
        const again = `${one} ${other}\n`;
        const times = Math.min(most, Math.floor((LONG_LOOP - 1) / again.length));
        const text = `${first}\n${again.repeat(times)}${last}`;
        expect(stops(texts(tokens(text)))).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('a table whose rows are all the same, and one of any length whose rows are numbered', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 1_000 }), (row, rows) => {
        const head = `| ${row.join(' | ')} |\n| ${row.map(() => '---').join(' | ')} |\n`;
        const one = `| ${row.join(' | ')} |\n`;
        honest(head + one.repeat(Math.min(rows, Math.floor(LONG_LOOP / one.length) - 1)));
        honest(head + Array.from({ length: rows * 3 }, (_, n) => `| ${n} ${one}`).join(''));
      }),
      { numRuns: 20 },
    );
  });

  it('a drawing of signs up to 900 wide, sign by sign and in tokens', () => {
    const line = fc.tuple(fc.constantFrom('█', '░', '-', '=', ' ', '#'), fc.integer({ min: 1, max: 900 }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) =>
        honest(lines.map(([sign, width]) => sign.repeat(width)).join('\n')),
      ),
      { numRuns: 40 },
    );
    honest(`${'+---'.repeat(30)}+\n${'|   '.repeat(30)}|\n`.repeat(60));
  });

  it.each([
    ['a word that was asked for hundreds of times', 'ha '.repeat(999)],
    ['a line written a thousand times, as at school', 'I will not talk in class. \n'.repeat(1_000)],
    [
      'a sentence of a hundred characters, five hundred times',
      `${'Not a word. '.repeat(8).trimEnd()}!!!!\n`.repeat(500),
    ],
    ['an embedding of 3,072 zeros', `[${'0.0, '.repeat(3_071)}0.0]`],
    ['a list of 5,000 zeros', `[${'0, '.repeat(4_999)}0]`],
    ['a matrix of 128 rows of 128 zeros', `[\n${`[${'0, '.repeat(127)}0],\n`.repeat(128)}]`],
    ['code that says the same on a thousand lines', `${'    '.repeat(4)}0x00,\n`.repeat(600)],
    ['a deep indentation on every line', Array.from({ length: 900 }, (_, n) => `${' '.repeat(60)}f(${n});`).join('\n')],
    ['twenty thousand lines that count', Array.from({ length: 20_000 }, (_, n) => `${n}. I am sorry.`).join('\n')],
  ])('%s', (_, text) => honest(text));
});
