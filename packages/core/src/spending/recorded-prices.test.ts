import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Price, PriceTier } from '../catalog/model.ts';
import { isFree } from '../catalog/openrouter-price.ts';
import { largestAnswerThatFits, maxPriceFor, requestBound } from './bound.ts';
import { formatExactUsd, parseUsd } from './money.ts';
import { priceOf } from './price.ts';

/** Real price lists: every amount must be read to the last digit, and every bound must hold. */
const recordings =
  process.env.PATCHBAY_RECORDINGS ?? join(import.meta.dirname, '../../../../../shared/fixtures/recorded');
const present = existsSync(join(recordings, 'catalog'));
if (!present) console.log(`skipped: no recorded price lists at ${recordings} (set PATCHBAY_RECORDINGS)`);

const read = (file: string): unknown => JSON.parse(readFileSync(join(recordings, 'catalog', file), 'utf8'));

type Listed = Record<string, string> & { overrides?: (Record<string, string> & Record<string, number>)[] };

const FIELDS = {
  prompt: 'input',
  completion: 'output',
  input_cache_read: 'cacheRead',
  input_cache_write: 'cacheWrite',
  input_cache_write_1h: 'cacheWrite1h',
  internal_reasoning: 'reasoning',
  request: 'request',
} as const;

function termsOf(listed: Record<string, unknown>): PriceTier {
  return Object.fromEntries(
    Object.entries(FIELDS).flatMap(([theirs, ours]) => (listed[theirs] === undefined ? [] : [[ours, listed[theirs]]])),
  );
}

function priceFrom(listed: Listed): Price {
  const tiers = listed.overrides?.map((override) => ({
    ...termsOf(override),
    ...(override.min_prompt_tokens !== undefined && { abovePromptTokens: Number(override.min_prompt_tokens) }),
    ...(override.utc_start !== undefined && { utcStart: Number(override.utc_start) }),
    ...(override.utc_end !== undefined && { utcEnd: Number(override.utc_end) }),
  }));
  return { ...termsOf(listed), ...(tiers && { tiers }) };
}

describe.skipIf(!present)('OpenRouter’s whole list', () => {
  const models = (present ? read('openrouter-models.json') : []) as { id: string; pricing: Listed }[];

  it('is read to the last digit', () => {
    expect(models.length).toBeGreaterThan(400);
    for (const { id, pricing } of models) {
      for (const [field, value] of Object.entries(pricing)) {
        if (typeof value !== 'string') continue;
        const exact = parseUsd(value);
        expect(exact, `${id} ${field} ${value}`).toBeDefined();
        expect(Number(formatExactUsd(exact ?? 0n)), `${id} ${field}`).toBe(Number(value));
      }
    }
  });

  it('has a bound for every model that no usage within it exceeds, at any hour, on both sides of every threshold', () => {
    let reached = 0;
    for (const { id, pricing } of models) {
      const price = priceFrom(pricing);
      const sizes = [1000, ...(price.tiers ?? []).flatMap(({ abovePromptTokens: at }) => (at ? [at, at + 1] : []))];
      for (const inputTokens of sizes) {
        const bound = requestBound({ inputTokens, maxOutputTokens: 8192 }, price);
        expect(bound, id).toBeDefined();
        for (let hour = 0; hour < 24; hour += 1) {
          for (const cached of [{}, { cacheReadTokens: inputTokens }, { cacheWriteTokens: inputTokens }]) {
            const cost = priceOf({ inputTokens, outputTokens: 8192, ...cached }, price, Date.UTC(2026, 7, 1, hour));
            if (cost === undefined) expect(price.cacheWrite, id).toBeUndefined();
            else expect(cost.total <= (bound ?? -1n), `${id} at ${hour}:00 with ${JSON.stringify(cached)}`).toBe(true);
            if (cost?.total === bound) reached += 1;
          }
        }
        expect(maxPriceFor(price, inputTokens), id).toBeDefined();
        const fits = largestAnswerThatFits(bound ?? 0n, { inputTokens }, price, 8192);
        expect(fits, id).toBe(8192);
      }
    }
    expect(reached).toBeGreaterThan(models.length);
  });

  it('tells free models by their price', () => {
    const free = models.filter(({ pricing }) => isFree(priceFrom(pricing)));
    expect(free.length).toBe(models.filter(({ pricing }) => Number(pricing.prompt) === 0).length);
  });
});

describe.skipIf(!present)('the direct providers’ list', () => {
  it('is read exactly: a million tokens cost what the list says', () => {
    const amounts: number[] = [];
    const walk = (value: unknown, key: string) => {
      if (typeof value === 'number' && /_mtok$|^(base|price)$/.test(key)) amounts.push(value);
      else if (value && typeof value === 'object')
        for (const [name, inner] of Object.entries(value)) walk(inner, Array.isArray(value) ? key : name);
    };
    walk(present ? read('genai-prices-slim.json') : [], '');
    expect(amounts.length).toBeGreaterThan(1000);
    for (const amount of amounts) {
      const exact = parseUsd(String(amount));
      expect(Number(formatExactUsd(exact ?? -1n))).toBe(amount);
      // Per million in the list, per token in a price: six more decimals still fit.
      expect((exact ?? 1n) % 1_000_000n).toBe(0n);
    }
  });
});
