import { describe, expect, it } from 'vitest';
import { createOpenAiChatDecoder } from './decode.ts';
import { chunk, DONE, data, decode, stop } from './decoding.testing.ts';

const hello = [chunk({ role: 'assistant', content: 'Hel' }), chunk({ content: 'lo' })];
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

describe('a text answer', () => {
  it('is told event by event, and finishes once', () => {
    const { events } = decode(data(...hello, stop(), { id: 'gen-1', choices: [], usage }) + DONE);
    expect(events).toEqual([
      { type: 'response-start', responseId: 'gen-1', model: 'acme/one' },
      { type: 'text', part: 0, text: 'Hel' },
      { type: 'text', part: 0, text: 'lo' },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } },
      { type: 'finish', reason: 'stop', nativeReason: 'stop' },
    ]);
  });

  it.each([
    ['quirk 1, quirk 205: CRLF', data(...hello, stop()).replaceAll('\n', '\r\n')],
    ['quirk 1: CR', data(...hello, stop()).replaceAll('\n', '\r')],
    ['quirk 1: a single LF between events', data(...hello, stop()).replaceAll('\n\n', '\n')],
    ['quirk 4: no line end behind the last event', data(...hello, stop()).trimEnd()],
    ['quirk 5: a byte order mark', `\ufeff${data(...hello, stop())}`],
    [
      'quirk 6: no space behind the colon, and empty data',
      `data:\n\n${data(...hello, stop()).replaceAll('data: ', 'data:')}`,
    ],
    [
      'quirk 7, quirk 247: comments, first of all and in between',
      `: OPENROUTER PROCESSING\n\n${data(hello[0])}: ping - 2025\n\n:\n${data(hello[1], stop())}`,
    ],
    [
      'quirk 9: pings',
      `event: ping\ndata: {"type":"ping"}\n\n${data(...hello)}event: ping\ndata: {}\n\n${data(stop())}`,
    ],
    ['quirk 10: no [DONE]', data(...hello, stop())],
    ['quirk 11: no finish reason but [DONE]', data(...hello) + DONE],
    ['quirk 12: a finish reason of null to the end', data(...hello, stop(null)) + DONE],
    [
      'quirk 12: a whole answer without a finish reason',
      JSON.stringify({ choices: [{ message: { content: 'Hello' }, finish_reason: null }] }),
    ],
    [
      'quirk 25: a whole answer in one event',
      data({ object: 'chat.completion', choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }),
    ],
    [
      'quirk 25: a whole answer as the body',
      JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }] }),
    ],
    [
      'quirk 25, quirk 178: the same printed and padded',
      `\n  \n     ${JSON.stringify({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }, null, 2)}\n`,
    ],
    [
      'quirk 25: a whole answer beside an empty delta',
      data({ choices: [{ delta: {}, message: { content: 'Hello' }, finish_reason: 'stop' }] }),
    ],
    [
      'quirk 25: deltas, and the whole answer again at the end',
      data(...hello, { choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }),
    ],
    ['quirk 30: id and retry fields', `retry: 5\nid: 1\n${data(...hello, stop())}`],
    [
      'quirk 39: padding against traffic analysis',
      data(chunk({ content: 'Hello' }, {}, { obfuscation: 'aX3' }), stop()),
    ],
    [
      'quirk 41, quirk 210: null, absent and empty fields',
      data(
        chunk({ role: '', content: null, tool_calls: null, refusal: null, annotations: null }),
        chunk(null),
        chunk(undefined),
        ...hello,
        stop(),
      ),
    ],
    ['quirk 48: a moderation chunk without choices', data({ moderation: { flagged: false } }, ...hello, stop())],
    [
      'quirk 49: logprobs on the chunk',
      data(chunk({ content: 'Hello' }, { logprobs: { content: [] } }, { logprobs: {} }), stop()),
    ],
    [
      'quirk 188: no finish reason at all before the last',
      data({ choices: [{ delta: { content: 'Hello' } }] }, stop()),
    ],
    [
      'quirk 233: an event of the filter without a delta',
      data(...hello, { choices: [{ index: 0, finish_reason: null, content_filter_offsets: { start: 1 } }] }, stop()),
    ],
    [
      'quirk 144: an empty finish reason with every chunk',
      data(chunk({ content: 'Hello' }, { finish_reason: '' }), stop()),
    ],
    [
      'quirk 145: the finish reason with the last text',
      data(hello[0], chunk({ content: 'lo' }, { finish_reason: 'stop' })),
    ],
    [
      'quirk 145: a finish reason beside a delta of null',
      data(...hello, { choices: [{ delta: null, finish_reason: 'stop' }] }),
    ],
    [
      'quirk 146: chunks without choices',
      data({ id: 'x' }, { choices: null }, { choices: [] }, { choices: [null] }, ...hello, stop()),
    ],
    ['quirk 166: empty text', data(chunk({ content: '' }), ...hello, chunk({ content: '' }), stop())],
    [
      'an error that says nothing',
      data(
        chunk({ content: 'Hello' }, {}, { error: null }),
        chunk({}, {}, { error: {} }),
        chunk({}, {}, { error: { code: 0, message: '' } }),
        stop(),
      ),
    ],
  ])('%s', (_name, body) => {
    const { text, finish, parts } = decode(body);
    expect({ text, reason: finish?.reason, parts: parts.length }).toEqual({ text: 'Hello', reason: 'stop', parts: 1 });
    expect(finish).not.toHaveProperty('failure');
  });

  it('quirk 2, quirk 3, quirk 29: in any reads', () => {
    const body = new TextEncoder().encode(data(chunk({ content: 'ü 漢 🧵' }), stop()).replaceAll('\n', '\r\n'));
    for (let at = 0; at <= body.length; at++) {
      expect(decode([body.slice(0, at), body.slice(at)]).text).toBe('ü 漢 🧵');
    }
    expect(decode([...body].map((byte) => Uint8Array.of(byte))).text).toBe('ü 漢 🧵');
  });

  it('quirk 31: streamed prototype keys change nothing', () => {
    const body =
      '{"__proto__":{"content":"x"},"choices":[{"__proto__":{"a":1},"delta":{"content":"Hello"},"finish_reason":"stop"}]}';
    expect(decode(data(body)).text).toBe('Hello');
    expect(({} as { content?: string }).content).toBeUndefined();
  });

  it('quirk 147, quirk 232: takes id, model and provider when they come', () => {
    const start = decode(
      data(
        { id: '', model: '', choices: [] },
        chunk({ content: 'a' }, {}, { id: 'x1', model: '' }),
        chunk({ content: 'b' }, {}, { id: 'x2', model: 'm', provider: 'P' }),
        stop(),
      ),
    ).events.filter((event) => event.type === 'response-start');
    expect(start).toEqual([
      { type: 'response-start', responseId: 'x1' },
      { type: 'response-start', responseId: 'x1', model: 'm', provider: 'P' },
    ]);
    expect(
      decode(data({ id: 7, model: null, choices: [{ delta: {}, finish_reason: 'length' }] })).events[0]?.type,
    ).toBe('finish');
  });

  it('quirk 148, quirk 249: tells the model and the host that answered', () => {
    const { events } = decode(
      data(chunk({ content: 'x' }, {}, { model: 'acme/one-0612', provider: 'Bedrock' }), stop()),
    );
    expect(events[0]).toEqual({
      type: 'response-start',
      responseId: 'gen-1',
      model: 'acme/one-0612',
      provider: 'Bedrock',
    });
  });
});

describe('the finish', () => {
  it('quirk 36: waits for the usage behind it', () => {
    const decoder = createOpenAiChatDecoder();
    const push = (text: string) => decoder.push(new TextEncoder().encode(text)).map(({ type }) => type);
    expect(push(data(chunk({ content: 'x' }), stop()))).toEqual(['response-start', 'text']);
    expect(push(data({ choices: [], usage }))).toEqual([]);
    expect(push(DONE)).toEqual(['usage', 'finish']);
    expect(decoder.end()).toEqual([]);
  });

  it('quirk 249: comes twice at OpenRouter, the second time with the usage', () => {
    const twice = decode(
      data(
        chunk({ content: 'x' }),
        stop('stop', { native_finish_reason: 'end_turn' }),
        stop('stop', { native_finish_reason: 'end_turn' }, { usage }),
      ) + DONE,
    );
    expect(twice.events.filter(({ type }) => type === 'finish')).toEqual([
      { type: 'finish', reason: 'stop', nativeReason: 'end_turn' },
    ]);
    expect(twice.usage).toEqual({ inputTokens: 3, outputTokens: 2 });
  });

  it.each([
    ['stop', 'stop'],
    ['end', 'stop'],
    ['eos', 'stop'],
    ['COMPLETE', 'stop'],
    ['length', 'length'],
    ['model_length', 'length'],
    ['MAX_TOKENS', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['content_filter', 'content-filter'],
    ['sensitive', 'content-filter'],
    ['max_output_tokens', 'length'],
    ['insufficient_system_resource', 'error'],
    ['network_error', 'error'],
    ['abort', 'error'],
    ['cancelled', 'error'],
    ['timeout', 'error'],
    ['error', 'error'],
    ['something new', 'stop'],
  ])('quirk 144, quirk 179, quirk 214, quirk 224: %s', (native, reason) => {
    const { finish } = decode(data(chunk({ content: 'x' }), stop(native)));
    expect(finish).toMatchObject({ reason, nativeReason: native });
  });

  it('an upstream’s own word can turn a stop into an error', () => {
    const { finish } = decode(data(chunk({ content: 'x' }), stop('stop', { native_finish_reason: 'network_error' })));
    expect(finish).toMatchObject({ reason: 'error', nativeReason: 'network_error', failure: { kind: 'unavailable' } });
  });

  it('Groq says what made it stop', () => {
    const { finish } = decode(data(chunk({ content: 'x' }), stop('error', {}, { x_groq: { error: 'over_capacity' } })));
    expect(finish?.failure).toMatchObject({ kind: 'unavailable', detail: 'over_capacity' });
  });

  it('does not say that it did not answer where half of it stands there', () => {
    const trouble = { error: { code: 529, message: 'Overloaded' } };
    expect(decode(data(trouble)).finish?.failure?.message).toMatch(/^acme\/one did not answer: Acme is overloaded/);
    expect(decode(data(chunk({ content: 'x' }), trouble)).finish?.failure?.message).toMatch(
      /^acme\/one broke off: Acme is overloaded/,
    );
  });

  it('offers nothing to continue where nothing came', () => {
    const { finish } = decode('');
    expect(finish?.failure).toMatchObject({ kind: 'truncated', userAction: 'retry' });
    expect(finish?.failure?.message).toContain('ended before anything of it came');
    expect(decode(data(chunk({ content: 'x' }))).finish?.failure).toMatchObject({ userAction: 'continue' });
  });

  it('says who filtered', () => {
    const { finish } = decode(data(chunk({ content: 'x' }), stop('content_filter')));
    expect(finish?.failure).toMatchObject({ kind: 'content-policy', message: expect.stringContaining('Acme') });
  });

  it('quirk 47: a refusal is shown, and told from an answer', () => {
    const { text, finish } = decode(data(chunk({ refusal: 'I cannot ' }), chunk({ refusal: 'help.' }), stop()));
    expect(text).toBe('I cannot help.');
    expect(finish).toMatchObject({ reason: 'content-filter', failure: { kind: 'refusal' } });
    expect(decode(JSON.stringify({ choices: [{ message: { refusal: 'No.' }, finish_reason: 'stop' }] })).text).toBe(
      'No.',
    );
  });

  it('quirk 159: an answer of nothing at all is a fault worth a retry', () => {
    expect(decode(data(chunk({ content: '' }), stop()) + DONE).finish).toMatchObject({
      reason: 'error',
      failure: { kind: 'malformed-output', retryable: true },
    });
    expect(decode(data(stop('length'))).finish).toMatchObject({ reason: 'length' });
  });
});

describe('a cut', () => {
  const cutBody = data(...hello);

  it('quirk 11, quirk 13: without finish reason and [DONE] is truncated', () => {
    expect(decode(cutBody).finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'truncated' } });
    expect(decode(data(chunk({ role: 'assistant' }))).finish).toMatchObject({
      reason: 'error',
      failure: { kind: 'truncated' },
    });
    expect(decode('').finish).toMatchObject({ reason: 'error', failure: { kind: 'truncated' } });
  });

  it('quirk 13: an unfinished tool call is a cut, even before [DONE]', () => {
    const call = { index: 0, id: 'a', function: { name: 'f', arguments: '{"a":' } };
    const { finish, events } = decode(data(chunk({ tool_calls: [call] })) + DONE);
    expect(finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'truncated' } });
    expect(events.some(({ type }) => type === 'tool-call-end')).toBe(false);
  });

  it.each([
    ['quirk 14: a reset', { kind: 'reset', message: 'ECONNRESET' }, 'truncated'],
    ['an abort', { kind: 'aborted' }, 'aborted'],
    ['quirk 8: a stall', { kind: 'stalled', message: 'nothing more for 120 seconds' }, 'stalled'],
  ] as const)('%s', (_name, cause, kind) => {
    expect(decode(cutBody, { cause }).finish).toMatchObject({ reason: 'interrupted', failure: { kind } });
  });

  it('quirk 26: changes nothing behind the finish reason', () => {
    const body = data(...hello, stop());
    for (const cause of [{ kind: 'reset' }, { kind: 'aborted' }, { kind: 'stalled', message: 'x' }] as const) {
      expect(decode(body, { cause }).finish).toEqual({ reason: 'stop', nativeReason: 'stop' });
      expect(decode(`${body}data: {"choices":[],"us`, { cause }).finish).toEqual({
        reason: 'stop',
        nativeReason: 'stop',
      });
    }
    expect(decode(body)).not.toHaveProperty('usage');
  });

  it('keeps the usage that had come', () => {
    const { usage: counted } = decode(data(chunk({ content: 'x' }, {}, { usage })), { cause: { kind: 'aborted' } });
    expect(counted).toEqual({ inputTokens: 3, outputTokens: 2 });
  });
});

describe('images and citations', () => {
  it('takes an image out of its data address', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/webp;base64,AAAA' } };
    const { parts } = decode(
      data(
        chunk({ content: 'Here: ', images: [image] }),
        chunk({ images: [{ image_url: 'https://a/b.png' }] }),
        stop(),
      ),
    );
    expect(parts).toEqual([
      { type: 'text', text: 'Here: ' },
      { type: 'image', mediaType: 'image/webp', source: { kind: 'base64', data: 'AAAA' } },
      { type: 'image', mediaType: 'image/png', source: { kind: 'url', url: 'https://a/b.png' } },
    ]);
  });

  it('quirk 49: citations stand behind the text, each once, in stream and whole answer alike', () => {
    const note = {
      type: 'url_citation',
      url_citation: { url: 'https://a', title: 'A', content: 'said so', start_index: 0 },
    };
    const streamed = decode(
      data(chunk({ annotations: [note] }), chunk({ content: 'x' }), chunk({ annotations: [note] }), stop()),
    );
    const whole = decode(
      JSON.stringify({ choices: [{ message: { content: 'x', annotations: [note] }, finish_reason: 'stop' }] }),
    );
    expect(streamed.parts).toEqual([
      { type: 'text', text: 'x' },
      { type: 'citation', url: 'https://a', title: 'A', quote: 'said so' },
    ]);
    expect(whole.parts).toEqual(streamed.parts);
  });

  it('quirk 189, quirk 207: lists of addresses with every chunk', () => {
    const top = {
      citations: ['https://a', 'https://b'],
      search_results: [{ url: 'https://b', title: 'B' }, { url: 'https://c' }],
    };
    const { parts } = decode(
      data(chunk({ content: 'x' }, {}, top), chunk({ content: 'y' }, {}, top), stop('stop', {}, top)),
    );
    expect(parts.slice(1)).toEqual([
      { type: 'citation', url: 'https://a' },
      { type: 'citation', url: 'https://b', title: 'B' },
      { type: 'citation', url: 'https://c' },
    ]);
  });
});
