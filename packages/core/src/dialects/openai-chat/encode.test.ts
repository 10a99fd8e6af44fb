import { describe, expect, it } from 'vitest';
import type { Model } from '../../catalog/model.ts';
import { assistant, bodyOf, call, encode, result, user } from './encoding.testing.ts';

describe('the request', () => {
  it('is always streamed and always bounded', () => {
    expect(encode()).toMatchObject({ path: '/chat/completions', notices: [] });
    expect(bodyOf()).toEqual({
      model: 'one',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 100,
    });
  });

  it('quirk 37: leaves stream_options out where they are refused', () => {
    expect(bodyOf({ flags: { streamOptions: false } })).not.toHaveProperty('stream_options');
  });

  it.each([
    ['by default', undefined, undefined, 'max_completion_tokens'],
    ['as the provider says', 'max_tokens', undefined, 'max_tokens'],
    ['by the model', 'by-model', ['max_tokens'], 'max_tokens'],
    ['by the model', 'by-model', ['max_completion_tokens'], 'max_completion_tokens'],
    ['by the model, both', 'by-model', ['max_completion_tokens', 'max_tokens'], 'max_tokens'],
    ['by a model nobody knows', 'by-model', undefined, 'max_tokens'],
  ] as const)('quirk 149: names the maximum %s (%s, %j)', (_name, maxTokensField, parameters, field) => {
    const model = parameters && ({ id: 'one', provider: 'acme', parameters, source: 'live' } satisfies Model);
    const body = bodyOf({ flags: maxTokensField ? { maxTokensField } : {}, model });
    expect(body[field]).toBe(100);
    expect(Object.keys(body).filter((key) => key.startsWith('max'))).toEqual([field]);
  });

  it('quirk 51, quirk 251: gives the system prompt the role the provider knows', () => {
    expect(bodyOf({ request: { system: 'Be brief.' } }).messages[0]).toEqual({ role: 'system', content: 'Be brief.' });
    expect(bodyOf({ request: { system: 'x' }, flags: { systemRole: 'developer' } }).messages[0].role).toBe('developer');
    expect(bodyOf({ request: { system: '' } }).messages).toHaveLength(1);
  });

  it('quirk 52, quirk 150, quirk 151: says nothing that only some understand', () => {
    const tools = [{ name: 'f', parameters: { type: 'object' } }];
    expect(encode({ request: { tools } }).body).not.toMatch(/service_tier|store|developer|strict/);
  });

  it('carries the knobs that are set, and no others', () => {
    const request = { temperature: 0, topP: 0.5, stop: ['END'], seed: 7 };
    expect(bodyOf({ request })).toMatchObject({ temperature: 0, top_p: 0.5, stop: ['END'], seed: 7 });
    expect(bodyOf({ request: { stop: [] } })).not.toHaveProperty('stop');
  });

  it('keeps the provider’s own fields, but never over what was asked', () => {
    const body = bodyOf({
      provider: { body: { store: false, stream: false, provider: { zdr: true } } },
      flags: { sendsMaxPrice: true },
      maxPrice: { prompt: '3', completion: '15' },
    });
    expect(body).toMatchObject({
      store: false,
      stream: true,
      provider: { zdr: true, max_price: { prompt: '3', completion: '15' } },
    });
    expect(bodyOf({ maxPrice: { prompt: '3', completion: '15' } })).not.toHaveProperty('provider');
  });

  it('carries the conversation’s id where there is a field for it', () => {
    const request = { sessionId: 'c'.repeat(300) };
    expect(bodyOf({ request, flags: { sessionField: 'session_id' } }).session_id).toBe('c'.repeat(256));
    expect(bodyOf({ request, flags: { sessionField: 'prompt_cache_key' } }).prompt_cache_key).toHaveLength(256);
    expect(encode({ request }).body).not.toContain('ccc');
  });

  it('quirk 32: half of a surrogate pair never leaves, wherever it stands, and text that only looks like one is kept', () => {
    const half = '\ud83d';
    const tools = [{ name: 'f', description: `d${half}`, parameters: { type: 'object', title: `t${half}` } }];
    const { body } = encode({
      request: { system: `s${half}`, messages: [user(`u${half}x🧵`, 'literally \\ud83d')], tools },
    });
    expect(body).not.toMatch(/(?<!\\)\\ud83d/);
    expect(JSON.parse(body).messages[1].content).toBe('u\ufffdx🧵\n\nliterally \\ud83d');
  });
});

describe('reasoning effort', () => {
  const efforts = (...known: string[]): Model => ({
    id: 'one',
    provider: 'acme',
    reasoning: { efforts: known },
    source: 'live',
  });

  it('is put in the provider’s words', () => {
    expect(bodyOf({ request: { reasoningEffort: 'max' }, flags: { reasoning: 'openrouter' } }).reasoning).toEqual({
      effort: 'max',
    });
    expect(bodyOf({ request: { reasoningEffort: 'none' }, flags: { reasoning: 'openrouter' } }).reasoning).toEqual({
      effort: 'none',
    });
    expect(bodyOf({ request: { reasoningEffort: 'low' }, flags: { reasoning: 'effort' } }).reasoning_effort).toBe(
      'low',
    );
    expect(bodyOf({ request: { reasoningEffort: 'max' }, model: efforts('high', 'xhigh') }).reasoning_effort).toBe(
      'xhigh',
    );
    const families = [{ pattern: '^one$', efforts: ['low', 'high', 'xhigh'] }];
    expect(bodyOf({ request: { reasoningEffort: 'max' }, provider: { families } }).reasoning_effort).toBe('xhigh');
    expect(bodyOf({ request: { reasoningEffort: 'max' }, model: efforts('max') }).reasoning_effort).toBe('max');
  });

  it('says what it changed or left out', () => {
    expect(encode({ request: { reasoningEffort: 'max' } }).notices).toMatchObject([
      { code: 'parameter-adapted', field: 'reasoningEffort' },
    ]);
    const none = encode({ request: { reasoningEffort: 'low' }, flags: { reasoning: 'none' } });
    expect(none.notices).toMatchObject([{ code: 'parameter-dropped', field: 'reasoningEffort' }]);
    expect(none.body).not.toContain('effort');
  });
});

describe('tools and formats', () => {
  const tools = [{ name: 'f', description: 'd', parameters: { type: 'object' } }];

  it('are declared with their choice', () => {
    expect(bodyOf({ request: { tools, toolChoice: { name: 'f' }, parallelToolCalls: false } })).toMatchObject({
      tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
      parallel_tool_calls: false,
    });
    expect(bodyOf({ request: { tools, toolChoice: 'required' } }).tool_choice).toBe('required');
  });

  it('quirk 153: an empty list is left out, and its choice with it', () => {
    const body = bodyOf({ request: { tools: [], toolChoice: 'auto', parallelToolCalls: true } });
    expect(Object.keys(body)).toEqual(['model', 'messages', 'stream', 'stream_options', 'max_completion_tokens']);
  });

  it('quirk 57: a history with tools declares them where it must, and lets none be called', () => {
    const messages = [user('x'), assistant(call('a')), { role: 'tool', parts: [result('a', 'ok')] } as const];
    const body = bodyOf({ request: { messages }, flags: { toolsWithToolHistory: true } });
    expect(body.tools).toEqual([{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }]);
    expect(body.tool_choice).toBe('none');
    expect(bodyOf({ request: { messages } })).not.toHaveProperty('tools');
    expect(bodyOf({ flags: { toolsWithToolHistory: true } })).not.toHaveProperty('tools');
  });

  it('quirk 53: a schema is asked for strictly only where it can be', () => {
    const strictly = (schema: object) =>
      encode({
        request: { responseFormat: { type: 'json-schema', name: 'n', schema: schema as never, strict: true } },
      });
    const closed = {
      type: 'object',
      properties: { a: { type: 'array', items: { type: 'string' } } },
      required: ['a'],
      additionalProperties: false,
    };
    expect(JSON.parse(strictly(closed).body).response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'n', schema: closed, strict: true },
    });
    for (const open of [
      { ...closed, required: [] },
      { ...closed, additionalProperties: true },
      { ...closed, properties: { a: { type: 'object' } } },
      { ...closed, properties: { a: { anyOf: [{ type: ['object', 'null'], properties: { b: {} } }] } } },
      { ...closed, $defs: { d: { type: 'object', properties: { b: {} } } } },
    ]) {
      const adapted = strictly(open);
      expect(JSON.parse(adapted.body).response_format.json_schema.strict).toBe(false);
      expect(adapted.notices).toMatchObject([{ code: 'parameter-adapted', field: 'responseFormat' }]);
    }
    expect(bodyOf({ request: { responseFormat: { type: 'json' } } }).response_format).toEqual({ type: 'json_object' });
    expect(
      bodyOf({ request: { responseFormat: { type: 'json-schema', name: 'n', schema: {} } } }).response_format
        .json_schema,
    ).toEqual({ name: 'n', schema: {} });
  });
});
