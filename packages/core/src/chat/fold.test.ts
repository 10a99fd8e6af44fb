import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from './event.ts';
import { createFold } from './fold.ts';
import type { Part, PartType } from './part.ts';

function folded(events: readonly ChatEvent[]) {
  const fold = createFold();
  fold.push(events);
  return fold.answer();
}

const text = (part: number, words: string): ChatEvent => ({ type: 'text', part, text: words });
const call = (part: number): ChatEvent[] => [
  { type: 'tool-call-start', part, callId: 'a', name: 'f' },
  { type: 'tool-call-arguments', part, delta: '{"x"' },
  { type: 'tool-call-arguments', part, delta: ':1}' },
];

describe('fold', () => {
  it('adds events up to a message', () => {
    expect(
      folded([
        { type: 'response-start', responseId: 'r' },
        { type: 'response-start', model: 'm', provider: 'p' },
        { type: 'reasoning', part: 0, text: 'h' },
        { type: 'reasoning', part: 0, text: 'm' },
        text(1, 'a'),
        text(1, 'b'),
        ...call(2),
        { type: 'tool-call-end', part: 2, callId: 'a', name: 'f', arguments: '{"x":1}' },
        { type: 'image', part: 3, mediaType: 'image/png', source: { kind: 'base64', data: 'AA' } },
        { type: 'citation', part: 4, url: 'https://a', title: 'A' },
        { type: 'server-tool', part: 5, callId: 's', name: 'search', input: { q: 1 } },
        { type: 'server-tool', part: 5, callId: 's', name: 'search', output: [2] },
        { type: 'usage', usage: { inputTokens: 1 } },
        { type: 'usage', usage: { inputTokens: 2 } },
        { type: 'finish', reason: 'stop', nativeReason: 'end' },
      ]),
    ).toEqual({
      responseId: 'r',
      model: 'm',
      provider: 'p',
      parts: [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'ab' },
        { type: 'tool-call', callId: 'a', name: 'f', arguments: '{"x":1}' },
        { type: 'image', mediaType: 'image/png', source: { kind: 'base64', data: 'AA' } },
        { type: 'citation', url: 'https://a', title: 'A' },
        { type: 'server-tool', callId: 's', name: 'search', input: { q: 1 }, output: [2] },
      ],
      usage: { inputTokens: 2 },
      finish: { reason: 'stop', nativeReason: 'end' },
    });
  });

  it.each([
    ['image/png', { type: 'image', mediaType: 'image/png' }],
    ['', { type: 'image', mediaType: '' }],
    ['audio/wav', { type: 'file', name: 'audio.wav', mediaType: 'audio/wav' }],
    ['Audio/MPEG; bitrate=1', { type: 'file', name: 'audio.mp3', mediaType: 'Audio/MPEG; bitrate=1' }],
    ['application/pdf', { type: 'file', name: 'document.pdf', mediaType: 'application/pdf' }],
    ['text/html', { type: 'file', name: 'file.bin', mediaType: 'text/html' }],
  ])('takes %j for a picture only where it is one, and gives a file a name', (mediaType, part) => {
    const source = { kind: 'blob', blobId: 'b' } as const;
    expect(folded([{ type: 'image', part: 0, mediaType, source }]).parts).toEqual([{ ...part, source }]);
  });

  it('shows a tool call as far as it has come', () => {
    expect(folded(call(0)).parts).toEqual([{ type: 'tool-call', callId: 'a', name: 'f', arguments: '{"x":1}' }]);
  });

  it('takes what a tool call ended as for the whole of it', () => {
    const repaired = folded([
      ...call(0),
      { type: 'tool-call-end', part: 0, callId: 'b', name: 'f', arguments: '{}', repaired: true },
    ]);
    expect(repaired.parts).toEqual([{ type: 'tool-call', callId: 'b', name: 'f', arguments: '{}', repaired: true }]);
  });

  it('writes the origin on every part', () => {
    const origin = { provider: 'p', model: 'm' };
    const fold = createFold(origin);
    fold.push([text(0, 'a'), { type: 'raw-part', part: 1, of: 'reasoning', raw: 1 }, ...call(2)]);
    expect(fold.answer().parts.map((part) => part.origin)).toEqual([origin, origin, origin]);
  });

  it('leaves out parts that nobody ever said anything of', () => {
    expect(folded([text(3, 'a')]).parts).toEqual([{ type: 'text', text: 'a' }]);
  });

  it('ignores events that are no part of a message', () => {
    expect(
      folded([
        { type: 'notice', code: 'cap-warning', message: 'x' },
        { type: 'tool-call-arguments', part: 9, delta: 'x' },
      ]),
    ).toEqual({ parts: [] });
  });
});

describe('raw', () => {
  const makers: { readonly [type in PartType]?: ChatEvent } = {
    text: text(0, 'x'),
    reasoning: { type: 'reasoning', part: 0, text: 'x' },
    'tool-call': { type: 'tool-call-end', part: 0, callId: 'a', name: 'f', arguments: '{}' },
    image: { type: 'image', part: 0, mediaType: 'image/png', source: { kind: 'base64', data: 'AA' } },
    citation: { type: 'citation', part: 0, url: 'https://a' },
    'server-tool': { type: 'server-tool', part: 0, callId: 's', name: 'search' },
  };

  it.each(Object.entries(makers) as [PartType, ChatEvent][])('stays with a %s, whichever comes first', (of, event) => {
    const raw: ChatEvent = { type: 'raw-part', part: 0, of, raw: { kept: [1, 'ü'] } };
    const [first] = folded([raw, event]).parts;
    expect(first).toMatchObject({ type: of, raw: { kept: [1, 'ü'] } });
    expect(folded([event, raw]).parts).toEqual([first]);
  });

  it('is the last one said, and needs nothing else of its part', () => {
    const raw = (value: string): ChatEvent => ({ type: 'raw-part', part: 0, of: 'reasoning', raw: value });
    expect(folded([raw('a'), raw('b')]).parts).toEqual([{ type: 'reasoning', text: '', raw: 'b' }]);
  });

  it.each(['text', 'reasoning', 'tool-call', 'tool-result', 'citation', 'server-tool', 'image', 'file'] as const)(
    'makes an empty %s',
    (of) => {
      expect(folded([{ type: 'raw-part', part: 0, of, raw: 1 }]).parts[0]).toMatchObject({ type: of, raw: 1 });
    },
  );
});

describe('snapshots', () => {
  it('give the same object for a part until an event touches it', () => {
    const fold = createFold();
    fold.push([text(0, 'a'), text(1, 'b')]);
    const [first, second] = fold.answer().parts;
    expect(fold.answer().parts[0]).toBe(first);
    fold.push([text(1, 'c')]);
    const [still, changed] = fold.answer().parts;
    expect(still).toBe(first);
    expect(changed).not.toBe(second);
    expect(second).toEqual({ type: 'text', text: 'b' });
    expect(changed).toEqual({ type: 'text', text: 'bc' });
  });

  it('are the same message however the events are batched, and however often one looks', () => {
    const events: ChatEvent[] = [
      text(0, 'a'),
      ...call(1),
      text(2, 'ü'),
      { type: 'raw-part', part: 0, of: 'text', raw: 1 },
      text(2, '🧵'),
    ];
    const whole = folded(events);
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: events.length, maxLength: events.length }), (looks) => {
        const fold = createFold();
        events.forEach((event, index) => {
          fold.push([event]);
          if (looks[index]) fold.answer();
        });
        expect(fold.answer()).toEqual(whole);
      }),
    );
  });

  it('join only what came since the last one', () => {
    const fold = createFold();
    const joined: number[] = [];
    const join = Array.prototype.join;
    Array.prototype.join = function (this: unknown[], separator?: string) {
      joined.push(this.length);
      return join.call(this, separator);
    };
    let parts: readonly Part[] = [];
    try {
      for (let n = 0; n < 1_000; n++) {
        fold.push([text(0, 'ab')]);
        if (n % 10 === 9) parts = fold.answer().parts;
      }
    } finally {
      Array.prototype.join = join;
    }
    expect(joined).toEqual(Array.from({ length: 100 }, () => 10));
    expect(parts).toEqual([{ type: 'text', text: 'ab'.repeat(1_000) }]);
  });
});
