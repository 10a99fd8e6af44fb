import { describe, expect, test } from 'vitest';
import { createFold } from '../../chat/fold.ts';
import type { Json } from '../../chat/json.ts';
import type { Part } from '../../chat/part.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { cohere as provider } from '../../providers/cohere.ts';
import { encodeHanded } from '../handed-over.testing.ts';
import { createCohereDecoder } from './decode.ts';

type Value = { [key: string]: unknown };

function run(...events: (string | Value)[]) {
  const decoder = createCohereDecoder({ provider: 'Cohere', model: 'Command' });
  const body = events
    .map((one) => (typeof one === 'string' ? one : `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`))
    .join('');
  const said = [...decoder.push(new TextEncoder().encode(body)), ...decoder.end()];
  const fold = createFold();
  fold.push(said);
  return { said, ...fold.answer() };
}

const start: Value = { type: 'message-start', id: 'id-1', delta: { message: { role: 'assistant' } } };
const text = (words: string): Value => ({
  type: 'content-delta',
  index: 0,
  delta: { message: { content: { text: words } } },
});
const begin = (content: Value): Value => ({ type: 'content-start', index: 0, delta: { message: { content } } });
const end = (finish_reason = 'COMPLETE', rest: Value = {}): Value => ({
  type: 'message-end',
  delta: { finish_reason, usage: { billed_units: { input_tokens: 3, output_tokens: 2 } }, ...rest },
});
const call = (kind: string, index: number, tool_calls: Value): Value => ({
  type: `tool-call-${kind}`,
  index,
  delta: { message: { tool_calls } },
});

describe('decode', () => {
  test('quirk 211: events of its own, and no choices', () => {
    const answer = run(
      start,
      begin({ type: 'text', text: '' }),
      text('Hel'),
      text('lo'),
      { type: 'content-end', index: 0 },
      end(),
    );
    expect(answer.parts).toEqual([{ type: 'text', text: 'Hello' }]);
    expect(answer.responseId).toBe('id-1');
    expect(answer.usage).toEqual({ inputTokens: 3, outputTokens: 2 });
    expect(answer.finish).toEqual({ reason: 'stop', nativeReason: 'COMPLETE' });
  });

  test('quirks 212 and 216: a plan is no answer, and null is no argument', () => {
    const fn = (name: string, args: unknown) => ({
      id: `${name}_1`,
      type: 'function',
      function: { name, arguments: args },
    });
    const answer = run(
      start,
      { type: 'tool-plan-delta', delta: { message: { tool_plan: 'I will look.' } } },
      call('start', 0, fn('look', '')),
      call('delta', 0, { function: { arguments: '{"a":' } }),
      call('delta', 0, { function: { arguments: '1}' } }),
      call('start', 1, fn('time', null)),
      call('start', 2, fn('date', 'null')),
      { type: 'tool-call-end', index: 2 },
      end('TOOL_CALL'),
    );
    expect(answer.parts).toEqual([
      { type: 'reasoning', text: 'I will look.', raw: { tool_plan: true } },
      { type: 'tool-call', callId: 'look_1', name: 'look', arguments: '{"a":1}' },
      { type: 'tool-call', callId: 'time_1', name: 'time', arguments: '{}' },
      { type: 'tool-call', callId: 'date_1', name: 'date', arguments: '{}' },
    ]);
    expect(answer.finish?.reason).toBe('tool-calls');
  });

  test('quirk 213: what is billed counts, rounded up, else what was counted', () => {
    const counted = (usage: Value) => run(start, text('x'), end('COMPLETE', { usage })).usage;
    expect(
      counted({
        billed_units: { input_tokens: 8.2, output_tokens: 2 },
        tokens: { input_tokens: 500, output_tokens: 5 },
        cached_tokens: 448,
      }),
    ).toEqual({ inputTokens: 9, outputTokens: 2 });
    expect(counted({ tokens: { input_tokens: 500, output_tokens: 5 } })).toEqual({ inputTokens: 500, outputTokens: 5 });
    expect(counted({})).toBeUndefined();
  });

  test.each([
    ['MAX_TOKENS', 'length', undefined],
    ['STOP_SEQUENCE', 'stop', undefined],
    ['ERROR', 'error', 'unavailable'],
    ['TIMEOUT', 'error', 'unavailable'],
    ['ERROR_TOXIC', 'content-filter', 'content-policy'],
    ['SOMETHING_NEW', 'stop', undefined],
  ])('quirk 214: %s is %s', (native, reason, kind) => {
    const { finish } = run(start, text('x'), end(native));
    expect([finish?.reason, finish?.failure?.kind]).toEqual([reason, kind]);
  });

  test('sources with an address are told', () => {
    const citations = {
      start: 0,
      end: 1,
      text: 'x',
      sources: [
        { type: 'document', document: { url: 'https://a.example', title: 'A' } },
        { type: 'tool', id: 't' },
      ],
    };
    const answer = run(
      start,
      text('x'),
      { type: 'citation-start', index: 0, delta: { message: { citations } } },
      end(),
    );
    expect(answer.parts[1]).toEqual({ type: 'citation', url: 'https://a.example', title: 'A', quote: 'x' });
  });

  test('quirk 217 and errors: a bare message says what went wrong', () => {
    expect(
      run('{"id":"1","message":"model \'x\' not found, make sure the correct model ID was used"}').finish?.failure
        ?.kind,
    ).toBe('model-gone');
    expect(run('{"message":"invalid api token"}').finish?.failure?.kind).toBe('auth');
    expect(run(start, text('x')).finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'truncated' } });
  });
});

describe('encode', () => {
  const encode = (request: Partial<ChatRequest>) => {
    const full: ChatRequest = {
      choice: { provider: 'cohere', model: 'command-a' },
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      ...request,
    };
    const encoded = encodeHanded({
      request: full,
      provider,
      model: undefined,
      maxOutputTokens: 1_000,
      media: new Map(),
    });
    return { ...encoded, body: JSON.parse(encoded.body) as { [key: string]: Json; messages: Json[] } };
  };

  test('a question, its knobs, and a format', () => {
    const { path, body, notices } = encode({
      system: 'Be brief.',
      temperature: 1.5,
      topP: 1,
      stop: ['x'],
      seed: 1,
      reasoningEffort: 'medium',
      responseFormat: { type: 'json-schema', name: 'x', schema: { type: 'object' } },
    });
    expect(path).toBe('/chat');
    expect(body).toEqual({
      model: 'command-a',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      ],
      stream: true,
      max_tokens: 1_000,
      temperature: 1,
      p: 0.99,
      stop_sequences: ['x'],
      seed: 1,
      thinking: { type: 'enabled', token_budget: 500 },
      response_format: { type: 'json_object', json_schema: { type: 'object' } },
    });
    expect(notices.map((notice) => notice.field)).toEqual(['temperature']);
  });

  test('quirk 216: a plan goes back to its place, thinking to its own model, results behind their calls', () => {
    const origin = { provider: 'cohere', model: 'command-a' };
    const parts: Part[] = [
      { type: 'reasoning', text: 'I will look.', raw: { tool_plan: true }, origin },
      { type: 'reasoning', text: 'other', raw: { s: 1 }, origin: { provider: 'x', model: 'y' } },
      { type: 'tool-call', callId: 'c', name: 'look', arguments: '{}', origin },
    ];
    const { body, notices } = encode({
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'a' }] },
        { role: 'assistant', parts },
        {
          role: 'tool',
          parts: [{ type: 'tool-result', callId: 'c', content: [{ type: 'text', text: 'seen' }], isError: true }],
        },
      ],
    });
    expect(body.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        tool_plan: 'I will look.',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'Error: seen' },
    ]);
    expect(notices.map((notice) => notice.code)).toEqual(['reasoning-dropped']);
  });

  test('a tool that returned nothing is told to have done so: an empty message is refused', () => {
    const { body } = encode({
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'a' }] },
        { role: 'assistant', parts: [{ type: 'tool-call', callId: 'c', name: 'look', arguments: '{}' }] },
        { role: 'tool', parts: [{ type: 'tool-result', callId: 'c', content: [] }] },
      ],
    });
    expect(body.messages.at(-1)).toEqual({ role: 'tool', tool_call_id: 'c', content: 'The tool returned nothing.' });
  });

  test('a tool that is demanded by name is the only one offered', () => {
    const tools = [
      { name: 'a', parameters: {} },
      { name: 'b', parameters: {} },
    ];
    const { body } = encode({ tools, toolChoice: { name: 'b' } });
    expect(body).toMatchObject({ tools: [{ function: { name: 'b' } }], tool_choice: 'REQUIRED' });
    expect(encode({ tools, toolChoice: 'none' }).body.tool_choice).toBe('NONE');
    expect(encode({ tools, toolChoice: 'auto' }).body.tool_choice).toBeUndefined();
  });
});
