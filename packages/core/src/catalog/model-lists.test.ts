import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseOpenAiModels, parseOpenRouterModels } from './model-lists.ts';

/** Written by hand after OpenRouter's documented model object. */
const sonnet = {
  id: 'anthropic/claude-sonnet-4',
  canonical_slug: 'anthropic/claude-4-sonnet-20250522',
  name: 'Anthropic: Claude Sonnet 4',
  description: 'A model.',
  context_length: 1_000_000,
  architecture: { input_modalities: ['image', 'text', 'file'], output_modalities: ['text'], tokenizer: 'Claude' },
  pricing: {
    prompt: '0.000003',
    completion: '0.000015',
    image: '0.0048',
    web_search: '0.01',
    input_cache_read: '0.0000003',
    input_cache_write: '0.00000375',
    input_cache_write_1h: '0.000006',
    overrides: [{ min_prompt_tokens: 200_000, prompt: '0.000006', completion: '0.0000225' }],
  },
  top_provider: { context_length: 200_000, max_completion_tokens: 64_000, is_moderated: true },
  supported_parameters: ['max_tokens', 'temperature', 'tools'],
  expiration_date: null,
  reasoning: { mandatory: false, supported_efforts: ['high', 'low'] },
};

const one = (entry: unknown) => {
  const parsed = parseOpenRouterModels({ data: [entry] });
  return parsed?.models[0];
};

describe('parseOpenRouterModels', () => {
  test('takes no name that is endless or reads as another one', () => {
    const listed = one({ ...sonnet, name: `GPT\u202E ${'x'.repeat(10_000)}`, description: 'a\u202Eb\nc' });
    expect(listed?.name).toMatch(/^GPT x{100,200}$/);
    expect(listed?.description).toBe('a b c');
    expect(one({ ...sonnet, id: 'openai/gpt-4o\u202Eeerf:' })).toBeUndefined();
  });

  test('reads a whole entry', () => {
    expect(one(sonnet)).toEqual({
      id: 'anthropic/claude-sonnet-4',
      name: 'Anthropic: Claude Sonnet 4',
      description: 'A model.',
      contextTokens: 200_000,
      maxContextTokens: 1_000_000,
      maxOutputTokens: 64_000,
      input: ['image', 'text', 'file'],
      output: ['text'],
      parameters: ['max_tokens', 'temperature', 'tools'],
      reasoning: { mandatory: false, efforts: ['high', 'low'] },
      price: {
        input: '0.000003',
        output: '0.000015',
        cacheRead: '0.0000003',
        cacheWrite: '0.00000375',
        cacheWrite1h: '0.000006',
        webSearch: '0.01',
        tiers: [{ abovePromptTokens: 200_000, input: '0.000006', output: '0.0000225' }],
      },
      aliases: ['anthropic/claude-4-sonnet-20250522'],
    });
  });

  test('an id is all it takes; what is not said is absent', () => {
    expect(one({ id: 'a/b' })).toEqual({ id: 'a/b' });
  });

  test('drops an entry that is no model, and keeps the rest of the list', () => {
    const parsed = parseOpenRouterModels({ data: [{ id: 7 }, null, 'x', { name: 'nameless' }, { id: '' }, sonnet] });
    expect(parsed?.models.map((model) => model.id)).toEqual(['anthropic/claude-sonnet-4']);
    expect(parsed?.dropped).toBe(5);
  });

  test.each(Object.keys(sonnet).filter((key) => key !== 'id'))('a drifted %s costs the model nothing else', (key) => {
    for (const odd of [null, 7.5, 'what', [], {}, [[]], true]) {
      const model = one({ ...sonnet, [key]: odd });
      expect(model?.id).toBe('anthropic/claude-sonnet-4');
      if (key !== 'name') expect(model?.name).toBe('Anthropic: Claude Sonnet 4');
      if (key !== 'pricing') expect(model?.price?.input).toBe('0.000003');
    }
  });

  test('ignores modalities and fields it has never heard of', () => {
    const model = one({ ...sonnet, architecture: { input_modalities: ['text', 'smell'] }, brand_new: { x: 1 } });
    expect(model?.input).toEqual(['text']);
    expect(model?.output).toBeUndefined();
  });

  test('shortens a description, and keeps nothing a list could be blown up with', () => {
    expect(one({ ...sonnet, description: 'x'.repeat(10_000) })?.description?.length).toBe(400);
    expect(parseOpenRouterModels({ data: [{ id: 'x'.repeat(301) }] })).toEqual({ models: [], dropped: 1 });
  });

  test.each([null, undefined, 7, 'list', {}, { data: 'no' }, { error: { message: 'no' } }])(
    '%j is no list',
    (answer) => {
      expect(parseOpenRouterModels(answer)).toBeUndefined();
    },
  );

  test('an empty list is a list', () => {
    expect(parseOpenRouterModels({ data: [] })).toEqual({ models: [], dropped: 0 });
  });
});

describe('prices', () => {
  const price = (pricing: unknown) => one({ id: 'a/b', pricing })?.price;

  test('"-1" is unknown, never an amount', () => {
    expect(price({ prompt: '-1', completion: '-1' })).toBeUndefined();
    expect(price({ prompt: '-1', completion: '0.1' })).toEqual({ output: '0.1' });
    const known = { prompt: '0.1', completion: '0.2' };
    for (const fee of ['request', 'internal_reasoning', 'input_cache_write', 'input_cache_read', 'image_output']) {
      expect(price({ ...known, [fee]: '-1' })).toBeUndefined();
      expect(price({ ...known, [fee]: 'ask us' })).toBeUndefined();
      expect(price({ ...known, [fee]: null })).toEqual({ input: '0.1', output: '0.2' });
    }
    expect(price({ ...known, web_search: '-1' })).toEqual({ input: '0.1', output: '0.2' });
  });

  test('free is a known price of zero, or the :free variant', () => {
    expect(one({ id: 'a/b', pricing: { prompt: '0', completion: '0' } })?.free).toBe(true);
    expect(one({ id: 'a/b:free', pricing: { prompt: '-1' } })?.free).toBe(true);
    expect(one({ id: 'a/b', pricing: { prompt: '0', completion: '0.1' } })?.free).toBeUndefined();
    expect(one({ id: 'a/b', pricing: { prompt: '0', completion: '0', request: '0.01' } })?.free).toBeUndefined();
    expect(one({ id: 'a/b', pricing: { prompt: '0' } })?.free).toBeUndefined();
    const tiered = { prompt: '0', completion: '0', overrides: [{ min_prompt_tokens: 1, prompt: '0.1' }] };
    expect(one({ id: 'a/b', pricing: tiered })?.free).toBeUndefined();
  });

  test('windows of the day become tiers, over midnight as well', () => {
    const night = { utc_start: 1000, utc_end: 100, prompt: '0.2' };
    expect(price({ prompt: '0.1', completion: '1', overrides: [night] })?.tiers).toEqual([
      { utcStart: 1000, utcEnd: 100, input: '0.2' },
    ]);
  });

  test('a condition nobody knows may hold at any time, so what it makes dearer is the base price', () => {
    const odd = { weekday: 6, prompt: '0.3', completion: '0.5' };
    expect(price({ prompt: '0.1', completion: '1', overrides: [odd] })).toEqual({ input: '0.3', output: '1' });
    const badHour = { utc_start: '10:30', utc_end: 1100, prompt: '0.3' };
    expect(price({ prompt: '0.1', completion: '1', overrides: [badHour] })).toEqual({ input: '0.3', output: '1' });
    const noSuchMinute = { utc_start: 1075, utc_end: 1100, prompt: '0.3' };
    expect(price({ prompt: '0.1', completion: '1', overrides: [noSuchMinute] })).toEqual({ input: '0.3', output: '1' });
    const always = { prompt: '0.3' };
    expect(price({ prompt: '0.1', completion: '1', overrides: [always] })).toEqual({ input: '0.3', output: '1' });
  });

  test('an override that cannot be read leaves the price unknown, since nothing would bound it', () => {
    expect(price({ prompt: '0.1', completion: '1', overrides: ['twice at night'] })).toBeUndefined();
    expect(price({ prompt: '0.1', completion: '1', overrides: { prompt: '9' } })).toBeUndefined();
    const odd = { min_prompt_tokens: 5, prompt: 'ten', completion: '2' };
    expect(price({ prompt: '0.1', completion: '1', overrides: [odd] })).toBeUndefined();
  });
});

describe('parseOpenAiModels', () => {
  test('reads ids, and leaves everything else unknown', () => {
    const list = { object: 'list', data: [{ id: 'gpt-4o', object: 'model', created: 1, owned_by: 'system' }] };
    expect(parseOpenAiModels(list)).toEqual({ models: [{ id: 'gpt-4o' }], dropped: 0 });
  });

  test('takes a window where a server tells it, by any of its names', () => {
    const data = [
      { id: 'vllm', max_model_len: 32_768 },
      { id: 'groq', context_window: 131_072, max_completion_tokens: 8_192 },
      { id: 'together', context_length: 8_192 },
      { id: 'odd', context_length: '8192' },
    ];
    expect(parseOpenAiModels({ data })?.models).toEqual([
      { id: 'vllm', contextTokens: 32_768 },
      { id: 'groq', contextTokens: 131_072, maxOutputTokens: 8_192 },
      { id: 'together', contextTokens: 8_192 },
      { id: 'odd' },
    ]);
  });

  test('takes a bare array, and the other envelope', () => {
    expect(parseOpenAiModels([{ id: 'a' }])?.models).toEqual([{ id: 'a' }]);
    expect(parseOpenAiModels({ models: [{ id: 'a' }] })?.models).toEqual([{ id: 'a' }]);
  });

  test('names a model once', () => {
    expect(parseOpenAiModels([{ id: 'a' }, { id: 'a' }])?.models).toEqual([{ id: 'a' }]);
  });
});

test('neither parser throws, whatever comes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (value, data) => {
      for (const parse of [parseOpenAiModels, parseOpenRouterModels]) {
        parse(value);
        parse({ data });
        parse({ data: data.map((entry) => ({ id: 'a/b', pricing: entry, architecture: entry, top_provider: entry })) });
      }
    }),
  );
});

const recordings =
  process.env.PATCHBAY_RECORDINGS ?? join(import.meta.dirname, '../../../../../shared/fixtures/recorded');
const recorded = join(recordings, 'catalog/openrouter-models.json');
if (!existsSync(recorded)) console.log(`skipped: no recorded model list at ${recorded} (set PATCHBAY_RECORDINGS)`);

describe.skipIf(!existsSync(recorded))('OpenRouter’s recorded list', () => {
  const answer = () => {
    const json: unknown = JSON.parse(readFileSync(recorded, 'utf8'));
    return Array.isArray(json) ? { data: json as unknown[] } : (json as { data: unknown[] });
  };

  test('is read without losing a model, a price or a digit', () => {
    const { data } = answer();
    const parsed = parseOpenRouterModels({ data });
    expect(parsed?.dropped).toBe(0);
    expect(parsed?.models).toHaveLength(data.length);
    for (const [index, model] of (parsed?.models ?? []).entries()) {
      const entry = data[index] as { id: string; pricing: Record<string, string>; context_length: number };
      expect(model.id).toBe(entry.id);
      expect(model.price?.input).toBe(entry.pricing.prompt);
      expect(model.price?.output).toBe(entry.pricing.completion);
      expect(model.price?.tiers?.length ?? 0).toBe((entry.pricing.overrides as unknown as unknown[])?.length ?? 0);
      expect(model.contextTokens).toBeLessThanOrEqual(entry.context_length);
    }
  });
});
