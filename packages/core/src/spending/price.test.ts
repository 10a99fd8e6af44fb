import { describe, expect, it } from 'vitest';
import type { Price } from '../catalog/model.ts';
import { isFree } from '../catalog/openrouter-price.ts';
import { formatExactUsd, formatUsd } from './money.ts';
import { costOf, priceOf, reportedCost } from './price.ts';

/** Claude Sonnet 4 as OpenRouter lists it. */
const claude: Price = {
  input: '0.000003',
  output: '0.000015',
  cacheRead: '0.0000003',
  cacheWrite: '0.00000375',
  cacheWrite1h: '0.000006',
  tiers: [
    {
      abovePromptTokens: 200_000,
      input: '0.000006',
      output: '0.0000225',
      cacheRead: '0.0000006',
      cacheWrite: '0.0000075',
    },
  ],
};

/** Windows that wrap midnight and follow each other, as OpenRouter lists DeepSeek. */
const nightly: Price = {
  input: '4',
  output: '8',
  tiers: [
    { utcStart: 1000, utcEnd: 100, input: '2', output: '4' },
    { utcStart: 100, utcEnd: 400, input: '3', output: '6' },
  ],
};

const utc = (hours: number, minutes = 0) => Date.UTC(2026, 7, 20, hours, minutes, 59);
const totalOf = (...of: Parameters<typeof costOf>) => {
  const cost = costOf(...of);
  return cost && formatExactUsd(cost.total);
};

describe('costOf', () => {
  it('charges tokens exactly', () => {
    expect(totalOf({ inputTokens: 1000, outputTokens: 200 }, claude, 0)).toBe('0.006');
  });

  it('takes cache reads and writes out of the input', () => {
    const usage = { inputTokens: 1000, outputTokens: 0, cacheReadTokens: 600, cacheWriteTokens: 300 };
    expect(totalOf(usage, claude, 0)).toBe(String((100 * 3 + 600 * 0.3 + 300 * 3.75) / 1e6));
  });

  it('quirk 190: charges no more cached input than there is input', () => {
    const usage = { inputTokens: 100, outputTokens: 0, cacheReadTokens: 140 };
    expect(totalOf(usage, claude, 0)).toBe(String((100 * 0.3) / 1e6));
  });

  it('quirk 83: charges cache writes that last an hour at their own price', () => {
    const usage = { inputTokens: 1000, outputTokens: 0, cacheWriteTokens: 300, cacheWrite1hTokens: 200 };
    expect(totalOf(usage, claude, 0)).toBe(String((700 * 3 + 100 * 3.75 + 200 * 6) / 1e6));
    expect(totalOf({ ...usage, cacheWrite1hTokens: 900 }, claude, 0)).toBe(String((700 * 3 + 300 * 6) / 1e6));
    const { cacheWrite1h: _, ...unpublished } = claude;
    expect(totalOf(usage, unpublished, 0)).toBeUndefined();
  });

  it('uses the long-context tier strictly above its threshold, for every field it names', () => {
    expect(totalOf({ inputTokens: 200_000, outputTokens: 1000 }, claude, 0)).toBe('0.615');
    expect(totalOf({ inputTokens: 200_001, outputTokens: 1000 }, claude, 0)).toBe('1.222506');
  });

  it('inherits what a tier does not name, and lets later tiers win per field', () => {
    const price: Price = {
      input: '1',
      output: '10',
      tiers: [
        { abovePromptTokens: 10, input: '2', output: '20' },
        { abovePromptTokens: 100, input: '3' },
      ],
    };
    expect(totalOf({ inputTokens: 10, outputTokens: 1 }, price, 0)).toBe('20');
    expect(totalOf({ inputTokens: 100, outputTokens: 1 }, price, 0)).toBe('220');
    expect(totalOf({ inputTokens: 101, outputTokens: 1 }, price, 0)).toBe('323');
  });

  it.each([
    [utc(0, 59), '6'],
    [utc(1), '9'],
    [utc(3, 59), '9'],
    [utc(4), '12'],
    [utc(9, 59), '12'],
    [utc(10), '6'],
    [utc(23, 59), '6'],
  ])('reads daily windows in UTC, half open, over midnight (%s)', (at, total) => {
    expect(totalOf({ inputTokens: 1, outputTokens: 1 }, nightly, at)).toBe(total);
  });

  it('charges reasoning at its own price, once, and never more of it than there was output', () => {
    const price: Price = { input: '0', output: '8', reasoning: '3' };
    expect(totalOf({ inputTokens: 5, outputTokens: 10, reasoningTokens: 4 }, price, 0)).toBe('60');
    expect(totalOf({ inputTokens: 5, outputTokens: 10, reasoningTokens: 11 }, price, 0)).toBe('30');
    expect(totalOf({ inputTokens: 5, outputTokens: 10, reasoningTokens: 4 }, { input: '0', output: '8' }, 0)).toBe(
      '80',
    );
  });

  it('adds what is charged per request', () => {
    expect(totalOf({ inputTokens: 0, outputTokens: 0 }, { input: '1', output: '1', request: '0.005' }, 0)).toBe(
      '0.005',
    );
  });

  it('takes a write price below the input price for a surcharge on it, as Google publishes it', () => {
    const gemini: Price = { input: '0.000002', output: '0.000012', cacheWrite: '0.000000375' };
    expect(totalOf({ inputTokens: 100, outputTokens: 0, cacheWriteTokens: 100 }, gemini, 0)).toBe('0.0002375');
  });

  it('charges cache reads in full where no discount is published', () => {
    const usage = { inputTokens: 10, outputTokens: 0, cacheReadTokens: 10 };
    expect(totalOf(usage, { input: '2', output: '1' }, 0)).toBe('20');
  });

  it.each<[string, Parameters<typeof costOf>[0], Price]>([
    ['no output count', { inputTokens: 5 }, claude],
    ['no input count', { outputTokens: 5 }, claude],
    ['a negative count', { inputTokens: -1, outputTokens: 5 }, claude],
    ['a count that is no number', { inputTokens: Number.NaN, outputTokens: 5 }, claude],
    ['an infinite count', { inputTokens: Number.POSITIVE_INFINITY, outputTokens: 5 }, claude],
    ['no price at all', { inputTokens: 5, outputTokens: 5 }, {}],
    ['no input price', { inputTokens: 5, outputTokens: 5 }, { output: '1' }],
    ['no output price', { inputTokens: 5, outputTokens: 5 }, { input: '1' }],
    ['"-1", a router’s word for unknown', { inputTokens: 5, outputTokens: 5 }, { input: '-1', output: '-1' }],
    ['writes without a price', { inputTokens: 5, outputTokens: 5, cacheWriteTokens: 1 }, { input: '1', output: '1' }],
    [
      'images that may be in the output',
      { inputTokens: 5, outputTokens: 5 },
      { input: '1', output: '1', imageOutput: '9' },
    ],
    ['an unreadable price per request', { inputTokens: 5, outputTokens: 5 }, { input: '1', output: '1', request: '?' }],
    [
      'an unreadable price in a tier that applies',
      { inputTokens: 5, outputTokens: 5 },
      { input: '1', output: '1', tiers: [{ input: '-1' }] },
    ],
  ])('is unknown, not zero, with %s', (_, usage, price) => expect(costOf(usage, price, 0)).toBeUndefined());

  it('does not need a price for what was not used', () => {
    expect(totalOf({ inputTokens: 5, outputTokens: 0 }, { input: '1' }, 0)).toBe('5');
  });

  it('rounds fractions of tokens up', () => {
    expect(totalOf({ inputTokens: 1.2, outputTokens: 0.5 }, { input: '1', output: '10' }, 0)).toBe('12');
  });

  it('knows what is free even without counts', () => {
    const free: Price = { input: '0', output: '0', cacheRead: '0.0', tiers: [{ abovePromptTokens: 5, input: '0' }] };
    expect(isFree(free)).toBe(true);
    expect(totalOf({}, free, 0)).toBe('0');
    expect(isFree({ input: '0' })).toBe(false);
    expect(isFree({ input: '0', output: '0', tiers: [{ output: '1' }] })).toBe(false);
    expect(isFree({ input: '0', output: '0', request: '-1' })).toBe(false);
  });
});

describe('priceOf', () => {
  it('rounds the total up once and makes the parts add up to it', () => {
    const price: Price = { input: '0.0000000208333333333333', output: '0.0000000004' };
    const cost = priceOf({ inputTokens: 1, outputTokens: 1 }, price, 0);
    expect(cost && formatUsd(cost.total)).toBe('0.000000022');
    expect(cost?.parts).toEqual({ input: 21n, cacheRead: 0n, cacheWrite: 0n, output: 1n, reasoning: 0n, request: 0n });
  });

  it('is unknown where the exact cost is', () => {
    expect(priceOf({}, claude, 0)).toBeUndefined();
  });
});

describe('reportedCost', () => {
  it('takes the provider’s figure', () => {
    expect(reportedCost({ costUsd: '0.00043', upstreamCostUsd: '9' })).toEqual({
      cost: 43n * 10n ** 19n,
      source: 'provider',
    });
    expect(reportedCost({ costUsd: '4.3e-7' })?.cost).toBe(43n * 10n ** 16n);
    expect(reportedCost({ costUsd: '0' })?.cost).toBe(0n);
  });

  it('adds the upstream’s bill only where the user’s own upstream key was used', () => {
    expect(reportedCost({ costUsd: '0.1', upstreamCostUsd: '2', byok: true })).toEqual({
      cost: 21n * 10n ** 23n,
      source: 'upstream',
    });
  });

  it.each([
    {},
    { costUsd: '-1' },
    { costUsd: 'n/a' },
    { costUsd: '0.1', byok: true },
    { upstreamCostUsd: '1', byok: true },
  ])('is unknown for %j', (usage) => expect(reportedCost(usage)).toBeUndefined());
});
