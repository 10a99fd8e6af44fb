import { describe, expect, test } from 'vitest';
import type { Json } from '../../chat/json.ts';
import type { Message } from '../../chat/message.ts';
import type { Part } from '../../chat/part.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { providerOf, providers } from '../../providers/registry.ts';
import { encodeHanded } from '../handed-over.testing.ts';

function encode(providerId: string, request: Partial<ChatRequest>) {
  const provider = providerOf(providerId);
  if (!provider) throw new Error(`no provider ${providerId}`);
  const full: ChatRequest = {
    choice: { provider: providerId, model: 'm' },
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    ...request,
  };
  const encoded = encodeHanded({
    request: full,
    provider,
    model: undefined,
    maxOutputTokens: 100,
    media: new Map(),
  });
  return { ...encoded, body: JSON.parse(encoded.body) as { [key: string]: Json } };
}

const tools = [{ name: 'look', parameters: { $schema: 'x', type: 'object' } }];

describe('what a provider’s data makes of a request', () => {
  test.each([
    ['deepseek', { thinking: { type: 'enabled' } }], // quirk 181
    ['zai', { thinking: { type: 'enabled' } }], // quirk 255
    ['vllm', { chat_template_kwargs: { enable_thinking: true } }], // quirk 231
    ['groq', { reasoning_effort: 'high' }],
  ])('quirks 181, 231 and 255: %s is told to think in its own way', (id, expected) => {
    expect(encode(id, { reasoningEffort: 'high' }).body).toMatchObject(expected);
  });

  test('quirks 181, 231 and 256: and not to', () => {
    expect(encode('deepseek', { reasoningEffort: 'none' }).body.thinking).toEqual({ type: 'disabled' });
    expect(encode('qwen', { reasoningEffort: 'none' }).body.enable_thinking).toBe(false);
    expect(encode('vllm', { reasoningEffort: 'none' }).body.chat_template_kwargs).toEqual({ enable_thinking: false });
  });

  test('OpenAI is held to the tier whose prices are listed, whatever the project is set to', () => {
    expect(encode('openai', {}).body.service_tier).toBe('default');
  });

  test('quirk 172: Mistral calls a seed and a must by other names', () => {
    const { body } = encode('mistral', { seed: 7, tools, toolChoice: 'required' });
    expect(body).toMatchObject({ random_seed: 7, tool_choice: 'any' });
    expect(body.seed).toBeUndefined();
  });

  test('quirk 167: and takes ids of nine letters and digits alone', () => {
    const parts = [{ type: 'tool-call' as const, callId: 'call_of_another_protocol', name: 'look', arguments: '{}' }];
    const { body } = encode('mistral', {
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'a' }] },
        { role: 'assistant', parts },
      ],
      tools,
    });
    const calls = (body.messages as { tool_calls?: { id: string }[] }[]).flatMap((message) => message.tool_calls ?? []);
    expect(calls.map((call) => call.id)).toEqual([expect.stringMatching(/^[a-zA-Z0-9]{9}$/)]);
  });

  test.each([
    ['vllm', 'mistralai/Devstral-Small-2507', /^[a-zA-Z0-9]{9}$/],
    ['llamacpp', 'Magistral-Small-2509-Q4_K_M', /^[a-zA-Z0-9]{9}$/],
    ['vllm', 'meta-llama/Llama-3.3-70B-Instruct', /^call_of_another_protocol$/],
  ])('quirk 229: %s with %s gets ids in the form of its template', (provider, model, form) => {
    const parts = [{ type: 'tool-call' as const, callId: 'call_of_another_protocol', name: 'look', arguments: '{}' }];
    const choice = { provider, model };
    const { body } = encode(provider, { choice, messages: [{ role: 'assistant', parts }], tools });
    const calls = (body.messages as { tool_calls?: { id: string }[] }[]).flatMap((message) => message.tool_calls ?? []);
    expect(calls.map((call) => call.id)).toEqual([expect.stringMatching(form)]);
  });

  test('quirk 243: Bedrock gets ids of letters and digits', () => {
    const parts = [{ type: 'tool-call' as const, callId: 'call_1|fc-2', name: 'look', arguments: '{}' }];
    const { body } = encode('aws', { messages: [{ role: 'assistant', parts }], tools });
    expect(JSON.stringify(body)).toMatch(/"tool_calls":\[\{"id":"[a-zA-Z0-9]{1,64}"/);
  });

  test('quirk 175: Mistral hears in a header which conversation it is, so that it finds its prompt again', () => {
    const affinity = (sessionId: string) => encode('mistral', { sessionId }).headers['x-affinity'];
    expect(affinity('0198c9d2-5a5e-7cc3-9c39-3b9d3c0a2f11')).toBe('0198c9d2-5a5e-7cc3-9c39-3b9d3c0a2f11');
    expect(affinity('ä\r\nx: y\ud83d')).toBe('xy');
    expect(affinity('🌊')).toBeUndefined();
    expect(encode('mistral', {}).headers).toEqual({ accept: 'text/event-stream' });
    expect(encode('groq', { sessionId: 's' }).headers).toEqual({ accept: 'text/event-stream' });
  });

  test.each([
    ['magistral-medium-latest', 'high', { prompt_mode: 'reasoning' }],
    ['magistral-small-2509', 'none', { prompt_mode: null }],
    ['mistral-small-latest', 'high', { reasoning_effort: 'high' }],
    ['mistral-medium-3-5', 'none', { reasoning_effort: 'none' }],
  ] as const)('quirk 176: %s is told to think (%s) by prompt mode or by effort, never both', (model, effort, told) => {
    const choice = { provider: 'mistral', model };
    const { prompt_mode, reasoning_effort } = encode('mistral', { choice, reasoningEffort: effort }).body;
    expect({ prompt_mode, reasoning_effort }).toEqual({ prompt_mode: undefined, reasoning_effort: undefined, ...told });
    expect(Object.keys(encode('mistral', { choice }).body)).not.toContain('prompt_mode');
  });

  test('quirk 199: Fireworks is told an effort, and so no budget', () => {
    const { body } = encode('fireworks', { reasoningEffort: 'high' });
    expect(body.reasoning_effort).toBe('high');
    expect(JSON.stringify(body)).not.toMatch(/budget|"thinking"/);
  });

  test('quirk 197: Together is told to think by a switch of its own', () => {
    expect(encode('together', { reasoningEffort: 'high' }).body.reasoning).toEqual({ enabled: true });
    expect(encode('together', { reasoningEffort: 'none' }).body.reasoning).toEqual({ enabled: false });
  });

  test.each(['together', 'cerebras'])(
    'quirk 202: %s hears what its model thought under the name of reasoning',
    (id) => {
      const origin = { provider: id, model: 'm' };
      const thought = { type: 'reasoning' as const, text: 'hm', origin };
      const messages = (parts: readonly Part[]): Message[] => [
        { role: 'user', parts: [{ type: 'text', text: 'a' }] },
        { role: 'assistant', parts },
        { role: 'user', parts: [{ type: 'text', text: 'c' }] },
      ];
      const answer = (parts: readonly Part[]) => (encode(id, { messages: messages(parts) }).body.messages as Json[])[1];
      const said: Part = { type: 'text', text: 'b', origin };
      expect(answer([thought, said])).toEqual({ role: 'assistant', content: 'b', reasoning: 'hm' });
      expect(answer([said])).toEqual({ role: 'assistant', content: 'b' });
    },
  );

  test.each([
    ['mistral', 'mistral-large-latest', { prefix: true }, {}],
    ['moonshotai', 'kimi-k2.5', { partial: true }, {}],
    ['qwen', 'qwen3.7-max', { partial: true }, { enable_thinking: false }],
    ['qwen', 'qwen2.5-72b-instruct', { partial: true }, {}],
    ['groq', 'llama-3.3-70b-versatile', {}, {}],
    ['openrouter', 'anthropic/claude-3.7-sonnet', {}, {}],
    [
      'vllm',
      'Qwen/Qwen3-8B',
      {},
      {
        continue_final_message: true,
        add_generation_prompt: false,
        chat_template_kwargs: { enable_thinking: false },
      },
    ],
    ['llamacpp', 'Qwen3-8B-Q4', {}, { chat_template_kwargs: { enable_thinking: false } }],
  ])('an answer to be continued is marked as %s wants it for %s', (provider, model, mark, more) => {
    const messages: Message[] = [
      { role: 'user', parts: [{ type: 'text', text: '?' }] },
      { role: 'assistant', parts: [{ type: 'text', text: 'It is ' }] },
    ];
    const choice = { provider, model };
    const { body } = encode(provider, { choice, messages });
    const asked = encode(provider, { choice, messages: messages.slice(0, 1) }).body;
    const { messages: _, ...rest } = asked;
    expect(body).toEqual({
      ...rest,
      ...more,
      messages: [
        { role: 'user', content: '?' },
        { role: 'assistant', content: 'It is', ...mark },
      ],
    });
  });

  test('quirk 183: DeepSeek behind OpenRouter wants a list of thoughts beside its calls, even an empty one', () => {
    const messages: Message[] = [
      { role: 'user', parts: [{ type: 'text', text: 'a' }] },
      { role: 'assistant', parts: [{ type: 'tool-call', callId: 'c', name: 'look', arguments: '{}' }] },
      { role: 'tool', parts: [{ type: 'tool-result', callId: 'c', content: [{ type: 'text', text: 'b' }] }] },
    ];
    const sent = (model: string) =>
      encode('openrouter', { messages, tools, choice: { provider: 'openrouter', model } }).body.messages as Json[];
    expect(sent('deepseek/deepseek-v3.2')[1]).toMatchObject({ role: 'assistant', reasoning_details: [] });
    expect(sent('openai/gpt-5.2')[1]).not.toHaveProperty('reasoning_details');
  });

  test('quirk 194: Together’s models decide about tools by themselves, unless there are none', () => {
    const must = encode('together', { tools, toolChoice: 'required' });
    expect(must.body).not.toHaveProperty('tool_choice');
    expect(must.notices.map(({ field }) => field)).toEqual(['toolChoice']);
    const none = encode('together', { tools, toolChoice: 'none' });
    expect(none.body).not.toHaveProperty('tools');
    expect(none.notices).toEqual([]);
    expect(encode('together', { tools, toolChoice: 'auto' }).body.tool_choice).toBe('auto');
  });

  test('quirk 165: JSON is asked for by name, and once', () => {
    const responseFormat = { type: 'json' } as const;
    const asked = encode('groq', { responseFormat, system: 'Be brief.' }).body.messages as { content: string }[];
    expect(asked[0]?.content).toMatch(/^Be brief\.\n\nAnswer with one JSON value/);
    const named = encode('groq', { responseFormat, system: 'Speak json.' }).body.messages as { content: string }[];
    expect(named[0]?.content).toBe('Speak json.');
  });

  test('a schema is told in words to those who know JSON alone', () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } } } as const;
    const { body, notices } = encode('deepseek', { responseFormat: { type: 'json-schema', name: 'place', schema } });
    expect(body.response_format).toEqual({ type: 'json_object' });
    expect((body.messages as { content: string }[])[0]?.content).toContain(JSON.stringify(schema));
    expect(notices.map(({ code }) => code)).toEqual(['parameter-adapted']);
  });

  test('quirk 163: Groq gets no thinking back, since models that do not think refuse it', () => {
    const parts = [
      { type: 'reasoning' as const, text: 'hm', origin: { provider: 'groq', model: 'm' } },
      { type: 'text' as const, text: 'x', origin: { provider: 'groq', model: 'm' } },
    ];
    const { body } = encode('groq', {
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'a' }] },
        { role: 'assistant', parts },
      ],
    });
    expect((body.messages as Json[])[1]).toEqual({ role: 'assistant', content: 'x' });
  });

  test('quirk 198: Fireworks takes no seed, and that is said', () => {
    const { body, notices } = encode('fireworks', { seed: 7 });
    expect(body.seed).toBeUndefined();
    expect(notices.map((notice) => notice.field)).toEqual(['seed']);
  });

  test('quirk 254: Kimi reads tools without the name of their dialect', () => {
    expect(JSON.stringify(encode('moonshotai', { tools }).body)).not.toContain('$schema');
    expect(JSON.stringify(encode('groq', { tools }).body)).toContain('$schema');
  });

  test('quirk 149: those that know one name of the maximum alone get that one', () => {
    const old = [
      'mistral',
      'deepseek',
      'together',
      'fireworks',
      'moonshotai',
      'zai',
      'qwen',
      'nvidia',
      'custom',
      'ollama',
    ];
    for (const id of old) expect(encode(id, {}).body, id).toMatchObject({ max_tokens: 100 });
    for (const id of ['openai', 'groq', 'x-ai'])
      expect(encode(id, {}).body, id).toMatchObject({ max_completion_tokens: 100 });
  });

  test('every provider of this protocol can be asked, with a bound', () => {
    for (const { id, dialect } of providers) {
      if (dialect !== 'openai-chat') continue;
      const { body } = encode(id, { tools, toolChoice: 'auto', temperature: 0.5, reasoningEffort: 'low' });
      expect(body.max_tokens ?? body.max_completion_tokens, id).toBe(100);
      expect(body.stream, id).toBe(true);
    }
  });
});
