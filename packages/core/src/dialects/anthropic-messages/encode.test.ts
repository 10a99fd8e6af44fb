import { describe, expect, test } from 'vitest';
import type { Json } from '../../chat/json.ts';
import type { Message } from '../../chat/message.ts';
import type { Part } from '../../chat/part.ts';
import { anthropic } from '../../providers/anthropic.ts';
import { asked, assistant, call, encode, MODEL, result, say, user } from './encoding.testing.ts';

test('a question goes with a maximum, a version and a stream', () => {
  const { path, headers, body } = encode({ system: 'Be brief.', stop: ['END', ' '] });
  expect(path).toBe('/messages');
  expect(headers['anthropic-version']).toBe('2023-06-01');
  expect(body).toEqual({
    model: MODEL,
    max_tokens: 8_192,
    system: [{ type: 'text', text: 'Be brief.' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    stream: true,
    stop_sequences: ['END'],
  });
});

describe('what a model wants back', () => {
  const signed: Part = { type: 'reasoning', text: 'hm', raw: { type: 'thinking', signature: 'c2ln' } };
  const redacted: Part = { type: 'reasoning', text: '', raw: { type: 'redacted_thinking', data: 'ZGF0YQ==' } };

  test('quirks 88 and 89: thinking goes back byte for byte, redacted thinking too', () => {
    const { body, notices } = encode({
      messages: [user(say('a')), assistant(signed, redacted, say('b')), user(say('c'))],
    });
    expect(body.messages[1]).toEqual({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
        { type: 'redacted_thinking', data: 'ZGF0YQ==' },
        { type: 'text', text: 'b' },
      ],
    });
    expect(notices).toEqual([]);
  });

  test('another model’s thinking stays out of it, and that is said once', () => {
    const { body, notices } = asked('claude-haiku-4-5', {
      messages: [user(say('a')), assistant(signed, redacted, say('b')), user(say('c'))],
    });
    expect(body.messages[1]).toEqual({ role: 'assistant', content: [{ type: 'text', text: 'b' }] });
    expect(notices.map((notice) => notice.code)).toEqual(['reasoning-dropped']);
  });

  test('quirk 88: unsigned thinking is left out, unless the provider never signs', () => {
    const messages = [user(say('a')), assistant({ type: 'reasoning', text: 'hm' }, say('b')), user(say('c'))];
    expect(encode({ messages }).body.messages[1]).toEqual({
      role: 'assistant',
      content: [{ type: 'text', text: 'b' }],
    });
    const lenient = { ...anthropic, flags: { unsignedThinking: true } };
    expect(encode({ messages }, 100, lenient).body.messages[1]).toMatchObject({
      content: [{ type: 'thinking', thinking: 'hm', signature: '' }, {}],
    });
  });

  test('quirk 94: server tools go back in the order in which their blocks came', () => {
    const use = (id: string) => ({ type: 'server_tool_use', id, name: 'web_search' });
    const outcome = (id: string) => ({ type: 'web_search_tool_result', tool_use_id: id });
    const tool = (id: string, resultBefore: number): Part => ({
      type: 'server-tool',
      callId: id,
      name: 'web_search',
      input: { query: id },
      output: [id],
      raw: { use: use(id), result: outcome(id), resultBefore },
    });
    const { body } = encode({
      messages: [user(say('a')), assistant(tool('1', 2), tool('2', 3), say('b'), say('c')), user(say('d'))],
    });
    expect((body.messages[1] as { content: Json[] }).content).toEqual([
      { ...use('1'), input: { query: '1' } },
      { ...use('2'), input: { query: '2' } },
      { ...outcome('1'), content: ['1'] },
      { type: 'text', text: 'b' },
      { ...outcome('2'), content: ['2'] },
      { type: 'text', text: 'c' },
    ]);
  });

  test('quirk 95: cited text is cut where its blocks were, and not where it was edited', () => {
    const raw = {
      blocks: [
        { end: 3, citations: [] },
        { end: 5, citations: [{ url: 'https://a.example' }] },
      ],
    };
    const content = (text: string) =>
      (
        encode({ messages: [user(say('a')), assistant({ type: 'text', text, raw }), user(say('b'))] }).body
          .messages[1] as { content: Json[] }
      ).content;
    expect(content('It so')).toEqual([
      { type: 'text', text: 'It ' },
      { type: 'text', text: 'so', citations: [{ url: 'https://a.example' }] },
    ]);
    expect(content('It is so')).toEqual([{ type: 'text', text: 'It is so' }]);
  });
});

describe('turns', () => {
  test('quirk 97: results stand first and right behind their calls, in one user turn', () => {
    const { body } = encode({
      messages: [
        user(say('a')),
        assistant(call('toolu_1'), call('toolu_2')),
        { role: 'tool', parts: [result('toolu_2')] },
        { role: 'tool', parts: [result('toolu_1')] },
        user(say('and?')),
      ],
    });
    expect(body.messages).toHaveLength(3);
    expect(
      (body.messages[2] as { content: { tool_use_id?: string; text?: string }[] }).content.map(
        (one) => one.tool_use_id ?? one.text,
      ),
    ).toEqual(['toolu_1', 'toolu_2', 'and?']);
  });

  test('quirk 97: a failed call’s result is text alone', () => {
    const image: Part = { type: 'image', mediaType: 'image/png', source: { kind: 'base64', data: 'AAAA' } };
    const failed: Part = { type: 'tool-result', callId: 't', content: [image], isError: true };
    const { body } = encode({ messages: [user(say('a')), assistant(call('t')), { role: 'tool', parts: [failed] }] });
    expect((body.messages[2] as { content: Json[] }).content).toEqual([
      {
        type: 'tool_result',
        tool_use_id: 't',
        is_error: true,
        content: [{ type: 'text', text: '[What it shows follows.]' }],
      },
      { type: 'text', text: '[From the result of look:]' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
    ]);
  });

  test('quirk 99: a call that nobody answered is answered, and a result without a call is told in words', () => {
    const { body } = encode({
      messages: [user(say('a')), assistant(call('t')), user(say('never mind'), result('lost', 'found'))],
    });
    const { content } = body.messages[2] as { content: { type: string; text?: string }[] };
    expect(content.map((one) => one.type)).toEqual(['tool_result', 'text', 'text']);
    expect(content[2]?.text).toBe('[The tool “look” was called. It returned:\nfound\n]');
    const open = encode({ messages: [user(say('a')), assistant(call('t'))] }).body.messages;
    expect(open[2]).toMatchObject({ role: 'user', content: [{ type: 'tool_result', is_error: true }] });
  });

  test('quirk 98: no empty text, no white space at the end of an answer begun, ids in the allowed form', () => {
    const { body } = asked('claude-haiku-4-5', {
      messages: [
        user(say('a'), say(''), say('  ')),
        assistant(call('call|with:odd/chars')),
        { role: 'tool', parts: [result('call|with:odd/chars')] },
        assistant(say('So \n')),
      ],
    });
    const turns = body.messages as { content: { text?: string; id?: string; tool_use_id?: string }[] }[];
    expect(turns[0]?.content).toEqual([{ type: 'text', text: 'a' }]);
    expect(turns[1]?.content[0]?.id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(turns[2]?.content[0]?.tool_use_id).toBe(turns[1]?.content[0]?.id);
    expect(turns[3]?.content).toEqual([{ type: 'text', text: 'So' }]);
  });

  test('a model that takes no answer begun for it is asked to continue', () => {
    const { body } = encode({ messages: [user(say('a')), assistant(say('So '))] });
    expect(body.messages.at(-1)).toMatchObject({
      role: 'user',
      content: [{ text: expect.stringMatching(/continue/i) }],
    });
  });

  test('a conversation that begins with an answer, or twice with the same side, alternates', () => {
    const { body } = encode({ messages: [assistant(say('a')), assistant(say('b')), user(say('c')), user(say('d'))] });
    expect((body.messages as { role: string }[]).map((one) => one.role)).toEqual(['user', 'assistant', 'user']);
  });

  test('quirk 32: half of a surrogate pair is not sent', () => {
    expect(encode({ messages: [user(say('a\ud83d'))] }).body.messages[0]).toMatchObject({
      content: [{ text: 'a\ufffd' }],
    });
  });
});

describe('media', () => {
  const media = new Map([['b', 'QUJD']]);
  const source = { kind: 'blob', blobId: 'b' } as const;
  const content = (part: Part) => {
    const { body, notices } = encode({ messages: [user(part)] }, 100, anthropic, media);
    return { block: (body.messages[0] as { content: Json[] }).content[0], notices };
  };

  test('images, PDFs and text files have a form each', () => {
    expect(content({ type: 'image', mediaType: 'image/PNG', source }).block).toEqual({
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: 'QUJD' },
    });
    expect(
      content({ type: 'image', mediaType: 'image/png', source: { kind: 'url', url: 'https://a.example/i' } }).block,
    ).toEqual({ type: 'image', source: { type: 'url', url: 'https://a.example/i' } });
    expect(content({ type: 'file', name: 'a.pdf', mediaType: 'application/pdf', source }).block).toEqual({
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: 'QUJD' },
      title: 'a.pdf',
    });
    expect(content({ type: 'file', name: 'a.csv', mediaType: 'text/csv', source }).block).toEqual({
      type: 'document',
      source: { type: 'text', media_type: 'text/plain', data: 'ABC' },
      title: 'a.csv',
    });
  });

  test('what has no form, or is gone, is said in words', () => {
    for (const part of [
      { type: 'image', mediaType: 'image/tiff', source },
      { type: 'file', name: 'a.zip', mediaType: 'application/zip', source },
      { type: 'image', mediaType: 'image/png', source: { kind: 'blob', blobId: 'gone' } },
    ] satisfies Part[]) {
      const { block, notices } = content(part);
      expect(block).toMatchObject({ type: 'text' });
      expect(notices[0]?.code).toBe('part-described');
    }
  });
});

describe('quirk 96: thinking and sampling', () => {
  test('a budget is not given in the middle of an answer that began without thinking', () => {
    const model = 'claude-sonnet-4-20250514';
    const own = { provider: 'anthropic', model };
    const signed: Part = { type: 'reasoning', text: 'hm', raw: { type: 'thinking', signature: 's' }, origin: own };
    const loop = (...parts: Part[]): Message[] => [
      user(say('a')),
      { role: 'assistant', parts },
      { role: 'tool', parts: [result('1')] },
    ];
    const thinks = (messages: Message[]) => asked(model, { messages, reasoningEffort: 'high' });
    // Another model made the call; this one did, and thought before; this one did, and goes on.
    const foreign = thinks(loop(call('1')));
    expect(foreign.body.thinking).toBeUndefined();
    expect(foreign.notices.map(({ code, field }) => [code, field])).toEqual([['parameter-dropped', 'reasoningEffort']]);
    expect(thinks(loop(signed, call('1'))).body.thinking).toMatchObject({ type: 'enabled' });
    const second = [assistant({ ...call('2'), origin: own }), { role: 'tool' as const, parts: [result('2')] }];
    expect(thinks([...loop(signed, call('1')), ...second]).body.thinking).toMatchObject({ type: 'enabled' });
    expect(thinks([...loop(call('1')), ...second]).body.thinking).toBeUndefined();
    // The loop is over; an answer begun for it is not.
    expect(thinks([...loop(call('1')), assistant(say('b')), user(say('c'))]).body.thinking).toMatchObject({
      type: 'enabled',
    });
    expect(thinks([user(say('a')), assistant(say('So'))]).body.thinking).toBeUndefined();
    // A model that decides by itself takes all of these.
    expect(encode({ messages: loop(call('1')), reasoningEffort: 'high' }).body.thinking).toMatchObject({
      type: 'adaptive',
    });
  });

  test('newer models are told how hard, older ones how much', () => {
    expect(encode({ reasoningEffort: 'max' }).body).toMatchObject({
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'max' },
    });
    expect(asked('claude-sonnet-4-6', { reasoningEffort: 'minimal' }).body).toMatchObject({
      output_config: { effort: 'low' },
    });
    expect(asked('claude-sonnet-4-5', { reasoningEffort: 'high' }).body).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 6_144 },
    });
  });

  test('a budget leaves room for the answer, and without room there is none', () => {
    const choice = { provider: 'anthropic', model: 'claude-haiku-4-5' };
    expect(encode({ choice, reasoningEffort: 'low' }, 1_500).body).toMatchObject({
      thinking: { budget_tokens: 1_024 },
    });
    const { body, notices } = encode({ choice, reasoningEffort: 'low' }, 1_000);
    expect(body.thinking).toBeUndefined();
    expect(notices[0]?.code).toBe('parameter-dropped');
  });

  test('models that think by themselves are told not to, where they may be told', () => {
    expect(asked('claude-sonnet-5', { reasoningEffort: 'none' }).body.thinking).toEqual({ type: 'disabled' });
    expect(asked('claude-sonnet-5').body.thinking).toEqual({ type: 'adaptive', display: 'summarized' });
    expect(asked('claude-opus-4-8', { reasoningEffort: 'none' }).body.thinking).toBeUndefined();
    const { body, notices } = asked('claude-fable-5', { reasoningEffort: 'none' });
    expect(body).toMatchObject({ thinking: { type: 'adaptive' }, output_config: { effort: 'low' } });
    expect(notices[0]?.code).toBe('parameter-adapted');
  });

  test('a temperature up to 1, alone, and none while it thinks', () => {
    const warm = asked('claude-haiku-4-5', { temperature: 1.5, topP: 0.5 });
    expect(warm.body.temperature).toBe(1);
    expect(warm.body.top_p).toBeUndefined();
    expect(warm.notices.map((notice) => notice.field)).toEqual(['topP', 'temperature']);
    expect(asked('claude-haiku-4-5', { topP: 0.5 }).body.top_p).toBe(0.5);
    const thinking = asked('claude-haiku-4-5', { temperature: 0.5, reasoningEffort: 'high' });
    expect(thinking.body.temperature).toBeUndefined();
    expect(thinking.notices[0]?.code).toBe('parameter-dropped');
  });
});

describe('tools and formats', () => {
  const tools = [{ name: 'look', description: 'Looks.', parameters: { properties: { at: { type: 'string' } } } }];

  test('tools, choices and one call at a time', () => {
    const { body } = encode({ tools, toolChoice: 'required', parallelToolCalls: false });
    expect(body.tools).toEqual([
      { name: 'look', description: 'Looks.', input_schema: { type: 'object', properties: { at: { type: 'string' } } } },
    ]);
    expect(body.tool_choice).toEqual({ type: 'any', disable_parallel_tool_use: true });
    expect(encode({ tools, toolChoice: { name: 'look' } }).body.tool_choice).toEqual({ type: 'tool', name: 'look' });
  });

  test('a model that always thinks decides about tools by itself', () => {
    const { body, notices } = asked('claude-fable-5', { tools, toolChoice: 'required' });
    expect(body.tool_choice).toEqual({ type: 'auto' });
    expect(notices[0]?.field).toBe('toolChoice');
  });

  test('quirk 57: tools of the history are declared, and none may be called', () => {
    const { body } = encode({
      messages: [user(say('a')), assistant(call('t')), { role: 'tool', parts: [result('t')] }],
    });
    expect(body).toMatchObject({ tools: [{ name: 'look' }], tool_choice: { type: 'none' } });
  });

  test('a schema is closed, and its bounds become words', () => {
    const schema = {
      type: 'object',
      properties: {
        minimum: { type: 'number', minimum: 3, description: 'Least.' },
        list: { type: 'array', minItems: 2, items: { type: 'object' } },
      },
    };
    const { body } = encode({ responseFormat: { type: 'json-schema', name: 'x', schema } });
    expect(body.output_config).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: {
            minimum: { type: 'number', description: 'Least. (minimum: 3)' },
            list: {
              type: 'array',
              description: '(minItems: 2)',
              items: { type: 'object', additionalProperties: false },
            },
          },
          additionalProperties: false,
        },
      },
    });
  });

  test('JSON without a schema is asked for in words', () => {
    const { body, notices } = encode({ system: 'Be brief.', responseFormat: { type: 'json' } });
    expect(body.system).toEqual([
      { type: 'text', text: expect.stringMatching(/^Be brief\.\n\nAnswer with one JSON value/) },
    ]);
    expect(notices[0]?.code).toBe('parameter-adapted');
  });

  test('a conversation is cached at its system prompt and its last two questions, at four places at most', () => {
    const messages = [user(say('a')), assistant(say('b')), user(say('c')), assistant(say('d')), user(say('e'))];
    const { body } = encode({ system: 'S', messages, tools, sessionId: 's' });
    const mark = { type: 'ephemeral' };
    expect(body.system).toMatchObject([{ cache_control: mark }]);
    expect(
      (body.messages as { content: { cache_control?: Json }[] }[]).map((turn) => turn.content.at(-1)?.cache_control),
    ).toEqual([undefined, undefined, mark, undefined, mark]);
    expect(JSON.stringify(body).split('cache_control').length - 1).toBe(3);
    expect(JSON.stringify(encode({ messages }).body)).not.toContain('cache_control');
  });
});
