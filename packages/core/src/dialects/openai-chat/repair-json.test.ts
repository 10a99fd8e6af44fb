import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repairJson } from './repair-json.ts';

describe('quirk 158: JSON as models write it', () => {
  it.each([
    ['raw line ends in strings', '{"a": "x\ny\t"}', { a: 'x\ny\t' }],
    ['stray backslashes', '{"re": "\\d+\\."}', { re: '\\d+\\.' }],
    ['a cut unicode escape', '{"a": "\\u12"}', { a: '\\u12' }],
    ['single quotes', "{'a': 'it\\'s', 'b': [\"x\"]}", { a: "it's", b: ['x'] }],
    ['an apostrophe between single quotes', "{'a': 'it's'}", { a: "it's" }],
    ['double quotes between single ones', "{'a': 'say \"x\"'}", { a: 'say "x"' }],
    ['trailing commas', '{"a": [1, 2, ], "b": 3, }', { a: [1, 2], b: 3 }],
    ['Python’s literals', '{"a": True, "b": False, "c": None}', { a: true, b: false, c: null }],
    ['a code fence', '```json\n{"a": 1}\n```', { a: 1 }],
    ['an empty object before', '{}{"a": 1}', { a: 1 }],
    ['JSON inside a string', '"{\\"a\\": 1}"', { a: 1 }],
    ['missing closing brackets', '{"a": {"b": ["c"', { a: { b: ['c'] } }],
    ['null', ' null ', {}],
  ])('%s', (_name, text, value) => {
    const repaired = repairJson(text);
    expect(repaired).toBeDefined();
    expect(JSON.parse(repaired as string)).toEqual(value);
  });

  it.each([
    ['broken off in a string', '{"a": "b'],
    ['broken off in a number, which may have gone on', '{"a": 12'],
    ['broken off behind a colon', '{"a":'],
    ['broken off behind a comma', '{"a": 1,'],
    ['brackets that do not match', '{"a": [1}'],
    ['words', 'I will call the tool now'],
    ['a bare string', '"x"'],
    ['a number', '12'],
    ['nothing', ''],
    ['two values', '{"a":1}{"b":2}'],
  ])('beyond repair: %s', (_name, text) => {
    expect(repairJson(text)).toBeUndefined();
  });

  it('leaves valid objects as they are, and gives nothing but objects and arrays', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(JSON.parse(repairJson(JSON.stringify(value)) as string)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\'\\ntrue1 \n') }), (text) => {
        const repaired = repairJson(text);
        if (repaired !== undefined) expect(typeof JSON.parse(repaired)).toBe('object');
      }),
    );
  });
});
