import { describe, expect, it } from 'vitest';
import { chunk, data, decode, stop } from './decoding.testing.ts';
import { decimalOf, usageOf } from './usage.ts';

describe('usage', () => {
  it('quirk 38, quirk 206: the last of several counts holds, and none are added up', () => {
    const at = (completion_tokens: number) => ({ usage: { prompt_tokens: 5, completion_tokens } });
    const { usage, events } = decode(
      data(chunk({ content: 'a' }, {}, at(1)), chunk({ content: 'b' }, {}, at(2)), stop('stop', {}, at(3)), {
        choices: [],
        usage: {},
      }),
    );
    expect(usage).toEqual({ inputTokens: 5, outputTokens: 3 });
    expect(events.filter(({ type }) => type === 'usage')).toHaveLength(1);
  });

  it.each([
    ['of nothing but zeros', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, queue_time: 0.3 }],
    ['of the output alone', { completion_tokens: 3 }],
    ['of the input alone', { prompt_tokens: 5 }],
    ['that is null', { prompt_tokens: null, completion_tokens: null, cost: null }],
  ])('quirk 38: a later count %s takes nothing back', (_name, usage) => {
    const first = { usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8, cost: 0.25 } };
    expect(decode(data(chunk({ content: 'a' }), stop('stop', {}, first), { choices: [], usage })).usage).toEqual({
      inputTokens: 5,
      outputTokens: 3,
      costUsd: '0.25',
    });
  });

  it('quirk 38: a later count that is less takes nothing back', () => {
    const at = (usage: object) => ({ usage });
    const { usage } = decode(
      data(
        chunk({ content: 'a' }, {}, at({ prompt_tokens: 5, completion_tokens: 30, total_tokens: 35, cost: 0.25 })),
        stop('stop', {}, at({ prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 })),
      ),
    );
    expect(usage).toEqual({ inputTokens: 5, outputTokens: 30, costUsd: '0.25' });
  });

  it('Perplexity’s cost is the sum of its parts, with the fee for the request', () => {
    const cost = {
      input_tokens_cost: 0.000_002,
      output_tokens_cost: 0.000_1,
      request_cost: 0.005,
      total_cost: 0.005_102,
    };
    expect(usageOf({ prompt_tokens: 2, completion_tokens: 100, cost })).toMatchObject({ costUsd: '0.005102' });
  });

  it.each([
    ['in a chunk without choices', [stop(), { choices: [], usage: { prompt_tokens: 5, completion_tokens: 3 } }]],
    ['before the finish reason', [{ choices: [], usage: { prompt_tokens: 5, completion_tokens: 3 } }, stop()]],
    ['on the last chunk', [stop('stop', {}, { usage: { prompt_tokens: 5, completion_tokens: 3 } })]],
    ['quirk 253: in the choice (Moonshot)', [stop('stop', { usage: { prompt_tokens: 5, completion_tokens: 3 } })]],
    ['quirk 160: under x_groq', [stop('stop', {}, { x_groq: { usage: { prompt_tokens: 5, completion_tokens: 3 } } })]],
  ])('quirk 140: %s', (_name, chunks) => {
    expect(decode(data(chunk({ content: 'x' }), ...chunks)).usage).toEqual({ inputTokens: 5, outputTokens: 3 });
  });

  it('quirk 140: or never, which is not the same as zero', () => {
    expect(decode(data(chunk({ content: 'x' }, {}, { usage: null }), stop()))).not.toHaveProperty('usage');
  });

  it.each([
    ['prompt_tokens_details', { prompt_tokens_details: { cached_tokens: 4 } }],
    ['DeepSeek', { prompt_cache_hit_tokens: 4, prompt_cache_miss_tokens: 1 }],
    ['Kimi', { cached_tokens: 4 }],
    ['Mistral', { num_cached_tokens: 4 }],
  ])('quirk 141: cached input, %s', (_name, fields) => {
    expect(usageOf({ prompt_tokens: 5, completion_tokens: 3, ...fields })?.cacheReadTokens).toBe(4);
  });

  it('quirk 142: reasoning counts once, inside or beside the completion', () => {
    const details = (reasoning_tokens: number) => ({ completion_tokens_details: { reasoning_tokens } });
    expect(usageOf({ prompt_tokens: 291, completion_tokens: 26, total_tokens: 513, ...details(196) })).toMatchObject({
      outputTokens: 222,
      reasoningTokens: 196,
    });
    expect(usageOf({ prompt_tokens: 10, completion_tokens: 226, total_tokens: 236, ...details(196) })).toMatchObject({
      outputTokens: 226,
      reasoningTokens: 196,
    });
    expect(usageOf({ prompt_tokens: 10, completion_tokens: 226, ...details(196) })).toMatchObject({
      outputTokens: 226,
    });
  });

  it('quirk 142: whatever a total holds beside input and output was written too, whether or not anybody says by what', () => {
    const usage = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 530 };
    expect(usageOf(usage)).toMatchObject({ inputTokens: 20, outputTokens: 510 });
    expect(usageOf({ ...usage, completion_tokens_details: { reasoning_tokens: 400 } })).toMatchObject({
      outputTokens: 510,
      reasoningTokens: 400,
    });
    // A total that is less takes nothing away.
    expect(usageOf({ ...usage, total_tokens: 3 })).toMatchObject({ outputTokens: 10 });
  });

  it('quirk 143: there is never more thinking than output', () => {
    expect(
      usageOf({
        prompt_tokens: 43,
        completion_tokens: 10,
        total_tokens: 53,
        completion_tokens_details: { reasoning_tokens: 11 },
      }),
    ).toMatchObject({ outputTokens: 10, reasoningTokens: 10 });
  });

  it('quirk 249: OpenRouter’s cost, and what the upstream billed beside it', () => {
    const usage = {
      prompt_tokens: 15,
      completion_tokens: 9,
      cost: 0.00006,
      is_byok: true,
      prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 7 },
      cost_details: { upstream_inference_cost: 1e-7 },
    };
    expect(usageOf(usage)).toEqual({
      inputTokens: 15,
      outputTokens: 9,
      cacheReadTokens: 0,
      cacheWriteTokens: 7,
      costUsd: '0.00006',
      upstreamCostUsd: '0.0000001',
      byok: true,
    });
    expect(usageOf({ ...usage, cost_details: { upstream_inference_cost: null } })).not.toHaveProperty(
      'upstreamCostUsd',
    );
  });

  it('xAI’s ticks are money too', () => {
    expect(usageOf({ prompt_tokens: 1, cost_in_usd_ticks: 1_330_500 })?.costUsd).toBe('0.00013305');
    expect(usageOf({ prompt_tokens: 1, cost_in_usd_ticks: 20_000_000_000 })?.costUsd).toBe('2');
    expect(usageOf({ prompt_tokens: 1, cost_in_usd_ticks: 0 })?.costUsd).toBe('0');
    expect(usageOf({ prompt_tokens: 1, cost_in_usd_ticks: 1.5 })?.costUsd).toBe('0.00000000015');
    expect(usageOf({ prompt_tokens: 1, cost_in_usd_ticks: -1 })).not.toHaveProperty('costUsd');
    expect(usageOf({ prompt_tokens: 1, cost_in_usd_ticks: 'many' })).not.toHaveProperty('costUsd');
  });

  it.each([
    [null],
    [5],
    ['x'],
    [[]],
    [{}],
    [{ prompt_tokens: -1 }],
    [{ prompt_tokens: 'five' }],
    [{ prompt_tokens: Number.NaN }],
  ])('nonsense is unknown: %j', (usage) => {
    expect(usageOf(usage)).toBeUndefined();
  });
});

describe('amounts', () => {
  it.each([
    [0.00006, '0.00006'],
    [1e-7, '0.0000001'],
    [1.25e-9, '0.00000000125'],
    [0, '0'],
    [-0, '0'],
    [12, '12'],
    [1.5e21, '1500000000000000000000'],
    [1.23e22, '12300000000000000000000'],
    ['0.0100', '0.0100'],
    ['1e-7', '0.0000001'],
    ['1e', undefined],
    ['', undefined],
    [-1, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [null, undefined],
    [true, undefined],
  ])('%s', (value, text) => {
    expect(decimalOf(value)).toBe(text);
  });
});
