import { describe, expect, test } from 'vitest';
import type { Json } from '../../chat/json.ts';
import type { Message } from '../../chat/message.ts';
import type { Part } from '../../chat/part.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { openai } from '../../providers/openai.ts';
import { encodeHanded } from '../handed-over.testing.ts';

const MODEL = 'gpt-5.4';
const origin = { provider: 'openai', model: MODEL };
const say = (text: string, raw?: Json): Part => ({ type: 'text', text, ...(raw !== undefined && { raw }) });
const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const assistant = (...parts: Part[]): Message => ({
  role: 'assistant',
  parts: parts.map((part) => ({ origin, ...part })),
});
const call = (callId: string, raw?: Json): Part => ({
  type: 'tool-call',
  callId,
  name: 'look',
  arguments: '{"at":"x"}',
  ...(raw !== undefined && { raw }),
});
const result = (callId: string): Part => ({ type: 'tool-result', callId, content: [{ type: 'text', text: 'seen' }] });
const thought: Part = {
  type: 'reasoning',
  text: 'hm',
  raw: { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'gAAA' },
};

function encode(request: Partial<ChatRequest>, model = MODEL) {
  const full: ChatRequest = { choice: { provider: 'openai', model }, messages: [user(say('Hi'))], ...request };
  const encoded = encodeHanded({
    request: full,
    provider: { ...openai, dialect: 'openai-responses' },
    model: undefined,
    maxOutputTokens: 1_000,
    media: new Map(),
  });
  return { ...encoded, body: JSON.parse(encoded.body) as { [key: string]: Json; input: { [key: string]: Json }[] } };
}

test('a question goes unstored, streamed and with a maximum', () => {
  const { path, body, notices } = encode({
    system: 'Be brief.',
    reasoningEffort: 'low',
    sessionId: 's',
    stop: ['x'],
    seed: 1,
  });
  expect(path).toBe('/responses');
  expect(body).toEqual({
    model: MODEL,
    // Never a tier that is dearer than the price that was reserved.
    service_tier: 'default',
    instructions: 'Be brief.',
    input: [{ role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }],
    stream: true,
    store: false,
    include: ['reasoning.encrypted_content'],
    max_output_tokens: 1_000,
    reasoning: { effort: 'low' },
    prompt_cache_key: 's',
  });
  expect(notices.map((notice) => notice.field)).toEqual(['stop', 'seed']);
  expect(encode({}, 'gpt-4.1').body.include).toBeUndefined();
});

describe('quirk 69: thinking', () => {
  const messages = [
    user(say('a')),
    assistant(thought, say('b', { id: 'msg_1', phase: 'final_answer' }), call('call_1', { id: 'fc_1' })),
    { role: 'tool' as const, parts: [result('call_1')] },
  ];

  test('goes back encrypted, with the ids that belong to it and the phase (quirk 70)', () => {
    expect(encode({ messages }).body.input.slice(1)).toEqual([
      thought.raw,
      {
        type: 'message',
        role: 'assistant',
        id: 'msg_1',
        status: 'completed',
        phase: 'final_answer',
        content: [{ type: 'output_text', text: 'b', annotations: [] }],
      },
      { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'look', arguments: '{"at":"x"}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'seen' },
    ]);
  });

  test('of another model stays out, and takes its ids along', () => {
    const { body, notices } = encode({ messages }, 'gpt-5.5');
    expect(body.input.slice(1)).toEqual([
      { type: 'message', role: 'assistant', content: 'b' },
      { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{"at":"x"}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'seen' },
    ]);
    expect(notices.map((notice) => notice.code)).toEqual(['reasoning-dropped']);
  });

  test('that nothing follows stays out', () => {
    const { body } = encode({ messages: [user(say('a')), assistant(say('b'), thought), user(say('c'))] });
    expect(body.input.map((item) => item.type ?? item.role)).toEqual(['user', 'message', 'user']);
  });
});

test('quirk 99: a call that nobody answered is answered', () => {
  const { body } = encode({ messages: [user(say('a')), assistant(call('call_1')), user(say('b'))] });
  expect(body.input[2]).toMatchObject({
    type: 'function_call_output',
    call_id: 'call_1',
    output: expect.stringMatching(/^Error: /),
  });
});

test('media have a form each', () => {
  const source = { kind: 'base64', data: 'QUJD' } as const;
  const { body, notices } = encode({
    messages: [
      user(
        { type: 'image', mediaType: 'image/png', source },
        { type: 'file', name: 'a.pdf', mediaType: 'application/pdf', source },
        { type: 'file', name: 'a.txt', mediaType: 'text/plain', source },
        { type: 'file', name: 'a.zip', mediaType: 'application/zip', source },
      ),
    ],
  });
  expect((body.input[0] as { content: Json[] }).content.slice(0, 3)).toEqual([
    { type: 'input_image', image_url: 'data:image/png;base64,QUJD', detail: 'auto' },
    { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' },
    { type: 'input_text', text: 'a.txt:\n\nABC' },
  ]);
  expect(notices.map((notice) => notice.code)).toEqual(['part-described']);
});

test('a result of pictures alone has no empty text beside them', () => {
  const source = { kind: 'base64', data: 'QUJD' } as const;
  const { body } = encode({
    messages: [
      user(say('a')),
      assistant({ type: 'tool-call', callId: 'call_1', name: 'look', arguments: '{}' }),
      {
        role: 'tool',
        parts: [
          { type: 'tool-result', callId: 'call_1', content: [{ type: 'image', mediaType: 'image/png', source }] },
        ],
      },
    ],
  });
  expect(body.input.at(-1)).toEqual({
    type: 'function_call_output',
    call_id: 'call_1',
    output: [{ type: 'input_image', image_url: 'data:image/png;base64,QUJD', detail: 'auto' }],
  });
});

test('what the provider ran goes back as it came, to its own model alone', () => {
  const raw = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'x' } };
  const tool: Part = { type: 'server-tool', callId: 'ws_1', name: 'web_search', raw };
  expect(encode({ messages: [user(say('a')), assistant(tool, say('b')), user(say('c'))] }).body.input[1]).toEqual(raw);
  expect(
    encode({ messages: [user(say('a')), assistant(tool, say('b')), user(say('c'))] }, 'gpt-5.5').body.input[1]?.type,
  ).toBe('message');
});

test('tools and formats', () => {
  const tools = [{ name: 'look', parameters: { type: 'object', properties: { at: { type: 'string' } } } }];
  const schema = {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  };
  const { body } = encode({
    tools,
    toolChoice: { name: 'look' },
    parallelToolCalls: false,
    responseFormat: { type: 'json-schema', name: 'x', schema, strict: true },
  });
  expect(body).toMatchObject({
    tools: [{ type: 'function', name: 'look', parameters: tools[0]?.parameters, strict: false }],
    tool_choice: { type: 'function', name: 'look' },
    parallel_tool_calls: false,
    text: { format: { type: 'json_schema', name: 'x', schema, strict: true } },
  });
  // Quirk 53.
  const open = encode({
    responseFormat: { type: 'json-schema', name: 'x', schema: { ...schema, required: [] }, strict: true },
  });
  expect(open.body.text).toMatchObject({ format: { strict: false } });
  expect(open.notices[0]?.code).toBe('parameter-adapted');
});

test('quirk 75: JSON is asked for by name', () => {
  expect(encode({ responseFormat: { type: 'json' } }).body.input.at(-1)).toEqual({
    role: 'developer',
    content: 'Answer in JSON.',
  });
  expect(encode({ messages: [user(say('As json.'))], responseFormat: { type: 'json' } }).body.input).toHaveLength(1);
});

test('the hardest effort has another name here', () => {
  for (const [model, effort] of [
    ['gpt-5.1', 'high'],
    ['gpt-5.2', 'xhigh'],
    ['gpt-5.5', 'xhigh'],
  ] as const) {
    expect(encode({ reasoningEffort: 'max' }, model)).toMatchObject({
      body: { reasoning: { effort } },
      notices: [{ code: 'parameter-adapted' }],
    });
  }
});
