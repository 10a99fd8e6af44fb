import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecoderEvent } from '../chat/event.ts';
import { type Continuation, createJoin, createSeam, lastWords } from './seam.ts';

/** What a reader has once a continuation came in these pieces. */
function joined(
  before: string,
  pieces: readonly string[],
  prefilled: boolean | 'echoed' = false,
  whole = true,
): string {
  const text = before.trimEnd();
  const echoed = prefilled === 'echoed' && { echoed: true as const };
  const join = createJoin({ text, trimmed: before.slice(text.length), prefilled: prefilled !== false, ...echoed });
  return before + pieces.map((piece) => join.push(piece)).join('') + join.end(whole);
}

const POEM = `The tide comes in, the tide goes out;
it asks nobody what about.

The moon pulls gently at the sea.
It does not pull at you and me? It does.`;

describe('a model that goes on by itself', () => {
  it.each([
    ['in the middle of a word', 'The qui', ['ck', ' fox'], 'The quick fox'],
    ['behind a space that was cut off its prefill (quirk 98)', 'The quick ', [' fox'], 'The quick fox'],
    ['without the space that it was not shown', 'The quick ', ['fox'], 'The quick fox'],
    ['with more white space than there was', 'One.\n', ['\n', '\n', 'Two.'], 'One.\n\nTwo.'],
    ['with less', 'One.\n\n', ['\nTwo.'], 'One.\n\nTwo.'],
    ['within an indentation', '{\n  ', ['\n    a: 1,'], '{\n    a: 1,'],
    ['saying the same word again, because it is meant', 'ha', [' ha', ' ha'], 'ha ha ha'],
  ])('%s', (_, before, pieces, whole) => expect(joined(before, pieces, true)).toBe(whole));

  it('is not heard twice where it repeats its prefill (quirk 171)', () => {
    expect(joined(POEM.slice(0, 90), [...POEM], true)).toBe(POEM);
  });

  it('is not heard twice where it always does, however little there is to repeat (quirk 171)', () => {
    expect(joined('The qui', ['The qui', 'ck fox'], 'echoed')).toBe('The quick fox');
    expect(joined('ha ', ['ha', ' ha ha'], 'echoed')).toBe('ha ha ha');
    expect(joined('ha', ['ha'], 'echoed')).toBe('ha');
    // It need not, some day.
    expect(joined('The qui', ['ck fox'], 'echoed')).toBe('The quick fox');
  });
});

describe('a model that is asked to go on', () => {
  const cut = POEM.indexOf('gently') + 3;
  const before = POEM.slice(0, cut);
  const rest = POEM.slice(cut);
  it.each([
    ['repeats the words it was asked for', lastWords(before) + rest],
    ['repeats nothing', rest],
    ['repeats its last line', `The moon pulls gen${rest}`],
    ['repeats the whole message, as xAI does (quirk 187)', POEM],
    ['begins with an ellipsis', `… ${lastWords(before)}${rest}`],
    ['begins with three dots and repeats nothing', rest],
    ['begins on a new line', `\n\n${lastWords(before)}${rest}`],
    ['breaks its lines elsewhere', lastWords(before).replaceAll('\n', ' ') + rest],
    ['writes other quotes', lastWords(before).replaceAll("'", '’') + rest],
  ])('and %s', (_, said) => {
    for (const size of [1, 7, 1000]) {
      const pieces = said.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      expect(joined(before, pieces)).toBe(POEM);
    }
  });

  it('goes on behind a space that chat models swallow', () => {
    expect(joined('The quick ', ['The quick fox'])).toBe('The quick fox');
    expect(joined('The quick', ['The quick fox'])).toBe('The quick fox');
  });

  it('goes on in a code block that it opens again', () => {
    const code = 'Here:\n\n```ts\nconst tides = [1, 2, 3];\nfor (const tide of ti';
    const whole = `${code}des) show(tide);\n\`\`\`\nDone.`;
    const more = 'des) show(tide);\n```\nDone.';
    expect(joined(code, [...`\`\`\`ts\n${lastWords(code)}${more}`])).toBe(whole);
    expect(joined(code, [`\`\`\`ts\nfor (const tide of ti${more}`])).toBe(whole);
    expect(joined(code, [`\`\`\`ts\n${more}`])).toBe(whole);
    expect(joined(code, [more])).toBe(whole);
  });

  it('may close the code block, open another one, and write dots of its own', () => {
    const code = '```ts\nshow(tide);\n';
    expect(joined(code, [...'```\nDone.'])).toBe(`${code}\`\`\`\nDone.`);
    expect(joined('```\na\n```\n', [...'```ts\nb\n```'])).toBe('```\na\n```\n```ts\nb\n```');
    expect(joined('And so', ['...', ' on'])).toBe('And so... on');
    expect(joined('And so', ['.', '.', '.'])).toBe('And so...');
  });

  it('is not cut where a table goes on with a row like the last', () => {
    const table = `| hour | height |\n| ---- | ------ |\n${'| one hour | one metre |\n'.repeat(3)}`;
    const more = `${'| one hour | one metre |\n'.repeat(4)}| end | |`;
    expect(joined(table, [...more])).toBe(table + more);
  });

  it('keeps a short last word that looks like the beginning of a repetition', () => {
    expect(joined('a: {\n  The long first line of it, word for word\n', ['The'])).toMatch(/word\nThe$/);
  });

  it('says nothing new where it is cut in the middle of repeating', () => {
    expect(joined(before, [lastWords(before).slice(0, -4)])).toBe(before);
    expect(joined(before, [lastWords(before).slice(0, 4)], false, false)).toBe(before);
  });
});

describe('wherever an answer is cut', () => {
  const word = fc.oneof(
    fc.stringMatching(/^[a-z]{1,9}$/),
    fc.constantFrom('…', '🌊', '👩‍👧', '“so”', '`x`', '世界', '##'),
  );
  const gap = fc.constantFrom(' ', ' ', ' ', '\n', '\n\n', '. ', ', ', '\n  ', '\n- ');
  const prose = fc.array(fc.tuple(word, gap), { minLength: 2, maxLength: 120 }).map((pairs) =>
    pairs
      .map(([one, space]) => one + space)
      .join('')
      .trim(),
  );
  const cutting = fc
    .tuple(prose, fc.nat(), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }))
    .map(([whole, at, sizes]) => {
      let end = 1 + (at % Math.max(1, whole.length - 1));
      // Half a character is none: the host keeps whole ones.
      if (/[\uD800-\uDBFF]/.test(whole.charAt(end - 1))) end--;
      return { whole, before: whole.slice(0, end), sizes };
    })
    .filter(({ before }) => before.trim() !== '');

  const inPieces = (text: string, sizes: readonly number[]): string[] => {
    const pieces: string[] = [];
    for (let at = 0, n = 0; at < text.length; n++) {
      const size = sizes[n % sizes.length] as number;
      pieces.push(text.slice(at, at + size));
      at += size;
    }
    return pieces;
  };
  const check = (prefilled: boolean | 'echoed', say: (seen: string, rest: string) => string) =>
    fc.assert(
      fc.property(cutting, ({ whole, before, sizes }) => {
        const seen = before.trimEnd();
        const said = say(seen, whole.slice(seen.length));
        expect(joined(before, inPieces(said, sizes), prefilled)).toBe(whole);
      }),
      { numRuns: 2_000 },
    );

  it('a prefilled model loses and doubles nothing', () => check(true, (_, rest) => rest));
  it('nor does one that says its prefill again first (quirk 171)', () => check('echoed', (seen, rest) => seen + rest));
  it('nor does one that repeats what it was asked for', () => check(false, (seen, rest) => lastWords(seen) + rest));
  it('nor one that repeats everything', () =>
    check(false, (seen, rest) => {
      // What begins and ends alike could be either.
      const alike = seen.slice(16).includes(seen.slice(0, 16));
      return (alike ? lastWords(seen) : seen) + rest;
    }));
  it('nor one that repeats its last lines', () =>
    check(false, (seen, rest) => {
      const from = seen.lastIndexOf('\n', seen.length - 17) + 1;
      const line = seen.slice(from).trimStart().replace(/\s+/g, ' ');
      const all = seen.replace(/\s+/g, ' ');
      const once = all.indexOf(line.slice(0, 16)) === all.lastIndexOf(line.slice(0, 16));
      return (line.length >= 16 && once && from > 0 ? seen.slice(from).trimStart() : lastWords(seen)) + rest;
    }));

  it('nothing of an unlike continuation is held back or changed but white space', () => {
    fc.assert(
      fc.property(cutting, fc.string({ minLength: 1 }), ({ before }, other) => {
        const said = `§${other}`;
        expect(joined(before, [said])).toBe(before + said);
      }),
    );
  });
});

it('asks for words from the beginning of one, and for whole characters', () => {
  expect(lastWords('short')).toBe('short');
  expect(lastWords(`${'word '.repeat(40)}end`)).toMatch(/^word .*end$/);
  expect(lastWords('🌊'.repeat(50)).isWellFormed()).toBe(true);
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      (text) => text.endsWith(lastWords(text)) && lastWords(text).length <= 60,
    ),
  );
});

describe('in events', () => {
  const continuation: Continuation = { text: 'The quick', trimmed: ' ', prefilled: false };
  const text = (words: string, part = 0): DecoderEvent => ({ type: 'text', part, text: words });

  it('thinking comes through, and text once it is new', () => {
    const seam = createSeam(continuation);
    const thought: DecoderEvent = { type: 'reasoning', part: 0, text: 'The quick' };
    expect(seam.push([thought, text('The qu', 1)])).toEqual([thought]);
    expect(seam.push([text('ick fox', 1), text(' jumps', 1)])).toEqual([text('fox', 1), text(' jumps', 1)]);
    expect(seam.end(true)).toEqual([]);
  });

  it('what was held back comes before whatever follows it', () => {
    const call: DecoderEvent = { type: 'tool-call-start', part: 1, callId: 'a', name: 'f' };
    expect(createSeam(continuation).push([text('The'), call, text('The quick', 2)])).toEqual([
      text('The'),
      call,
      text('The quick', 2),
    ]);
    const last = createSeam(continuation);
    expect(last.push([text('The')])).toEqual([]);
    expect(last.end(true)).toEqual([text('The')]);
    expect(last.end(true)).toEqual([]);
  });

  it('nothing is visible before something new is', () => {
    const seam = createSeam(continuation);
    seam.push([{ type: 'response-start' }, text('The quick')]);
    expect(seam.visible()).toBe(false);
    seam.push([text(' fox')]);
    expect(seam.visible()).toBe(true);
    const thinking = createSeam(continuation);
    thinking.push([{ type: 'reasoning', part: 0, text: 'Hm' }]);
    expect(thinking.visible()).toBe(true);
    const cut = createSeam(continuation);
    cut.push([text('The qu')]);
    expect([cut.end(false), cut.visible()]).toEqual([[], false]);
  });

  it('what does not begin with text is no continuation of one', () => {
    const call: DecoderEvent = { type: 'tool-call-start', part: 0, callId: 'a', name: 'f' };
    expect(createSeam(continuation).push([call, text('The quick', 1)])).toEqual([call, text('The quick', 1)]);
  });
});
