import { describe, expect, test } from 'vitest';
import { createFold } from '../../chat/fold.ts';
import { createOpenAiResponsesDecoder } from './decode.ts';

type Value = { [key: string]: unknown };

function run(...events: (string | Value)[]) {
  const decoder = createOpenAiResponsesDecoder({ provider: 'OpenAI', model: 'GPT' });
  const body = events
    .map((one) => (typeof one === 'string' ? one : `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`))
    .join('');
  const said = [...decoder.push(new TextEncoder().encode(body)), ...decoder.end()];
  const fold = createFold();
  fold.push(said);
  return { said, ...fold.answer() };
}

const created: Value = {
  type: 'response.created',
  response: { id: 'resp_123', model: 'gpt-5.4', status: 'in_progress' },
};
const added = (output_index: number, item: Value): Value => ({
  type: 'response.output_item.added',
  output_index,
  item,
});
const done = (output_index: number, item: Value): Value => ({ type: 'response.output_item.done', output_index, item });
const delta = (output_index: number, text: unknown, item_id = 'msg_1'): Value => ({
  type: 'response.output_text.delta',
  output_index,
  item_id,
  content_index: 0,
  delta: text,
});
const message = (text: string, rest: Value = {}): Value => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
  ...rest,
});
const completed = (rest: Value = {}): Value => ({
  type: 'response.completed',
  response: {
    id: 'resp_123',
    model: 'gpt-5.4',
    status: 'completed',
    output: [],
    usage: { input_tokens: 5, output_tokens: 3, output_tokens_details: { reasoning_tokens: 1 } },
    ...rest,
  },
});
const CALL_ID = 'call_0123456789abcdef';
const call = (rest: Value = {}): Value => ({
  type: 'function_call',
  id: 'fc_1',
  call_id: CALL_ID,
  name: 'look',
  arguments: '',
  ...rest,
});
const args = (output_index: number | undefined, text: string, kind = 'delta'): Value => ({
  type: `response.function_call_arguments.${kind}`,
  ...(output_index !== undefined && { output_index }),
  [kind === 'delta' ? 'delta' : 'arguments']: text,
});

describe('text', () => {
  test('quirks 58 and 60: it ends with its own event, without [DONE], and usage comes there alone', () => {
    const answer = run(
      created,
      { type: 'response.in_progress', response: {} },
      added(0, message('')),
      delta(0, 'Hel'),
      delta(0, 'lo'),
      done(0, message('Hello')),
      completed(),
    );
    expect(answer.parts).toEqual([{ type: 'text', text: 'Hello', raw: { id: 'msg_1' } }]);
    expect(answer.usage).toEqual({ inputTokens: 5, outputTokens: 3, reasoningTokens: 1 });
    expect(answer.finish).toEqual({ reason: 'stop', nativeReason: 'completed' });
    expect([answer.responseId, answer.model]).toEqual(['resp_123', 'gpt-5.4']);
  });

  test('quirk 61: items keep together by index while their ids change', () => {
    const answer = run(
      created,
      added(0, message('', { id: 'a' })),
      delta(0, 'x', 'b'),
      added(1, message('', { id: 'c' })),
      delta(1, 'y', 'd'),
      delta(0, 'z', 'e'),
      completed(),
    );
    expect(answer.parts.map((part) => part.type === 'text' && part.text)).toEqual(['xz', 'y']);
  });

  test.each([
    ['output_text.done', { type: 'response.output_text.done', output_index: 0, text: 'Hello' }],
    [
      'content_part.done',
      { type: 'response.content_part.done', output_index: 0, part: { type: 'output_text', text: 'Hello' } },
    ],
    ['output_item.done', done(0, message('Hello'))],
  ])('quirk 64: text that comes in %s alone, and is not said twice', (_, event) => {
    const answer = run(created, event, done(0, message('Hello')), completed({ output: [message('Hello')] }));
    expect(answer.parts).toEqual([{ type: 'text', text: 'Hello', raw: { id: 'msg_1' } }]);
  });

  test('quirk 64: text that comes in the response alone', () => {
    expect(run(created, completed({ output: [message('Hello')] })).parts).toMatchObject([
      { type: 'text', text: 'Hello' },
    ]);
    expect(run(created, added(0, message('')), completed({ output: [message('Hello')] })).parts).toMatchObject([
      { text: 'Hello' },
    ]);
  });

  test('quirk 65: an empty output takes nothing back', () => {
    expect(run(created, delta(0, 'x'), completed({ output: [] })).parts).toEqual([{ type: 'text', text: 'x' }]);
  });

  test('quirk 66: a done that comes early is the whole text, or as much as was said', () => {
    const early = (text: string): Value => ({ type: 'response.output_text.done', output_index: 0, text });
    expect(run(created, delta(0, 'a'), early('abc'), delta(0, 'b'), delta(0, 'c'), completed()).parts).toEqual([
      { type: 'text', text: 'abc' },
    ]);
    expect(run(created, delta(0, 'a'), early('a'), delta(0, 'b'), completed()).parts).toEqual([
      { type: 'text', text: 'ab' },
    ]);
  });

  test('quirk 67: null says nothing', () => {
    expect(run(created, delta(0, null), delta(0, 'x'), completed()).parts).toEqual([{ type: 'text', text: 'x' }]);
  });

  test('quirk 70: a message’s phase is kept', () => {
    const answer = run(
      created,
      delta(0, 'Looking.'),
      done(0, message('Looking.', { phase: 'commentary' })),
      completed(),
    );
    expect(answer.parts[0]?.raw).toEqual({ id: 'msg_1', phase: 'commentary' });
  });

  test('sources come as annotations, each once', () => {
    const note = { type: 'url_citation', url: 'https://a.example', title: 'A' };
    const cited = message('x', { content: [{ type: 'output_text', text: 'x', annotations: [note] }] });
    const answer = run(
      created,
      delta(0, 'x'),
      { type: 'response.output_text.annotation.added', output_index: 0, annotation: note },
      done(0, cited),
      completed(),
    );
    expect(answer.parts[1]).toEqual({ type: 'citation', url: 'https://a.example', title: 'A' });
    expect(answer.parts).toHaveLength(2);
  });
});

describe('thinking', () => {
  test('quirk 68: summaries of several parts are paragraphs, and the item is kept whole', () => {
    const summary = (summary_index: number, text: string): Value => ({
      type: 'response.reasoning_summary_text.delta',
      output_index: 0,
      summary_index,
      delta: text,
    });
    const item = {
      type: 'reasoning',
      id: 'rs_1',
      summary: [
        { type: 'summary_text', text: 'One' },
        { type: 'summary_text', text: 'Two' },
      ],
      encrypted_content: 'gAAA',
      status: 'completed',
    };
    const { status: _, ...raw } = item;
    const answer = run(
      created,
      added(0, { type: 'reasoning', id: 'rs_1', summary: [] }),
      summary(0, 'On'),
      summary(0, 'e'),
      summary(1, 'Two'),
      done(0, item),
      delta(1, 'x'),
      completed(),
    );
    expect(answer.parts[0]).toEqual({ type: 'reasoning', text: 'One\n\nTwo', raw });
    expect(run(created, done(0, item), delta(1, 'x'), completed()).parts[0]).toEqual({
      type: 'reasoning',
      text: 'One\n\nTwo',
      raw,
    });
  });

  test('quirk 64: a summary told at its end alone is shown, once, whatever else tells it', () => {
    const end = (kind: string, summary_index: number | undefined, text: string): Value => ({
      type: `response.reasoning_summary_${kind}.done`,
      output_index: 0,
      summary_index,
      ...(kind === 'part' ? { part: { type: 'summary_text', text } } : { text }),
    });
    const piece = (summary_index: number, text: string): Value => ({
      type: 'response.reasoning_summary_text.delta',
      output_index: 0,
      summary_index,
      delta: text,
    });
    const both = (index: number, text: string) => [end('text', index, text), end('part', index, text)];
    const summary = ['One', 'Two'].map((text) => ({ type: 'summary_text', text }));
    const item = { type: 'reasoning', id: 'rs_1', summary };
    for (const events of [
      [end('text', 0, 'One'), end('text', 1, 'Two')],
      [end('part', 0, 'One'), end('part', 1, 'Two')],
      [...both(0, 'One'), ...both(1, 'Two')],
      [piece(0, 'On'), piece(0, 'e'), ...both(0, 'One'), ...both(1, 'Two')],
      [...both(0, 'One'), piece(1, 'Two'), ...both(1, 'Two')],
      [piece(0, 'One'), piece(1, 'Two'), ...both(0, 'One'), ...both(1, 'Two')],
      [...both(0, 'One'), ...both(1, 'Two'), done(0, item)],
      [...both(0, 'One'), done(0, item)],
    ]) {
      expect(run(created, ...events, delta(1, 'x'), completed()).parts[0]).toMatchObject({
        type: 'reasoning',
        text: 'One\n\nTwo',
      });
    }
    const unnumbered = [end('text', undefined, 'One'), end('part', undefined, 'One')];
    expect(run(created, ...unnumbered, delta(1, 'x'), completed()).parts).toEqual([
      { type: 'reasoning', text: 'One' },
      { type: 'text', text: 'x' },
    ]);
    const thought = { type: 'response.reasoning_text.delta', output_index: 0, content_index: 0, delta: 'One' };
    expect(run(created, thought, ...both(0, 'One'), delta(1, 'x'), completed()).parts[0]).toEqual({
      type: 'reasoning',
      text: 'One',
    });
    expect(run(created, ...both(0, ''), delta(1, 'x'), completed()).parts).toEqual([{ type: 'text', text: 'x' }]);
  });

  test('quirk 74: reasoning text of its own', () => {
    const answer = run(
      created,
      { type: 'response.reasoning_text.delta', output_index: 0, content_index: 0, delta: 'hm' },
      delta(1, 'x'),
      completed(),
    );
    expect(answer.parts[0]).toEqual({ type: 'reasoning', text: 'hm' });
  });

  test('quirk 136: one thought, told as itself and as its summary, counts once', () => {
    const thought = (text: string) => [
      { type: 'response.reasoning_text.delta', output_index: 0, content_index: 0, delta: text },
      { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: text },
    ];
    const answer = run(created, ...thought('The'), ...thought(' user'), delta(1, 'x'), completed());
    expect(answer.parts[0]).toEqual({ type: 'reasoning', text: 'The user' });
  });
});

describe('tool calls', () => {
  test('quirk 62: arguments without a name belong to the last call', () => {
    const answer = run(created, added(0, call()), args(undefined, '{"a"'), args(undefined, ':1}'), completed());
    expect(answer.parts).toEqual([{ type: 'tool-call', callId: CALL_ID, name: 'look', arguments: '{"a":1}' }]);
    expect(answer.finish?.reason).toBe('tool-calls');
  });

  test('quirk 63: arguments may come at the end alone, and are not doubled there', () => {
    for (const events of [
      [added(0, call()), args(0, '{"a":1}', 'done')],
      [added(0, call()), done(0, call({ arguments: '{"a":1}' }))],
      [
        added(0, call()),
        args(0, '{"a":'),
        args(0, '1}'),
        args(0, '{"a":1}', 'done'),
        done(0, call({ arguments: '{"a":1}' })),
      ],
      [done(0, call({ arguments: '{"a":1}' }))],
      // What no delta has told of them, the end tells.
      [added(0, call()), args(0, '{"a":'), args(0, '{"a":1}', 'done')],
    ]) {
      expect(run(created, ...events, completed()).parts).toMatchObject([{ type: 'tool-call', arguments: '{"a":1}' }]);
    }
  });

  test('a call without arguments has an empty object', () => {
    expect(run(created, added(0, call()), done(0, call()), completed()).parts).toEqual([
      { type: 'tool-call', callId: CALL_ID, name: 'look', arguments: '{}', raw: { id: 'fc_1' } },
    ]);
  });

  test('quirk 71: a wrapper is the calls that are in it', () => {
    const wrapped = JSON.stringify({
      tool_uses: [
        { recipient_name: 'functions.a', parameters: { x: 1 } },
        { recipient_name: 'functions.b', parameters: {} },
      ],
    });
    const answer = run(created, added(0, call({ name: 'parallel' })), args(0, wrapped), completed());
    expect(answer.parts).toEqual([
      { type: 'tool-call', callId: `${CALL_ID}_0`, name: 'a', arguments: '{"x":1}' },
      { type: 'tool-call', callId: `${CALL_ID}_1`, name: 'b', arguments: '{}' },
    ]);
    const own = run(created, added(0, call({ name: 'parallel' })), args(0, '{"lines":2}'), completed());
    expect(own.parts).toMatchObject([{ name: 'parallel', arguments: '{"lines":2}' }]);
  });

  test('quirk 77: ids that are counted are made unlike those of other responses', () => {
    const [part] = run(created, added(0, call({ call_id: 'call_0' })), args(0, '{}'), completed()).parts;
    expect(part).toMatchObject({ callId: 'call_0_resp_123' });
  });

  test('quirk 43: a call that was cut off is nobody’s to act on, by the connection or by the limit', () => {
    const cut = run(created, added(0, call()), args(0, '{"a":1}'));
    const short = run(created, added(0, call()), args(0, '{"a":1}'), {
      type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    });
    for (const { said } of [cut, short]) expect(said.some((event) => event.type === 'tool-call-end')).toBe(false);
    expect(cut.finish?.failure?.kind).toBe('truncated');
    expect(short.finish).toEqual({ reason: 'length', nativeReason: 'max_output_tokens' });
  });
});

describe('what the provider runs itself', () => {
  test('quirk 73: it is shown from its start, and its input when it is whole', () => {
    const item = { type: 'code_interpreter_call', id: 'ci_1', code: '', outputs: [] };
    const whole = { ...item, code: '{"x": 1}', outputs: [{ type: 'logs', logs: '1' }] };
    const code = (text: string): Value => ({
      type: 'response.code_interpreter_call_code.delta',
      output_index: 0,
      delta: text,
    });
    const answer = run(created, added(0, item), code('{"x'), code('": 1}'), done(0, whole), delta(1, 'x'), completed());
    expect(answer.said.findIndex((event) => event.type === 'server-tool')).toBe(1);
    expect(answer.parts[0]).toEqual({
      type: 'server-tool',
      callId: 'ci_1',
      name: 'code_interpreter',
      input: { x: 1 },
      output: [{ type: 'logs', logs: '1' }],
      raw: whole,
    });
  });

  test('quirk 76: a picture counts by what it holds, whatever its status says', () => {
    const item = {
      type: 'image_generation_call',
      id: 'ig_1',
      status: 'generating',
      output_format: 'webp',
      result: 'AAAA',
    };
    const answer = run(created, added(0, { type: 'image_generation_call', id: 'ig_1' }), done(0, item), completed());
    expect(answer.parts).toEqual([
      {
        type: 'image',
        mediaType: 'image/webp',
        source: { kind: 'base64', data: 'AAAA' },
        raw: { type: 'image_generation_call', id: 'ig_1', status: 'generating', output_format: 'webp' },
      },
    ]);
  });
});

describe('endings', () => {
  test('quirk 59: errors of either shape, and a failed response without a code', () => {
    const nested = run(created, {
      type: 'error',
      error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'No.' },
    });
    const flat = run(created, { type: 'error', code: 'rate_limit_exceeded', message: 'Slow down.', param: null });
    const failed = run(created, {
      type: 'response.failed',
      response: { error: { code: 'server_error', message: 'Oops.' } },
    });
    const bare = run(created, { type: 'response.failed', response: { error: null } });
    expect([nested, flat, failed, bare].map(({ finish }) => finish?.failure?.kind)).toEqual([
      'credit',
      'rate-limit',
      'unavailable',
      'unavailable',
    ]);
  });

  test('a filter ends it, and a refusal is read', () => {
    const filtered = run(created, delta(0, 'x'), {
      type: 'response.incomplete',
      response: { incomplete_details: { reason: 'content_filter' } },
    });
    expect(filtered.finish).toMatchObject({
      reason: 'content-filter',
      nativeReason: 'content_filter',
      failure: { kind: 'content-policy' },
    });
    const refused = run(
      created,
      { type: 'response.refusal.delta', output_index: 0, delta: 'I cannot' },
      { type: 'response.refusal.done', output_index: 0, refusal: 'I cannot' },
      completed(),
    );
    expect(refused.parts).toEqual([{ type: 'text', text: 'I cannot' }]);
    expect(refused.finish).toMatchObject({ reason: 'content-filter', failure: { kind: 'refusal' } });
  });

  test('quirk 15: a good status with an error body, or with no output', () => {
    expect(
      run('{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}').finish?.failure?.kind,
    ).toBe('auth');
    expect(
      run('{"object":"response","status":"failed","output":[],"error":{"code":"server_error","message":"x"}}').finish
        ?.failure?.kind,
    ).toBe('unavailable');
  });

  test('quirk 193: no usage is unknown, and price in ticks is money', () => {
    expect(run(created, delta(0, 'x'), completed({ usage: null })).usage).toBeUndefined();
    expect(
      run(
        created,
        delta(0, 'x'),
        completed({ usage: { input_tokens: 1, output_tokens: 1, cost_in_usd_ticks: 12_345_000 } }),
      ).usage?.costUsd,
    ).toBe('0.0012345');
  });

  test('quirk 72: chunks of the other protocol are told for what they are', () => {
    expect(
      run('data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"x"}}]}\n\n').finish?.failure?.detail,
    ).toMatch(/Chat Completions/);
  });
});
