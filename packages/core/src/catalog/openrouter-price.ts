import { decimalOf, isZero, maxDecimal } from './decimal.ts';
import type { Price, PriceTier } from './model.ts';

type PriceField = Exclude<keyof Price, 'tiers'>;

/**
 * OpenRouter's names for ours. Its `image` is missing on purpose: its unit differs from model to model, so a request with
 * images is settled by the cost it reports.
 */
const FIELDS: { readonly [theirs: string]: PriceField } = {
  prompt: 'input',
  completion: 'output',
  input_cache_read: 'cacheRead',
  input_cache_write: 'cacheWrite',
  input_cache_write_1h: 'cacheWrite1h',
  internal_reasoning: 'reasoning',
  image_output: 'imageOutput',
  request: 'request',
  web_search: 'webSearch',
};

/** What is paid beside, or in place of, the plain price of a token: where it is not listed, there is no such fee. */
const FEES = Object.keys(FIELDS).filter((field) => !['prompt', 'completion', 'web_search'].includes(field));

/** Prices for what a chat request cannot cause, or that are told elsewhere; known, and no condition of an override. */
const IGNORED = new Set(['image', 'image_token', 'audio', 'audio_output', 'input_audio_cache', 'discount']);

/**
 * OpenRouter's `pricing` object, exact. Undefined where nothing in it is a price. An override whose condition this code
 * does not know may hold at any time, so whatever it makes dearer counts as the base price; one that cannot be read at
 * all leaves the whole price unknown, since nothing would bound it.
 */
export function openRouterPrice(pricing: unknown): Price | undefined {
  if (!isRecord(pricing)) return undefined;
  // "-1" is its word for unknown. A fee that is there, but nobody says how much, must not count as none.
  const untold = FEES.some((field) => pricing[field] != null && decimalOf(pricing[field]) === undefined);
  if (untold) return undefined;
  let base = fieldsOf(pricing);
  const tiers: PriceTier[] = [];
  const overrides = pricing.overrides ?? [];
  if (!Array.isArray(overrides)) return undefined;
  for (const override of overrides) {
    if (!isRecord(override)) return undefined;
    const fields = fieldsOf(override);
    if (Object.keys(FIELDS).some((field) => field in override && decimalOf(override[field]) === undefined))
      return undefined;
    const condition = conditionOf(override);
    if (condition) tiers.push({ ...fields, ...condition });
    else base = dearer(base, fields);
  }
  if (Object.keys(base).length === 0) return undefined;
  return tiers.length > 0 ? { ...base, tiers } : base;
}

/** True where the price is known and every token is free under every tier. */
export function isFree(price: Price | undefined): boolean {
  if (price?.input === undefined || price.output === undefined) return false;
  return [price, ...(price.tiers ?? [])].every((tier) =>
    ([tier.input, tier.output, tier.cacheRead, tier.cacheWrite, tier.cacheWrite1h, tier.reasoning] as const)
      .concat([tier.imageOutput, tier.request])
      .every((amount) => amount === undefined || isZero(amount)),
  );
}

function fieldsOf(record: Record<string, unknown>): Price {
  const price: { -readonly [F in PriceField]?: string } = {};
  for (const [theirs, ours] of Object.entries(FIELDS)) {
    const amount = decimalOf(record[theirs]);
    if (amount !== undefined) price[ours] = amount;
  }
  return price;
}

/** When an override holds; undefined where it names a condition that is not understood. */
function conditionOf(
  override: Record<string, unknown>,
): Pick<PriceTier, 'abovePromptTokens' | 'utcStart' | 'utcEnd'> | undefined {
  const { min_prompt_tokens: above, utc_start: start, utc_end: end, ...rest } = override;
  if (Object.keys(rest).some((key) => !(key in FIELDS) && !IGNORED.has(key))) return undefined;
  const timed = start !== undefined || end !== undefined;
  if (timed && !(isHours(start) && isHours(end))) return undefined;
  if (above !== undefined && !(typeof above === 'number' && above >= 0)) return undefined;
  if (!timed && above === undefined) return undefined;
  return {
    ...(typeof above === 'number' && { abovePromptTokens: above }),
    ...(timed && { utcStart: start as number, utcEnd: end as number }),
  };
}

/** HHMM as a number: 30 is 00:30, 1030 is 10:30. */
function isHours(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2400 && value % 100 < 60;
}

function dearer(base: Price, other: Price): Price {
  const price: { -readonly [F in PriceField]?: string } = { ...base } as Record<PriceField, string>;
  for (const field of Object.values(FIELDS)) {
    const [a, b] = [base[field], other[field]];
    if (a !== undefined && b !== undefined) price[field] = maxDecimal(a, b);
  }
  return price;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
