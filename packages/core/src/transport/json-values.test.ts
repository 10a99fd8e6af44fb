import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonValues } from './json-values.ts';

type Said = readonly ['value', unknown, string, boolean] | readonly ['done'] | readonly ['scrap', string, string];

function said(body: string | readonly Uint8Array[], maxLineBytes?: number): Said[] {
  const out: Said[] = [];
  const values = createJsonValues(
    {
      value: (json, event, bare) => out.push(['value', json, event(), bare]),
      done: () => out.push(['done']),
      scrap: (text, event) => out.push(['scrap', text, event]),
    },
    maxLineBytes,
  );
  const chunks = typeof body === 'string' ? [new TextEncoder().encode(body)] : body;
  for (const chunk of chunks) values.push(chunk);
  values.end();
  return out;
}

const value = (json: unknown, event = '', bare = false): Said => ['value', json, event, bare];

describe('server-sent events', () => {
  it.each([
    ['quirk 1: LF', 'data: {"a":1}\n\ndata: {"a":2}\n\n'],
    ['quirk 1: CRLF', 'data: {"a":1}\r\n\r\ndata: {"a":2}\r\n\r\n'],
    ['quirk 1: CR', 'data: {"a":1}\r\rdata: {"a":2}\r\r'],
    ['quirk 1: a single LF between events', 'data: {"a":1}\ndata: {"a":2}\n'],
    ['quirk 1: mixed line ends', 'data: {"a":1}\r\n\ndata: {"a":2}\n\r\n'],
    ['quirk 4: no blank line at the end', 'data: {"a":1}\n\ndata: {"a":2}'],
    ['quirk 5: byte order mark', '\ufeffdata: {"a":1}\n\ndata: {"a":2}\n\n'],
    ['quirk 6: no space behind the colon', 'data:{"a":1}\n\ndata:{"a":2}\n\n'],
    ['quirk 6: empty data', 'data:\n\ndata: {"a":1}\n\ndata: \n\ndata\n\ndata: {"a":2}\n\n'],
    ['quirk 6: several data lines to one value', 'data: {\ndata: "a":1\ndata: }\n\ndata: {"a":\ndata: 2}\n\n'],
    ['quirk 7: comments', ': OPENROUTER PROCESSING\n\n:\n\ndata: {"a":1}\n: ping - now\ndata: {"a":2}\n\n: x\n\n'],
    ['quirk 29: two events in one read', 'data: {"a":1}\n\ndata: {"a":2}\n\n'],
    ['quirk 30: id with NUL and retry', 'id: 1\0\nretry: 3000\ndata: {"a":1}\n\nretry: x\ndata: {"a":2}\n\n'],
    ['an unknown field without a value', 'data: {"a":1}\n\nnonsense:\ndata: {"a":2}\n\n'],
  ])('%s', (name, body) => {
    const values = said(body).filter((one) => name.startsWith('quirk') || one[0] === 'value');
    expect(values).toEqual([value({ a: 1 }), value({ a: 2 })]);
  });

  it('quirk 2, quirk 3: says the same whatever way the body is cut', () => {
    const body =
      'event: x\r\ndata: {"a":"ü🧵"}\r\n\r\n: c\r\rdata: {"b":\ndata: 2}\n\n{\n "c": [1]\n}\ndata: [DONE]\n\n';
    const whole = said(body);
    expect(whole).toEqual([value({ a: 'ü🧵' }, 'x'), value({ b: 2 }), value({ c: [1] }, '', true), ['done']]);
    const all = new TextEncoder().encode(body);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: all.length })), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), all.length];
        expect(said(at.slice(1).map((to, n) => all.subarray(at[n], to)))).toEqual(whole);
      }),
    );
  });

  it('hands a value on when its line ends, before the blank line comes', () => {
    const out: unknown[] = [];
    const values = createJsonValues({ value: (json) => out.push(json), done: () => {}, scrap: () => {} });
    values.push(new TextEncoder().encode('data: {"a":1}\n'));
    expect(out).toEqual([{ a: 1 }]);
  });

  it('quirk 9, quirk 20: names the event, up to the blank line', () => {
    expect(said('event: ping\ndata: {"a":1}\n\ndata: {"a":2}\n\n')).toEqual([value({ a: 1 }, 'ping'), value({ a: 2 })]);
  });

  it('quirk 10: [DONE] is a marker of its own', () => {
    expect(said('data: [DONE]\n\ndata:[DONE] \n')).toEqual([['done'], ['done']]);
  });

  it('a broken value is handed over as scrap and takes no other with it', () => {
    expect(said('data: {"a":\n\ndata: {"a":2}\n\n')).toEqual([['scrap', '{"a":', ''], value({ a: 2 })]);
    expect(said('data: {"a":\ndata: {"a":2}\n')).toEqual([['scrap', '{"a":', ''], value({ a: 2 })]);
    expect(said('data: {"a":\ndata: [DONE]\n')).toEqual([['scrap', '{"a":', ''], ['done']]);
  });

  it('text that is no JSON is scrap', () => {
    expect(said('event: error\ndata: upstream died\n\n')).toEqual([['scrap', 'upstream died', 'error']]);
    expect(said('<html>\n<body>\n')).toEqual([
      ['scrap', '<html>', ''],
      ['scrap', '<body>', ''],
    ]);
  });

  it('quirk 31: a streamed __proto__ reaches no prototype', () => {
    said('data: {"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}\n\n');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('other framings', () => {
  const error = { error: { code: 429, message: 'a "quoted \\" {brace"' } };
  const printed = JSON.stringify(error, null, 2);

  it('quirk 15, quirk 25: one JSON body', () => {
    expect(said(JSON.stringify(error))).toEqual([value(error, '', true)]);
    expect(said(printed)).toEqual([value(error, '', true)]);
  });

  it('quirk 25: a JSON body behind lines of padding', () => {
    expect(said(`\n   \n\n          ${JSON.stringify(error)}\n\n`)).toEqual([value(error, '', true)]);
    expect(said(`${'\n        '.repeat(50)}\n${printed}`)).toEqual([value(error, '', true)]);
  });

  it('quirk 16: JSON printed over many lines between events', () => {
    expect(said(`data: {"a":1}\n\n${printed}\n\ndata: {"a":2}\n\n`)).toEqual([
      value({ a: 1 }),
      value(error, '', true),
      value({ a: 2 }),
    ]);
  });

  it('quirk 16: unfinished bare JSON gives way to a data line', () => {
    expect(said('{\n "error": {\ndata: {"a":2}\n\n')).toEqual([['scrap', '{\n "error": {', ''], value({ a: 2 })]);
  });

  it('quirk 17: such an error is found in any chunking', () => {
    const all = new TextEncoder().encode(printed);
    expect(said([...all].map((byte) => Uint8Array.of(byte)))).toEqual([value(error, '', true)]);
  });

  it('quirk 18: an array, whole or element by element', () => {
    expect(said(`[${JSON.stringify(error)}]`)).toEqual([value(error, '', true)]);
    expect(said(`[${printed}]`)).toEqual([value(error, '', true)]);
    expect(said(`[{\n  "a": 1\n}\n,\n{\n  "a": 2\n}\n]\n`)).toEqual([
      value({ a: 1 }, '', true),
      value({ a: 2 }, '', true),
    ]);
    expect(said(`[{\n  "a": 1\n}, {\n  "a": 2\n}]`)).toEqual([value({ a: 1 }, '', true), value({ a: 2 }, '', true)]);
    expect(said('data: [{"error":{"code":1}}]\n\n')).toEqual([value({ error: { code: 1 } })]);
  });

  it('quirk 18: elements come out as they complete', () => {
    const out: unknown[] = [];
    const values = createJsonValues({ value: (json) => out.push(json), done: () => {}, scrap: () => {} });
    values.push(new TextEncoder().encode('[{\n  "a": 1\n}\n'));
    expect(out).toEqual([{ a: 1 }]);
  });

  it('quirk 21: a field named error', () => {
    expect(said('error: {"code":500,"message":"x"}\n\n')).toEqual([value({ code: 500, message: 'x' }, 'error')]);
    expect(said('error: {\n  "code": 500\n}\n\n')).toEqual([value({ code: 500 }, 'error')]);
    expect(said('error: gone\n\n')).toEqual([['scrap', 'gone', 'error']]);
  });

  it('an event whose JSON goes on over lines without field names', () => {
    expect(said(`data: ${printed}\n\ndata: {"a":1}\n\n`)).toEqual([value(error), value({ a: 1 })]);
  });

  it('JSON values a line each', () => {
    expect(said('{"a":1}\n{"a":2}\n')).toEqual([value({ a: 1 }, '', true), value({ a: 2 }, '', true)]);
  });

  it('quirk 28: a bare value past the limit becomes scrap, not memory', () => {
    const out = said(`{\n${'"aaaaaaaaaaaaaaaa": 1,\n'.repeat(100)}`, 500);
    expect(out[0]?.[0]).toBe('scrap');
    expect(out.every((one) => one[0] === 'scrap')).toBe(true);
  });

  it('long runs of spaces cost no more than their length', () => {
    const spaces = ' '.repeat(2_000_000);
    expect(said(`{"a":1}${spaces}x`).map((one) => one[0])).toEqual(['scrap']);
    expect(said(`${spaces}{"a":1}${spaces}`)).toEqual([value({ a: 1 }, '', true)]);
  });
});
