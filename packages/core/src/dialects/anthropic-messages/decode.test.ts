import { describe, expect, test } from 'vitest';
import { createFold } from '../../chat/fold.ts';
import { createAnthropicDecoder } from './decode.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const frame = (event: { type: string; [key: string]: unknown }) =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

function run(...events: (string | { type: string; [key: string]: unknown })[]) {
  const decoder = createAnthropicDecoder({ provider: 'Anthropic', model: 'Claude' });
  const body = events.map((event) => (typeof event === 'string' ? event : frame(event))).join('');
  const said = [...decoder.push(bytes(body)), ...decoder.end()];
  const fold = createFold();
  fold.push(said);
  return { said, ...fold.answer() };
}

const start = (message: object = {}) => ({
  type: 'message_start',
  message: {
    id: 'msg_1',
    model: 'claude-opus-4-8',
    content: [],
    usage: { input_tokens: 10, output_tokens: 1 },
    ...message,
  },
});
const block = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block });
const delta = (index: number, fields: object) => ({ type: 'content_block_delta', index, delta: fields });
const close = (index: number) => ({ type: 'content_block_stop', index });
const done = (stop_reason = 'end_turn', usage: object = { output_tokens: 5 }, rest: object = {}) => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null, ...rest }, usage },
  { type: 'message_stop' },
];
const text = (index: number, words: string) => [
  block(index, { type: 'text', text: '' }),
  delta(index, { type: 'text_delta', text: words }),
  close(index),
];

describe('text and thinking', () => {
  test('quirk 78: blocks in order, pings anywhere, and one response-start', () => {
    const { said, parts, finish, model, responseId } = run(
      { type: 'ping' },
      start(),
      block(0, { type: 'text', text: '' }),
      { type: 'ping' },
      delta(0, { type: 'text_delta', text: 'Hel' }),
      delta(0, { type: 'text_delta', text: 'lo' }),
      close(0),
      ...done(),
    );
    expect(parts).toEqual([{ type: 'text', text: 'Hello' }]);
    expect(finish).toEqual({ reason: 'stop', nativeReason: 'end_turn' });
    expect([model, responseId]).toEqual(['claude-opus-4-8', 'msg_1']);
    expect(said.filter((event) => event.type === 'response-start')).toHaveLength(1);
  });

  test('quirk 87: what a block’s start holds is kept, as the signature covers it', () => {
    const { parts } = run(
      start(),
      block(0, { type: 'thinking', thinking: 'First ', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'this' }),
      delta(0, { type: 'signature_delta', signature: 'sig' }),
      close(0),
      block(1, { type: 'text', text: 'So' }),
      delta(1, { type: 'text_delta', text: ' it is' }),
      close(1),
      ...done(),
    );
    expect(parts).toEqual([
      { type: 'reasoning', text: 'First this', raw: { type: 'thinking', signature: 'sig' } },
      { type: 'text', text: 'So it is' },
    ]);
  });

  test('quirk 88: an empty signature is none', () => {
    const { parts } = run(
      start(),
      block(0, { type: 'thinking', thinking: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: '' }),
      close(0),
      ...text(1, 'a'),
      ...done(),
    );
    expect(parts[0]).toEqual({ type: 'reasoning', text: 'hm' });
  });

  test('quirk 88: a signature that is told twice is one signature, as the SDK has it', () => {
    const { parts } = run(
      start(),
      block(0, { type: 'thinking', thinking: '', signature: 'S' }),
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: 'S' }),
      delta(0, { type: 'signature_delta', signature: '' }),
      close(0),
      ...text(1, 'a'),
      ...done(),
    );
    expect(parts[0]).toEqual({ type: 'reasoning', text: 'hm', raw: { type: 'thinking', signature: 'S' } });
  });

  test('quirk 89: redacted thinking is kept whole and shown as nothing', () => {
    const secret = { type: 'redacted_thinking', data: 'EmwKAhgBEgy3' };
    const { parts } = run(start(), block(0, secret), close(0), ...text(1, 'a'), ...done());
    expect(parts[0]).toEqual({ type: 'reasoning', text: '', raw: secret });
  });

  test('quirk 95: citations stay with the text they belong to, and each source is told once', () => {
    const cites = {
      type: 'web_search_result_location',
      url: 'https://a.example/x',
      title: 'A',
      cited_text: 'so',
      encrypted_index: 'E',
    };
    const { parts } = run(
      start(),
      ...text(0, 'It is '),
      block(1, { type: 'text', text: '', citations: [] }),
      delta(1, { type: 'citations_delta', citation: cites }),
      delta(1, { type: 'text_delta', text: 'so' }),
      delta(1, { type: 'citations_delta', citation: cites }),
      close(1),
      ...text(2, '.'),
      ...done(),
    );
    expect(parts).toEqual([
      {
        type: 'text',
        text: 'It is so.',
        raw: {
          blocks: [
            { end: 6, citations: [] },
            { end: 8, citations: [cites, cites] },
            { end: 9, citations: [] },
          ],
        },
      },
      { type: 'citation', url: 'https://a.example/x', title: 'A', quote: 'so' },
    ]);
  });

  test('a delta of a block that was never announced still counts', () => {
    const { parts } = run(
      start(),
      delta(0, { type: 'text_delta', text: 'a' }),
      delta(1, { type: 'thinking_delta', thinking: 'b' }),
      ...done(),
    );
    expect(parts).toEqual([
      { type: 'text', text: 'a' },
      { type: 'reasoning', text: 'b' },
    ]);
  });
});

describe('tool calls', () => {
  const call = (id: string, input: object = {}) => ({ type: 'tool_use', id, name: 'look', input });
  const json = (index: number, partial_json: string) => delta(index, { type: 'input_json_delta', partial_json });

  test('quirk 85: an empty delta comes first, and a call without arguments sends none', () => {
    const { parts, finish } = run(
      start(),
      block(0, call('toolu_1')),
      json(0, ''),
      json(0, '{"a"'),
      json(0, ':1}'),
      close(0),
      block(1, call('toolu_2')),
      json(1, ''),
      close(1),
      ...done('tool_use'),
    );
    expect(parts).toEqual([
      { type: 'tool-call', callId: 'toolu_1', name: 'look', arguments: '{"a":1}' },
      { type: 'tool-call', callId: 'toolu_2', name: 'look', arguments: '{}' },
    ]);
    expect(finish?.reason).toBe('tool-calls');
  });

  test('quirk 86: an input may be here at once', () => {
    const { parts } = run(start(), block(0, call('toolu_1', { a: 1 })), close(0), ...done('tool_use'));
    expect(parts[0]).toMatchObject({ arguments: '{"a":1}' });
  });

  test('quirk 43: parsable arguments of a call that was cut off are nobody’s to act on', () => {
    const cut = run(start(), block(0, call('toolu_1')), json(0, '{"a":1}'));
    expect(cut.said.some((event) => event.type === 'tool-call-end')).toBe(false);
    expect(cut.finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'truncated' } });
    const full = run(start(), block(0, call('toolu_1')), json(0, '{"a":1}'), ...done('max_tokens'));
    expect(full.said.some((event) => event.type === 'tool-call-end')).toBe(false);
    expect(full.finish?.reason).toBe('length');
  });

  test('quirk 158: broken arguments are repaired once, at the end, or make the answer unreadable', () => {
    const mended = run(start(), block(0, call('toolu_1')), json(0, "{'a': True,}"), close(0), ...done('tool_use'));
    expect(mended.parts[0]).toMatchObject({ arguments: '{"a": true}', repaired: true });
    const broken = run(start(), block(0, call('toolu_1')), json(0, '{"a": "b'), close(0), ...done('tool_use'));
    expect(broken.finish).toMatchObject({ reason: 'error', failure: { kind: 'malformed-output' } });
  });

  test('the caller of a call is kept for its way back', () => {
    const caller = { type: 'code_execution_20260120', tool_id: 'srvtoolu_1' };
    const { parts } = run(start(), block(0, { ...call('toolu_1'), caller }), close(0), ...done('tool_use'));
    expect(parts[0]?.raw).toEqual({ caller });
  });
});

describe('what the provider runs itself', () => {
  test('quirk 94: a use and its result become one part, with the place of the result', () => {
    const { parts } = run(
      start(),
      block(0, { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"query":"x"}' }),
      close(0),
      ...text(1, 'Looking.'),
      block(2, { type: 'web_search_tool_result', tool_use_id: 'srv_1', content: [{ url: 'https://a.example' }] }),
      close(2),
      ...text(3, 'Found.'),
      ...done(),
    );
    expect(parts).toEqual([
      {
        type: 'server-tool',
        callId: 'srv_1',
        name: 'web_search',
        input: { query: 'x' },
        output: [{ url: 'https://a.example' }],
        raw: {
          use: { type: 'server_tool_use', id: 'srv_1', name: 'web_search' },
          result: { type: 'web_search_tool_result', tool_use_id: 'srv_1' },
          resultBefore: 2,
        },
      },
      { type: 'text', text: 'Looking.' },
      { type: 'text', text: 'Found.' },
    ]);
  });

  test('a fallback of Anthropic’s own names the model that answers', () => {
    const { model, parts } = run(
      start(),
      block(0, { type: 'fallback', from: { model: 'a' }, to: { model: 'b' } }),
      close(0),
      ...text(1, 'x'),
      ...done(),
    );
    expect(model).toBe('b');
    expect(parts).toHaveLength(2);
  });
});

describe('usage', () => {
  test('quirks 81 and 82: counts are cumulative, zeros are no news, and input counts its cache', () => {
    const { usage } = run(
      start({
        usage: { input_tokens: 10, cache_read_input_tokens: 100, cache_creation_input_tokens: 20, output_tokens: 1 },
      }),
      ...text(0, 'a'),
      ...done('end_turn', { input_tokens: 0, output_tokens: 7, output_tokens_details: { thinking_tokens: 3 } }),
    );
    expect(usage).toEqual({
      inputTokens: 130,
      outputTokens: 7,
      reasoningTokens: 3,
      cacheReadTokens: 100,
      cacheWriteTokens: 20,
    });
  });

  test('quirk 81: input may come in the last frame alone', () => {
    const { usage } = run(
      start({ usage: { input_tokens: 0, output_tokens: 0 } }),
      ...text(0, 'a'),
      ...done('end_turn', { input_tokens: 61, output_tokens: 2 }),
    );
    expect(usage).toEqual({ inputTokens: 61, outputTokens: 2 });
  });

  test('quirk 83: the lifetimes of cache entries add up where their sum is not told', () => {
    const split = { cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 12 } };
    const { usage } = run(start(), ...text(0, 'a'), ...done('end_turn', { output_tokens: 2, ...split }));
    expect(usage).toMatchObject({ inputTokens: 52, cacheWriteTokens: 42 });
  });

  test('quirk 84: what compaction used is billed as well', () => {
    const iterations = [
      { type: 'compaction', input_tokens: 60_000, output_tokens: 500 },
      { type: 'message', input_tokens: 600, output_tokens: 40 },
    ];
    const { usage } = run(
      start(),
      ...text(0, 'a'),
      ...done('end_turn', { input_tokens: 600, output_tokens: 40, iterations }),
    );
    expect(usage).toMatchObject({ inputTokens: 60_600, outputTokens: 540 });
  });

  test('an answer that was cut off has no output count: what was counted at its start is not all', () => {
    expect(
      run(start(), block(0, { type: 'text', text: '' }), delta(0, { type: 'text_delta', text: 'a' })).usage,
    ).toEqual({ inputTokens: 10 });
  });
});

describe('endings', () => {
  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['something_new', 'stop'],
  ])('quirk 91: %s is %s', (native, reason) => {
    expect(run(start(), ...text(0, 'a'), ...done(native)).finish).toEqual({ reason, nativeReason: native });
  });

  test('quirk 91: a refusal says why', () => {
    const { finish } = run(
      start(),
      ...done('refusal', { output_tokens: 5 }, { stop_details: { type: 'refusal', explanation: 'Not this.' } }),
    );
    expect(finish).toMatchObject({
      reason: 'content-filter',
      nativeReason: 'refusal',
      failure: { kind: 'content-policy', detail: 'Not this.' },
    });
  });

  test('quirk 92: a stop reason without message_stop is an end', () => {
    const [last] = done();
    expect(run(start(), ...text(0, 'a'), last as { type: string }).finish).toEqual({
      reason: 'stop',
      nativeReason: 'end_turn',
    });
  });

  test('quirk 79: an overload may be the first event of a good response', () => {
    const { finish } = run({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
    expect(finish).toMatchObject({
      reason: 'error',
      failure: { kind: 'overloaded', retryable: true, fallbackable: true },
    });
  });

  test('MiniMax’s verdict in place of an answer, or beside one, counts; that all is well is none', () => {
    const base_resp = { status_code: 1008, status_msg: 'insufficient balance' };
    const empty = { id: 'x', type: 'message', role: 'assistant', content: null, stop_reason: 'end_turn' };
    for (const body of [
      JSON.stringify({ base_resp }),
      JSON.stringify({ ...empty, base_resp }),
      `data: ${JSON.stringify({ base_resp })}\n\n`,
    ]) {
      expect(run(body).finish).toMatchObject({
        reason: 'error',
        failure: { kind: 'credit', userAction: 'add-credit', detail: 'insufficient balance' },
      });
    }
    const well = { ...empty, content: [{ type: 'text', text: 'Hi' }], base_resp: { status_code: 0, status_msg: '' } };
    expect(run(JSON.stringify(well)).finish).toMatchObject({ reason: 'stop' });
    expect(run(start({ base_resp: { status_code: 0 } }), ...text(0, 'a'), ...done()).finish?.reason).toBe('stop');
  });

  test('quirk 90: a start said twice is one message, another one inside of it is none', () => {
    expect(run(start(), start(), ...text(0, 'a'), ...done()).parts).toHaveLength(1);
    const spliced = run(start(), ...text(0, 'a'), start({ id: 'msg_2' }), ...text(0, 'b'), ...done());
    expect(spliced.finish?.failure?.kind).toBe('malformed-output');
  });

  test('quirks 93, 100 and 101: what is not known is passed over', () => {
    const { finish, parts } = run(
      { type: 'message_start', message: null },
      start(),
      { type: 'amazon-bedrock-invocationMetrics', message: null, x: 1 },
      ...text(0, 'a'),
      delta(0, { type: 'of_tomorrow_delta', text: 'b' }),
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn' },
        usage: { output_tokens: 2 },
        context_management: { applied_edits: [] },
      },
      { type: 'message_stop' },
    );
    expect(parts).toEqual([{ type: 'text', text: 'a' }]);
    expect(finish?.reason).toBe('stop');
  });

  test('quirk 159: an answer of nothing is a failure worth another try', () => {
    expect(run(start(), ...done()).finish).toMatchObject({
      reason: 'error',
      failure: { kind: 'malformed-output', retryable: true },
    });
  });

  test('another protocol, a web page and an error body are told for what they are', () => {
    expect(run('data: {"choices":[{"delta":{"content":"x"}}]}\n\n').finish?.failure?.kind).toBe('malformed-output');
    expect(run('<!doctype html><title>Sign in</title>').finish?.failure?.kind).toBe('malformed-output');
    expect(
      run('{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}').finish?.failure
        ?.kind,
    ).toBe('auth');
    expect(
      run('{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}').finish
        ?.failure?.kind,
    ).toBe('context-length'); // quirk 103
  });
});
