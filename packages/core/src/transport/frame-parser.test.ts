import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { chunksOf, WIRE_NAMES, WIRES } from '../../../../test/bench/wire.ts';
import { createFrameParser } from './frame-parser.ts';

/** What a parser makes of each text, told only once all are read, so that a value changed later on shows. */
function outcomes(parse: (text: string) => unknown, texts: readonly string[]) {
  const told = texts.map((text) => {
    try {
      return { value: parse(text) };
    } catch (error) {
      return { error: String(error) };
    }
  });
  // As text too: it tells the order of keys, and a key called `__proto__`.
  return { told, printed: JSON.stringify(told) };
}

function same(texts: readonly string[]): void {
  expect(outcomes(createFrameParser(), texts)).toStrictEqual(outcomes(JSON.parse, texts));
}

/** How often texts that begin so are parsed whole, to be read or to be learnt from. */
function wholeParses(texts: readonly string[], begin = '{'): number {
  const parse = vi.spyOn(JSON, 'parse');
  const parseFrame = createFrameParser();
  for (const text of texts) parseFrame(text);
  const whole = parse.mock.calls.filter(([text]) => text.startsWith(begin)).length;
  parse.mockRestore();
  return whole;
}

/** Frames that differ in one place. */
const around = (before: string, varying: readonly string[], after: string) =>
  varying.map((one) => `${before}${one}${after}`);

describe('frame parser', () => {
  it.each(WIRE_NAMES)('reads the %s wire as JSON.parse does, and parses few of its frames whole', (wire) => {
    const [bytes] = chunksOf([WIRES[wire].sample(1_000).events.join('')], 'one event a read');
    const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
    const texts = lines.filter((line) => line.startsWith('data: {')).map((line) => line.slice(6));
    same(texts);
    expect(texts.length).toBeGreaterThan(1_000);
    expect(wholeParses(texts)).toBeLessThan(30);
  });

  it.each<[string, readonly string[]]>([
    [
      'strings of every sort',
      around('{"a":', ['"x"', '"yz"', '""', '"\\n\\"\\u00e9"', '"漢🧵"', '"a text that is longer"'], '}'),
    ],
    ['numbers of every sort', around('{"a":', ['1', '20', '0', '-1', '1.5', '1e3', '12345678901234567890', '-0'], '}')],
    ['another kind of scalar', around('{"a":', ['"x"', '"y"', '1', 'null', 'true', '{"b":1}', '["x"]'], ',"c":2}')],
    ['part of a number', around('{"a":1.', ['5', '25', '0', '01'], '}')],
    ['a sign in front of what varies', around('{"a":-', ['5', '25', '0', '"x"'], '}')],
    [
      'two places with the same text',
      ['{"a":"x","b":"x"}', '{"a":"y","b":"z"}', '{"a":"z","b":"y"}', '{"a":"1","b":2}'],
    ],
    ['space between', around('{ "a" :\t', ['"x"', '"y"', '"z"'], ' }')],
    ['what no JSON has: a leading zero', around('{"a":', ['1', '2', '01', '00', '3'], '}')],
    ['what no JSON has: a control character', around('{"a":"', ['x', 'y', '\u0001', '\t', 'z'], '"}')],
    ['what no JSON has: an escape', around('{"a":"', ['x', 'y', '\\q', '\\u12', '\\', 'z'], '"}')],
    [
      'what no JSON has: an end that is missing',
      ['{"a":"x"}', '{"a":"y"}', '{"a":"z"', '{"a":"z', '{"a":', '{"a":"z"}}'],
    ],
    ['a key that varies', around('{"', ['x', 'y', 'z'], '":1}')],
    ['a key that varies with its value', ['{"a":"a"}', '{"b":"b"}', '{"c":"d"}']],
    ['a key that comes twice', ['{"a":"x","a":"z"}', '{"a":"y","a":"z"}', '{"a":"z","a":"x"}']],
    ['keys like indexes, in no order', ['{"2":"x","1":"y"}', '{"2":"a","1":"b"}', '{"2":"c","1":"d"}']],
    ['a value under __proto__', around('{"__proto__":', ['"x"', '"y"', '"z"', 'null'], '}')],
    ['something that varies below __proto__', around('{"__proto__":{"a":', ['"x"', '"y"', '"z"'], '}}')],
    ['no object', ['"x"', '"y"', '"z"', '1', '2', '3', '[1]', '[2]', '[3]']],
    ['nothing that varies', ['{}', '{}', '{}', '{"a":1}', '{"a":1}', '{"a":1}', '[]', '{}']],
    [
      'the same values elsewhere',
      ['{"a":"x"}', '{"a":"y"}', '{"b":"x"}', '{"b":"y"}', '{"a":"x","b":1}', '{"a":["x"]}'],
    ],
    ['strings as long as the text', around('{"a":', ['"x"', `"${'x'.repeat(50)}"`, `"${'x'.repeat(51)}"`, '"z"'], '}')],
  ])('%s', (_, texts) => {
    same(texts);
    same(texts.toReversed());
    same(texts.flatMap((one) => [texts[0] as string, texts[1] as string, one, one, one]));
  });

  it.each([
    ['"', '"}'],
    ['', '}'],
    ['', ',"b":1}'],
    ['[', ']}'],
    ['', ' }'],
  ])('finds the end of a scalar between %s and %s', (before, after) => {
    expect(wholeParses(around(`{"a":${before}`, ['1', '2', '34', '5', '678'], after))).toBe(3);
  });

  it('leaves what was learnt as it is where frames of other sorts come now and then', () => {
    const deltas = Array.from({ length: 60 }, (_, n) => `{"delta":"${n}"}`);
    const ping = '{"type": "ping"}';
    for (const odd of [[ping], [ping, '{"type":"note","of":[1,2]}']]) {
      const texts = deltas.flatMap((delta, n) => (n % 5 === 4 ? [delta, ...odd] : [delta]));
      // Two, and what was learnt from them.
      expect(wholeParses(texts, '{"delta"')).toBe(3);
    }
  });

  it('learns nothing from frames that are long, or that have little in common', () => {
    const long = around('{"a":', ['1', '2', '3', '4'], `,"b":"${'x'.repeat(5_000)}"}`);
    const wide = Array.from({ length: 4 }, (_, n) => JSON.stringify({ a: Array(20).fill(n) }));
    for (const texts of [long, wide]) {
      same(texts);
      expect(wholeParses(texts)).toBe(texts.length);
    }
  });

  it('does not try to learn again and again where nothing comes of it, nor from frames that are all the same', () => {
    const unlike = Array.from({ length: 1_000 }, (_, n) => `{"${'x'.repeat(n % 7)}${n % 3}":[${'1,'.repeat(n % 5)}1]}`);
    const alike = Array.from({ length: 1_000 }, () => '{"a":1}');
    const split = vi.spyOn(String.prototype, 'split');
    for (const texts of [unlike, alike]) {
      const parseFrame = createFrameParser();
      for (const text of texts) parseFrame(text);
      expect(split.mock.calls.length).toBeLessThan(texts === alike ? 1 : 40);
      split.mockClear();
    }
    split.mockRestore();
  });

  it('gives what JSON.parse gives, whatever comes', () => {
    fc.assert(
      fc.property(frames, (texts) => same(texts)),
      { numRuns: 2_000 },
    );
  });
});

const space = fc.constantFrom('', '', '', ' ', '\n', '\t');
const scalarText = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => JSON.stringify(text)) },
  { weight: 3, arbitrary: fc.nat().map(String) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('null', 'true', '""', '"\\ud83d"', '"\\/"', '1E+2', '-0', '01', '"\u0000"') },
);
const key = fc.constantFrom('"a"', '"b"', '"a"', '"\\u0061"', '"1"', '"0"', '"__proto__"', '"length"', '""');

/** JSON as text, so that keys may come twice and everything may be written in several ways. */
const { json } = fc.letrec<{ json: string; held: string }>((tie) => ({
  json: fc
    .array(fc.tuple(space, key, space, space, tie('held'), space), { maxLength: 4 })
    .map((fields) => `{${fields.map(([a, name, b, c, held, d]) => `${a}${name}${b}:${c}${held}${d}`).join(',')}}`),
  held: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalarText,
    tie('json'),
    fc.array(tie('held'), { maxLength: 3 }).map((all) => `[${all.join(',')}]`),
  ),
}));

/** Frames of one stream: the same text with other scalars in some places, and with damage now and then. */
const frames = fc
  .record({
    base: json,
    /** Which scalars vary in most frames. */
    places: fc.array(fc.nat({ max: 11 }), { maxLength: 4 }),
    frames: fc.array(
      fc.record({
        scalars: fc.array(scalarText, { minLength: 4, maxLength: 4 }),
        elsewhere: fc.option(fc.nat({ max: 11 }), { freq: 8 }),
        damage: fc.option(
          fc.record({ at: fc.nat({ max: 200 }), to: fc.constantFrom('', '"', '\\', ',', '}', '0', ' ') }),
          {
            freq: 8,
          },
        ),
      }),
      { minLength: 3, maxLength: 9 },
    ),
  })
  .map(({ base, places, frames: all }) =>
    all.map(({ scalars, elsewhere, damage }) => {
      const pieces = base.split(/("(?:[^"\\]|\\.)*"|\d+)/);
      const at = elsewhere === null ? places : [...places, elsewhere];
      for (const [n, place] of at.entries()) {
        if (2 * place + 1 < pieces.length) pieces[2 * place + 1] = scalars[n % scalars.length] as string;
      }
      const text = pieces.join('');
      return damage ? text.slice(0, damage.at) + damage.to + text.slice(damage.at + 1) : text;
    }),
  );
