import type { Price, PriceTier } from '../catalog/model.ts';
import { type ExactUsd, parseUsd } from './money.ts';

/**
 * What is charged for one unit while one set of conditions holds. Undefined is unknown: published as something that is
 * no amount ("-1"), or not published and not to be had from another field.
 */
export interface Terms {
  readonly input: ExactUsd | undefined;
  readonly output: ExactUsd | undefined;
  /** Not published: the provider gives no discount, so the input price. */
  readonly cacheRead: ExactUsd | undefined;
  /** What a token written to the cache for five minutes costs in all, see `writePrice`. */
  readonly cacheWrite: ExactUsd | undefined;
  /** The same for an hour. */
  readonly cacheWrite1h: ExactUsd | undefined;
  /** The dearest way of writing one to the cache; a way without a published price costs what plain input costs. */
  readonly dearestWrite: ExactUsd | undefined;
  /** Not published: reasoning costs what output costs. */
  readonly reasoning: ExactUsd | undefined;
  /** Not published: output tokens of an image, if any, cost what output costs. */
  readonly imageOutput: ExactUsd | undefined;
  /** Not published: nothing per request. */
  readonly request: ExactUsd | undefined;
  readonly webSearch: ExactUsd | undefined;
}

/** Sizes and moments at which a price may change; between them it is constant. */
export interface Conditions {
  readonly promptTokens: number;
  /** UTC time of day as HHMM: 1030 is 10:30. */
  readonly hhmm: number;
}

/** The UTC time of day of a moment, as HHMM. */
export function hhmmOf(at: number): number {
  const date = new Date(at);
  return date.getUTCHours() * 100 + date.getUTCMinutes();
}

/** The terms under these conditions: later tiers win per field, what a tier does not name is inherited. */
export function termsUnder(price: Price, conditions: Conditions): Terms {
  let merged: Omit<Price, 'tiers'> = price;
  for (const tier of price.tiers ?? []) if (applies(tier, conditions)) merged = { ...merged, ...tier };

  const input = amount(merged.input);
  const output = amount(merged.output);
  return {
    input,
    output,
    cacheRead: merged.cacheRead === undefined ? input : amount(merged.cacheRead),
    cacheWrite: merged.cacheWrite === undefined ? undefined : writePrice(merged.cacheWrite, input),
    cacheWrite1h: merged.cacheWrite1h === undefined ? undefined : writePrice(merged.cacheWrite1h, input),
    dearestWrite: dearest([merged.cacheWrite, merged.cacheWrite1h].map((write) => writePrice(write ?? '0', input))),
    reasoning: merged.reasoning === undefined ? output : amount(merged.reasoning),
    imageOutput: merged.imageOutput === undefined ? output : amount(merged.imageOutput),
    request: merged.request === undefined ? 0n : amount(merged.request),
    webSearch: amount(merged.webSearch),
  };
}

/**
 * Conditions that stand for every price this request can meet, with the most prompt tokens each allows: one for each
 * pair of a size class (up to the first threshold, above each reachable one) and a stretch of the day.
 */
export function reachableTerms(price: Price, mostPromptTokens: number): { terms: Terms; promptTokens: number }[] {
  const thresholds = new Set<number>();
  const moments = new Set([0]);
  for (const tier of price.tiers ?? []) {
    if (tier.abovePromptTokens !== undefined && tier.abovePromptTokens < mostPromptTokens)
      thresholds.add(Math.max(0, Math.floor(tier.abovePromptTokens)));
    const { start, end } = dailyWindow(tier);
    moments.add(start).add(end);
  }
  const sizes = [...thresholds, mostPromptTokens];
  return sizes.flatMap((promptTokens) =>
    [...moments].map((hhmm) => ({ promptTokens, terms: termsUnder(price, { promptTokens, hhmm }) })),
  );
}

function applies(tier: PriceTier, { promptTokens, hhmm }: Conditions): boolean {
  if (tier.abovePromptTokens !== undefined && !(promptTokens > tier.abovePromptTokens)) return false;
  const { start, end } = dailyWindow(tier);
  if (start === end) return true; // the whole day: a tier that never applied would not be published
  return start < end ? hhmm >= start && hhmm < end : hhmm >= start || hhmm < end;
}

function dailyWindow(tier: PriceTier): { start: number; end: number } {
  return { start: tier.utcStart ?? 0, end: (tier.utcEnd ?? 2400) % 2400 };
}

/**
 * A write price below the input price is a surcharge on it: Google publishes the price of keeping the tokens, while the
 * tokens themselves are billed as input too. Otherwise (Anthropic's 1.25 times) it stands for the whole token.
 */
function writePrice(published: string, input: ExactUsd | undefined): ExactUsd | undefined {
  const write = amount(published);
  if (write === undefined || input === undefined) return undefined;
  return write < input ? input + write : write;
}

/** Undefined as soon as one of them is. */
export function dearest(amounts: readonly (ExactUsd | undefined)[]): ExactUsd | undefined {
  let most = 0n;
  for (const one of amounts) {
    if (one === undefined) return undefined;
    if (one > most) most = one;
  }
  return most;
}

function amount(published: string | undefined): ExactUsd | undefined {
  return published === undefined ? undefined : parseUsd(published);
}
