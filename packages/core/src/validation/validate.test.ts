import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Model } from '../catalog/model.ts';
import type { Message } from '../chat/message.ts';
import type { ImagePart, Part } from '../chat/part.ts';
import type { ChatRequest } from '../chat/request.ts';
import { resolveProvider } from '../providers/registry.ts';
import { type Validation, validate } from './validate.ts';

const openrouter = resolveProvider({ provider: 'openrouter', baseUrl: '' });
const openai = resolveProvider({ provider: 'openai', baseUrl: '' });
const custom = resolveProvider({ provider: 'custom', baseUrl: 'https://host.example/v1' });

const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const text = (value: string): Part => ({ type: 'text', text: value });
const image: ImagePart = { type: 'image', mediaType: 'image/png', source: { kind: 'blob', blobId: 'b1' } };
const ask = (more: Partial<ChatRequest> = {}): ChatRequest => ({
  choice: { provider: 'openrouter', model: 'a/b', keyId: 'k1' },
  messages: [user(text('Hello'))],
  ...more,
});
/** Knows everything a plain model can know; each test takes away or adds. */
const model = (more: Partial<Model> = {}): Model => ({
  id: 'a/b',
  provider: 'openrouter',
  name: 'Model B',
  input: ['text'],
  output: ['text'],
  parameters: ['max_tokens', 'temperature', 'top_p', 'stop', 'seed'],
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
  source: 'live',
  ...more,
});

function passed(outcome: Validation): Exclude<Validation, { refuse: unknown }> {
  if ('refuse' in outcome) throw new Error(`refused: ${outcome.refuse.message}`);
  return outcome;
}
function refused(outcome: Validation) {
  if (!('refuse' in outcome)) throw new Error('not refused');
  return outcome.refuse;
}
const codes = (outcome: Validation) => passed(outcome).notices.map((one) => one.code);

describe('a request that fits', () => {
  test('goes through unchanged, with a maximum', () => {
    const request = ask({ temperature: 1, topP: 0.5, stop: ['x'], seed: 7 });
    const outcome = passed(validate(request, model(), openrouter));
    expect(outcome.request).toEqual({ ...request, maxOutputTokens: 8_192 });
    expect(outcome.notices).toEqual([]);
  });

  test('goes through where nothing is known, without a notice for what any model takes', () => {
    const request = ask({ temperature: 1, topP: 0.5, stop: ['x'], seed: 7, reasoningEffort: 'low' });
    const outcome = passed(validate(request, undefined, custom));
    expect(outcome).toEqual({ request: { ...request, maxOutputTokens: 8_192 }, maxOutputTokens: 8_192, notices: [] });
  });

  test('is never altered in place', () => {
    const freeze = <T>(value: T): T => {
      if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
      return Object.freeze(value);
    };
    const request = freeze(
      ask({ temperature: 9, messages: [user(image), user(text('x'))], tools: [], stop: ['', 'a'] }),
    );
    expect(() => validate(request, model({ parameters: [] }), openrouter)).not.toThrow();
  });
});

describe('a model that does not chat', () => {
  test.each([
    [ask({ messages: [] }), model(), /no message/],
    [ask(), model({ chat: false }), /Model B does not answer in a chat/],
    [ask(), model({ output: ['image'] }), /does not answer in text/],
  ])('is not asked', (request, target, message) => {
    expect(refused(validate(request, target, openrouter)).message).toMatch(message);
  });

  test('is known by its id alone', () => {
    const choice = { provider: 'openai', model: 'whisper-1', keyId: 'k1' };
    expect(refused(validate(ask({ choice }), undefined, openai))).toMatchObject({
      kind: 'unsupported',
      userAction: 'other-model',
      fallbackable: true,
      message: expect.stringMatching(/whisper-1/),
    });
  });
});

describe('images and files', () => {
  test('a text-only model is not asked about an image', () => {
    const failure = refused(validate(ask({ messages: [user(text('What is this?'), image)] }), model(), openrouter));
    expect(failure).toMatchObject({ kind: 'unsupported', userAction: 'other-model', retryable: false });
    expect(failure.message).toBe('Model B takes no images. Choose another model, or take it out of the message.');
  });

  test('a model that takes it gets it', () => {
    const messages = [user(image)];
    const outcome = passed(validate(ask({ messages }), model({ input: ['text', 'image'] }), openrouter));
    expect(outcome.request.messages).toBe(messages);
    expect(outcome.notices).toEqual([]);
  });

  test('an unknown model gets it, with a notice', () => {
    const outcome = passed(validate(ask({ messages: [user(image)] }), undefined, custom));
    expect(outcome.request.messages[0]?.parts).toEqual([image]);
    expect(outcome.notices).toEqual([
      { code: 'capability-unknown', message: 'It is not known whether a/b takes images.', field: 'messages' },
    ]);
  });

  test('what an earlier turn held is described, so that a conversation can change models', () => {
    const messages: Message[] = [
      user(text('What is this?'), { ...image, alt: 'a cat' }),
      { role: 'assistant', parts: [text('A cat.'), { ...image, origin: { provider: 'x', model: 'y' } }] },
      { role: 'tool', parts: [{ type: 'tool-result', callId: 'c1', content: [image] }] },
      user(text('And now?')),
    ];
    const outcome = passed(validate(ask({ messages }), model(), openrouter));
    expect(JSON.stringify(outcome.request.messages[2])).not.toContain('blobId');
    expect(outcome.request.messages[0]?.parts[1]).toEqual({
      type: 'text',
      text: '[Image: a cat (image/png), left out because this model cannot take it]',
    });
    // In the model's own words it would be copied: the hand-over tells it in the user's.
    expect(outcome.request.messages[1]).toBe(messages[1]);
    expect(outcome.request.messages[3]).toBe(messages[3]);
    expect(outcome.notices).toMatchObject([{ code: 'part-described', message: expect.stringMatching(/2 earlier/) }]);
  });

  test('an image that a tool brought back in this turn is described, not refused', () => {
    const messages: Message[] = [
      user(text('Take a screenshot')),
      { role: 'assistant', parts: [{ type: 'tool-call', callId: 'c1', name: 'shot', arguments: '{}' }] },
      { role: 'tool', parts: [{ type: 'tool-result', callId: 'c1', content: [image] }] },
    ];
    expect(codes(validate(ask({ messages }), model(), openrouter))).toEqual(['part-described']);
  });

  test.each([
    ['application/pdf', ['text'], 'files'],
    ['audio/mpeg', ['text', 'file'], 'audio'],
    ['video/mp4', ['text', 'file'], 'video'],
    ['image/jpeg', ['text', 'file'], 'images'],
  ] as const)('a file of type %s needs more than %j', (mediaType, input, word) => {
    const file: Part = { type: 'file', name: 'x', mediaType, source: { kind: 'blob', blobId: 'b' } };
    const failure = refused(validate(ask({ messages: [user(file)] }), model({ input }), openrouter));
    expect(failure.message).toContain(`takes no ${word}`);
  });

  test.each(['text/plain', 'text/csv', 'application/json', 'application/ld+json'])(
    '%s is text to every model',
    (mediaType) => {
      const file: Part = { type: 'file', name: 'x', mediaType, source: { kind: 'blob', blobId: 'b' } };
      expect(codes(validate(ask({ messages: [user(file)] }), model(), openrouter))).toEqual([]);
    },
  );
});

describe('tools', () => {
  const tools = [{ name: 'f', parameters: {} }];
  const able = model({ parameters: ['tools', 'tool_choice'] });

  test('are refused by a model without them, never left out', () => {
    expect(refused(validate(ask({ tools }), model(), openrouter))).toMatchObject({ kind: 'unsupported' });
  });

  test('go to a model that has them, and with a notice to one of which nobody knows', () => {
    expect(codes(validate(ask({ tools, toolChoice: 'required' }), able, openrouter))).toEqual([]);
    expect(codes(validate(ask({ tools }), undefined, custom))).toEqual(['capability-unknown']);
  });

  test('an empty list goes away, and the choice with it (quirk 153)', () => {
    const outcome = passed(
      validate(ask({ tools: [], toolChoice: 'auto', parallelToolCalls: true }), model(), openrouter),
    );
    expect(outcome.request).not.toHaveProperty('tools');
    expect(outcome.request).not.toHaveProperty('toolChoice');
    expect(outcome.request).not.toHaveProperty('parallelToolCalls');
    expect(outcome.notices).toEqual([]);
  });

  test('a choice that the model does not take is left out', () => {
    const outcome = passed(
      validate(ask({ tools, toolChoice: 'required' }), model({ parameters: ['tools'] }), openrouter),
    );
    expect(outcome.request).not.toHaveProperty('toolChoice');
    expect(outcome.notices).toMatchObject([{ code: 'parameter-dropped', field: 'toolChoice' }]);
  });
});

describe('JSON', () => {
  const schema = { type: 'json-schema', name: 's', schema: {} } as const;
  const json = { type: 'json' } as const;
  test.each([
    [schema, ['structured_outputs', 'response_format'], schema, []],
    [schema, ['structured_outputs'], schema, []],
    [schema, ['response_format'], json, ['parameter-adapted']],
    [json, ['response_format'], json, []],
    [json, undefined, json, ['capability-unknown']],
    [schema, undefined, schema, ['capability-unknown']],
  ] as const)('%j with %j is asked as %j', (responseFormat, parameters, expected, expectedCodes) => {
    const { parameters: _, ...rest } = model();
    const outcome = passed(
      validate(ask({ responseFormat }), { ...rest, ...(parameters && { parameters }) }, openrouter),
    );
    expect(outcome.request.responseFormat).toEqual(expected);
    expect(outcome.notices.map((one) => one.code)).toEqual(expectedCodes);
  });

  test.each([schema, json])('%j is refused by a model known not to have it', (responseFormat) => {
    expect(refused(validate(ask({ responseFormat }), model(), openrouter)).message).toMatch(/held to JSON/);
  });
});

describe('parameters', () => {
  test('known not to be taken are left out, each with a notice: a router would do so silently (quirk 252)', () => {
    const request = ask({ temperature: 1, topP: 0.5, stop: ['x'], seed: 7 });
    const outcome = passed(validate(request, model({ parameters: ['seed'] }), openrouter));
    expect(outcome.request).toEqual({ ...ask(), seed: 7, maxOutputTokens: 8_192 });
    expect(outcome.notices.map((one) => one.field)).toEqual(['temperature', 'topP', 'stop']);
    expect(outcome.notices[0]?.message).toBe('Model B does not take temperature: left out.');
  });

  test.each([
    ['o3-mini', undefined, ['temperature', 'topP', 'stop']],
    ['gpt-5-mini', undefined, ['temperature', 'topP', 'stop']],
    ['gpt-5-mini', 'low', ['temperature', 'topP', 'stop']],
    ['gpt-5.2', undefined, ['temperature', 'topP', 'stop']],
    ['gpt-5.2', 'none', ['stop']],
    ['gpt-6-sol', undefined, ['temperature', 'topP', 'stop']],
    ['gpt-6-sol', 'none', ['stop']],
    ['gpt-6-astra', 'low', ['temperature', 'topP', 'stop']],
    ['gpt-5-chat-latest', undefined, []],
    ['gpt-4o', undefined, []],
    ['gpt-4o-search-preview', undefined, ['temperature', 'topP']],
    ['brand-new', undefined, []],
  ] as const)('%s with effort %s is asked without %j (quirk 50)', (id, reasoningEffort, fields) => {
    const choice = { provider: 'openai', model: id, keyId: 'k1' };
    const request = ask({
      choice,
      temperature: 1,
      topP: 0.5,
      stop: ['x'],
      ...(reasoningEffort && { reasoningEffort }),
    });
    const outcome = passed(validate(request, undefined, openai));
    expect(outcome.notices.map((one) => one.field)).toEqual(fields);
    for (const field of fields) expect(outcome.request).not.toHaveProperty(field);
  });

  test.each([
    ['moonshotai', 'kimi-k2.6', ['temperature', 'topP']],
    ['moonshotai', 'kimi-k3', ['temperature', 'topP']],
    ['moonshotai', 'kimi-k2-0905-preview', []],
    ['x-ai', 'grok-4.7', ['stop']],
    ['google', 'gemini-4-argon', ['temperature', 'topP']],
  ] as const)('%s’s %s is asked without %j', (provider, id, fields) => {
    const request = ask({ choice: { provider, model: id, keyId: 'k1' }, temperature: 0.5, topP: 0.5, stop: ['x'] });
    const outcome = passed(validate(request, undefined, resolveProvider({ provider, baseUrl: '' })));
    expect(outcome.notices.map((one) => one.field)).toEqual(fields);
  });

  test.each([
    [{ temperature: 3 }, { temperature: 2 }, ['parameter-adapted']],
    [{ temperature: -1 }, { temperature: 0 }, ['parameter-adapted']],
    [{ temperature: Number.POSITIVE_INFINITY }, { temperature: 2 }, ['parameter-adapted']],
    [{ topP: 1.5 }, { topP: 1 }, ['parameter-adapted']],
    [{ temperature: Number.NaN }, {}, []],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, { stop: ['a', 'b', 'c', 'd'] }, ['parameter-adapted']],
    [{ stop: ['', 'a'] }, { stop: ['a'] }, []],
    [{ stop: [''] }, {}, []],
    [{ seed: 1.5 }, {}, ['parameter-dropped']],
  ])('%j becomes %j', (given, expected, expectedCodes) => {
    const outcome = passed(validate(ask(given), model(), openrouter));
    expect(outcome.request).toEqual({ ...ask(expected), maxOutputTokens: 8_192 });
    expect(outcome.notices.map((one) => one.code)).toEqual(expectedCodes);
  });
});

describe('reasoning effort', () => {
  const thinking = (reasoning: Model['reasoning']) =>
    model({ parameters: ['reasoning', 'max_tokens'], ...(reasoning && { reasoning }) });

  test.each([
    ['high', thinking({ efforts: ['high', 'low'] }), 'high', []],
    ['medium', thinking({ efforts: ['high', 'low'] }), 'low', ['parameter-adapted']],
    ['minimal', thinking({ efforts: ['high', 'medium'] }), 'medium', ['parameter-adapted']],
    ['max', thinking({ efforts: ['high', 'low'] }), 'high', ['parameter-adapted']],
    ['max', thinking({ efforts: ['xhigh', 'high'] }), 'max', []],
    ['max', thinking({ efforts: ['max', 'high'] }), 'max', []],
    ['low', thinking({}), 'low', []],
    ['low', thinking(undefined), 'low', []],
    ['none', thinking({ mandatory: true, efforts: ['high'] }), undefined, ['parameter-dropped']],
    ['none', thinking({ mandatory: false, efforts: ['high'] }), 'none', []],
    ['low', model(), undefined, ['parameter-dropped']],
    ['none', model(), undefined, []],
  ] as const)('%s at %j is asked as %s', (reasoningEffort, target, expected, expectedCodes) => {
    const outcome = passed(validate(ask({ reasoningEffort }), target, openrouter));
    expect(outcome.request.reasoningEffort).toBe(expected);
    expect(outcome.notices.map((one) => one.code)).toEqual(expectedCodes);
  });

  test('follows OpenAI’s families where the list holds ids alone', () => {
    const at = (id: string) => ask({ choice: { provider: 'openai', model: id }, reasoningEffort: 'max' });
    expect(passed(validate(at('o3-mini'), undefined, openai)).request.reasoningEffort).toBe('high');
    expect(passed(validate(at('gpt-4o'), undefined, openai)).request.reasoningEffort).toBeUndefined();
    expect(passed(validate(at('gpt-5.1'), undefined, openai)).request.reasoningEffort).toBe('high');
    expect(passed(validate(at('gpt-5.6-sol'), undefined, openai)).request.reasoningEffort).toBe('max');
    const calm = ask({ choice: { provider: 'openai', model: 'gpt-6.1-sol' }, reasoningEffort: 'none' });
    expect(passed(validate(calm, undefined, openai)).request.reasoningEffort).toBe('low');
    expect(passed(validate(at('brand-new'), undefined, openai)).request.reasoningEffort).toBe('max');
  });

  test.each([
    ['ollama', 'gpt-oss:20b', 'none', 'low'], // quirk 221, as the next two
    ['ollama', 'gpt-oss:20b', 'max', 'high'],
    ['ollama', 'qwen3:8b', 'minimal', 'low'],
    ['ollama', 'qwen3:8b', 'none', 'none'],
    ['mistral', 'mistral-small-latest', 'low', 'high'], // quirk 176
    ['mistral', 'mistral-small-latest', 'none', 'none'],
    ['google', 'gemma-4-31b-it', 'low', 'minimal'],
    ['google', 'gemma-4-31b-it', 'medium', 'high'],
    ['google', 'gemma-4-31b-it', 'high', 'high'],
    // Sent as `xhigh`, where the encoder says so.
    ['openai', 'gpt-5.2', 'max', 'max'],
    ['openai', 'gpt-5.5', 'max', 'max'],
    ['openai', 'gpt-5.1-codex-max', 'max', 'max'],
    ['openai', 'gpt-5.3-codex', 'max', 'max'],
    ['openai', 'gpt-5.1-codex', 'max', 'high'],
    ['openai', 'gpt-5-pro', 'max', 'high'],
    ['x-ai', 'grok-4.6', 'max', 'max'],
    ['x-ai', 'grok-4.5', 'max', 'high'],
  ] as const)('is told to %s’s %s in words that it knows, %s as %s (quirks 176 and 221)', (id, name, asked, told) => {
    const request = ask({ choice: { provider: id, model: name }, reasoningEffort: asked });
    const outcome = passed(validate(request, undefined, resolveProvider({ provider: id, baseUrl: '' })));
    expect(outcome.request.reasoningEffort).toBe(told);
    expect(outcome.notices).toHaveLength(asked === told ? 0 : 1);
  });

  test('is left out where a server has no word for it', () => {
    const lmstudio = resolveProvider({ provider: 'lmstudio', baseUrl: '' });
    expect(codes(validate(ask({ reasoningEffort: 'low' }), undefined, lmstudio))).toEqual(['parameter-dropped']);
  });
});

describe('the maximum answer', () => {
  const maximum = (request: ChatRequest, target: Model | undefined, provider = openrouter) =>
    passed(validate(request, target, provider));

  test.each([
    ['the model’s own where it is small', ask(), model({ maxOutputTokens: 4_096 }), 4_096],
    ['8,192 where it is large', ask(), model(), 8_192],
    ['8,192 where nothing is known', ask(), undefined, 8_192],
    ['more for a model that thinks', ask(), model({ reasoning: { mandatory: true } }), 16_384],
    ['still more for one that thinks hard', ask({ reasoningEffort: 'high' }), model({ reasoning: {} }), 32_768],
    ['no more where thinking is off by default', ask(), model({ reasoning: { defaultEnabled: false } }), 8_192],
    ['no more where thinking is switched off', ask({ reasoningEffort: 'none' }), model({ reasoning: {} }), 8_192],
    ['what was asked for', ask({ maxOutputTokens: 40_000 }), model(), 40_000],
  ])('is %s', (_, request, target, expected) => {
    const outcome = maximum(request, target);
    expect(outcome.maxOutputTokens).toBe(expected);
    expect(outcome.request.maxOutputTokens).toBe(expected);
    expect(outcome.notices).toEqual([]);
  });

  test.each([
    ['above the model’s', 100_000, model(), 64_000, /Model B answers in 64,000 tokens at most: .* set to 64,000/],
    ['below the provider’s least', 5, model(), 16, /OpenRouter takes no maximum below 16 tokens/],
    ['a fraction', 20.7, model(), 20, /whole number/],
    ['more than the window', 8_000, model({ contextTokens: 8_000 }), 7_990, /window of 8,000 tokens/],
  ])('%s is changed, and says so', (_, maxOutputTokens, target, expected, message) => {
    const outcome = maximum(ask({ maxOutputTokens }), target);
    expect(outcome.maxOutputTokens).toBe(expected);
    expect(outcome.notices).toMatchObject([{ code: 'parameter-adapted', field: 'maxOutputTokens' }]);
    expect(outcome.notices[0]?.message).toMatch(message);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('%s is none', (maxOutputTokens) => {
    expect(refused(validate(ask({ maxOutputTokens }), model(), openrouter))).toMatchObject({
      kind: 'parameter',
      fallbackable: false,
    });
  });

  test('leaves room for the question in a small window', () => {
    const messages = [user(text('word '.repeat(3_000)))];
    const outcome = maximum(ask({ messages }), model({ contextTokens: 8_192 }));
    expect(outcome.maxOutputTokens).toBeLessThanOrEqual(8_192 - 3_000);
    expect(outcome.maxOutputTokens).toBeGreaterThanOrEqual(1_024);
    expect(outcome.notices).toEqual([]);
  });

  test('asks for something even where the window seems full, since only the provider knows', () => {
    const messages = [user(text('word '.repeat(8_000)))];
    expect(maximum(ask({ messages }), model({ contextTokens: 8_192 })).maxOutputTokens).toBe(1_024);
    expect(maximum(ask({ messages }), model({ contextTokens: 10_000, maxOutputTokens: 500 })).maxOutputTokens).toBe(
      500,
    );
  });

  test('is always a whole number within the model’s and the provider’s limits', () => {
    fc.assert(
      fc.property(
        fc.option(fc.double({ min: 1, max: 1e7, noNaN: true }), { nil: undefined }),
        fc.option(fc.integer({ min: 16, max: 1_000_000 }), { nil: undefined }),
        fc.option(fc.integer({ min: 256, max: 2_000_000 }), { nil: undefined }),
        fc.string(),
        (given, modelMost, window, words) => {
          const { maxOutputTokens: _, contextTokens: __, ...rest } = model();
          const target = {
            ...rest,
            ...(modelMost !== undefined && { maxOutputTokens: modelMost }),
            ...(window !== undefined && { contextTokens: window }),
          };
          const request = ask({
            messages: [user(text(words))],
            ...(given !== undefined && { maxOutputTokens: given }),
          });
          const { maxOutputTokens } = passed(validate(request, target, openrouter));
          expect(Number.isInteger(maxOutputTokens)).toBe(true);
          expect(maxOutputTokens).toBeGreaterThanOrEqual(16);
          expect(maxOutputTokens).toBeLessThanOrEqual(modelMost ?? Number.POSITIVE_INFINITY);
          expect(maxOutputTokens).toBeLessThanOrEqual(Math.max(16, window ?? Number.POSITIVE_INFINITY));
        },
      ),
    );
  });
});

describe('the window', () => {
  const long = (words: number) => [user(text('internationalization '.repeat(words)))];

  test('refuses only what certainly does not fit', () => {
    const failure = refused(validate(ask({ messages: long(10_000) }), model({ contextTokens: 8_192 }), openrouter));
    expect(failure).toMatchObject({ kind: 'context-length', userAction: 'shorten', fallbackable: true });
    expect(failure.message).toMatch(/at least 17,500 tokens, and the model takes 8,192/);
    expect(codes(validate(ask({ messages: long(4_000) }), model({ contextTokens: 8_192 }), openrouter))).toEqual([]);
  });

  test('goes by the largest endpoint, since a router may choose it', () => {
    const target = model({ contextTokens: 8_192, maxContextTokens: 100_000 });
    expect(codes(validate(ask({ messages: long(10_000) }), target, openrouter))).toEqual([]);
  });

  test('is not certain about runs of one character, nor about anything without a known window', () => {
    const spaces = [user(text(' '.repeat(1_000_000)))];
    expect(codes(validate(ask({ messages: spaces }), model({ contextTokens: 8_192 }), openrouter))).toEqual([]);
    expect(codes(validate(ask({ messages: long(100_000) }), undefined, custom))).toEqual([]);
  });
});

describe('a model’s announced end', () => {
  const at = (day: string) => validate(ask(), model({ expires: '2026-08-24' }), openrouter, Date.parse(day));

  test('is told when it is near or past, and not before', () => {
    expect(passed(at('2026-08-01')).notices).toEqual([]);
    expect(passed(at('2026-08-20')).notices[0]).toMatchObject({
      code: 'model-retired',
      message: 'OpenRouter takes Model B out of service on 2026-08-24.',
    });
    expect(passed(at('2026-08-25')).notices[0]?.message).toMatch(/announced the end of Model B for 2026-08-24/);
  });
});
