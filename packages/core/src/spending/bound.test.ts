import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Price, PriceTier } from '../catalog/model.ts';
import { inputTokensAtMost, largestAnswerThatFits, maxPriceFor, requestBound } from './bound.ts';
import { priceOf } from './price.ts';

/** Published prices: a few decimals, sometimes tiny, zero, unknown. */
const usd = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 50_000 }).map((n) => (n / 1e9).toFixed(12)) },
  { weight: 1, arbitrary: fc.constantFrom('0', '0.0000000208333333333333', '4.3e-7', '1') },
);
const anyUsd = fc.oneof({ weight: 9, arbitrary: usd }, { weight: 1, arbitrary: fc.constantFrom('-1', '', 'n/a') });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const hhmm = fc.tuple(fc.nat(23), fc.nat(59)).map(([hours, minutes]) => hours * 100 + minutes);

const fields = {
  cacheRead: optional(anyUsd),
  cacheWrite: optional(anyUsd),
  cacheWrite1h: optional(anyUsd),
  reasoning: optional(anyUsd),
  imageOutput: optional(anyUsd),
  request: optional(anyUsd),
};
const tier = fc.record({
  input: optional(anyUsd),
  output: optional(anyUsd),
  ...fields,
  abovePromptTokens: optional(fc.nat(3000)),
  utcStart: optional(hhmm),
  utcEnd: optional(hhmm),
});
const price = fc
  .record({ input: anyUsd, output: anyUsd, ...fields, tiers: optional(fc.array(tier, { maxLength: 4 })) })
  .map(withoutUndefined);
const size = fc.record({ inputTokens: fc.nat(4000), maxOutputTokens: fc.nat(4000) });

function withoutUndefined(value: object): Price {
  const strip = (from: object) => Object.fromEntries(Object.entries(from).filter(([, field]) => field !== undefined));
  const stripped = strip(value) as { tiers?: PriceTier[] };
  return { ...stripped, ...(stripped.tiers && { tiers: stripped.tiers.map(strip) }) };
}

describe('requestBound', () => {
  it('is never below what any usage within it costs, at any time of day', () => {
    const usageWithin = size.chain((most) =>
      fc.record({
        most: fc.constant(most),
        inputTokens: fc.nat(most.inputTokens),
        outputTokens: fc.nat(most.maxOutputTokens),
        cacheReadTokens: fc.nat(5000),
        cacheWriteTokens: fc.nat(5000),
        reasoningTokens: fc.nat(5000),
        at: fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
      }),
    );
    let compared = 0;
    fc.assert(
      fc.property(price, usageWithin, (published, { most, at, ...usage }) => {
        const bound = requestBound(most, published);
        const cost = priceOf(usage, published, at.getTime());
        if (bound === undefined || cost === undefined) return;
        compared += 1;
        expect(cost.total <= bound).toBe(true);
      }),
      { numRuns: 5000 },
    );
    expect(compared).toBeGreaterThan(1000);
  });

  it('is reached: some usage within it costs exactly as much', () => {
    const claude: Price = { input: '0.000003', output: '0.000015', cacheWrite: '0.00000375' };
    const most = { inputTokens: 1000, maxOutputTokens: 500 };
    const usage = { inputTokens: 1000, outputTokens: 500, cacheWriteTokens: 1000 };
    expect(priceOf(usage, claude, 0)?.total).toBe(requestBound(most, claude));
  });

  it('takes the dearest way to write the cache, the dearer of output and reasoning, and the price per request', () => {
    const published: Price = {
      input: '0.000000003',
      output: '0.000000005',
      cacheWrite: '0.000000004',
      cacheWrite1h: '0.000000006',
      reasoning: '0.000000007',
      request: '0.0000001',
    };
    expect(requestBound({ inputTokens: 10, maxOutputTokens: 10 }, published)).toBe(60n + 70n + 100n);
  });

  it('takes image tokens into account where they are dearer', () => {
    const published: Price = { input: '0', output: '0.000000005', imageOutput: '0.00000006' };
    expect(requestBound({ inputTokens: 1, maxOutputTokens: 10 }, published)).toBe(600n);
  });

  it('leaves out tiers that the size cannot reach', () => {
    const published: Price = {
      input: '0.000000001',
      output: '0',
      tiers: [{ abovePromptTokens: 100, input: '0.000000002' }],
    };
    expect(requestBound({ inputTokens: 100, maxOutputTokens: 0 }, published)).toBe(100n);
    expect(requestBound({ inputTokens: 101, maxOutputTokens: 0 }, published)).toBe(202n);
  });

  it('sees a cheap tier above a dear one: the dear one ends at its threshold', () => {
    const published: Price = {
      input: '0.000000010',
      output: '0',
      tiers: [{ abovePromptTokens: 100, input: '0.000000001' }],
    };
    expect(requestBound({ inputTokens: 200, maxOutputTokens: 0 }, published)).toBe(1000n);
  });

  it.each<[string, Price]>([
    ['nothing published', {}],
    ['no output price', { input: '1' }],
    ['"-1"', { input: '-1', output: '-1' }],
    ['an unreadable cache price', { input: '1', output: '1', cacheWrite1h: '-1' }],
    [
      'an unreadable price in a reachable tier',
      { input: '1', output: '1', tiers: [{ utcStart: 0, utcEnd: 1, output: '-1' }] },
    ],
  ])('is unknown with %s', (_, published) => {
    const most = { inputTokens: 1, maxOutputTokens: 1 };
    expect(requestBound(most, published)).toBeUndefined();
    expect(largestAnswerThatFits(10n ** 12n, most, published, 10)).toBeUndefined();
  });

  it('counts searches, and is unknown where they have no price', () => {
    const published: Price = { input: '0', output: '0', webSearch: '0.01' };
    const most = { inputTokens: 1, maxOutputTokens: 1, webSearches: 2 };
    expect(requestBound(most, published)).toBe(20_000_000n);
    expect(requestBound(most, { input: '0', output: '0' })).toBeUndefined();
  });
});

describe('largestAnswerThatFits', () => {
  it('is the largest: it fits, and one token more does not', () => {
    fc.assert(
      fc.property(
        price,
        size,
        fc.bigInt({ min: 0n, max: 10n ** 9n }),
        (published, { inputTokens, maxOutputTokens: ceiling }, left) => {
          const fits = largestAnswerThatFits(left, { inputTokens }, published, ceiling);
          const boundOf = (maxOutputTokens: number) => requestBound({ inputTokens, maxOutputTokens }, published);
          expect(fits === undefined).toBe(boundOf(0) === undefined);
          if (fits === undefined) return;
          expect(fits).toBeLessThanOrEqual(ceiling);
          const bound = boundOf(fits);
          if (fits > 0) expect(bound !== undefined && bound <= left).toBe(true);
          if (fits < ceiling) expect((boundOf(fits + 1) ?? 0n) > left).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('gives the ceiling where answers are free', () => {
    expect(largestAnswerThatFits(0n, { inputTokens: 100 }, { input: '0', output: '0' }, 8192)).toBe(8192);
  });
});

describe('maxPriceFor', () => {
  it('gives the dearest listed terms that a request of this size can meet, per million tokens', () => {
    const published: Price = {
      input: '0.000003',
      output: '0.000015',
      cacheWrite: '0.00000375',
      tiers: [
        { abovePromptTokens: 200_000, input: '0.000006', output: '0.0000225' },
        { utcStart: 100, utcEnd: 400, output: '0.0000208333333333333' },
      ],
    };
    expect(maxPriceFor(published, 1000)).toEqual({ prompt: '3', completion: '20.8333333333333' });
    expect(maxPriceFor(published, 200_001)).toEqual({ prompt: '6', completion: '22.5' });
    expect(maxPriceFor({ input: '-1', output: '1' }, 1)).toBeUndefined();
  });
});

describe('inputTokensAtMost', () => {
  it('counts UTF-8 bytes', () => {
    expect(inputTokensAtMost('aé€😀')).toBe(1 + 2 + 3 + 4);
  });

  it('counts media by its formula in place of its text, each listed item once', () => {
    const image = 'QUJD'.repeat(1000);
    const body = `{"a":"${image}","b":"${image}"}`;
    const around = body.length - 2 * image.length;
    expect(inputTokensAtMost(body, [{ base64: image, tokens: 85 }])).toBe(around + image.length + 85);
    const twice = [
      { base64: image, tokens: 85 },
      { base64: image, tokens: 85 },
    ];
    expect(inputTokensAtMost(body, twice)).toBe(around + 170);
    // A third that the body does not hold takes nothing away.
    expect(inputTokensAtMost(body, [...twice, { base64: image, tokens: 85 }])).toBe(around + 255);
    expect(
      inputTokensAtMost('text', [
        { base64: 'missing', tokens: 10 },
        { base64: '', tokens: 1 },
      ]),
    ).toBe(15);
  });

  it('leaves room for the prompt that providers add where tools are declared', () => {
    expect(inputTokensAtMost('{}', [], true)).toBeGreaterThanOrEqual(2 + 346);
  });
});
