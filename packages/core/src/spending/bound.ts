import type { Price } from '../catalog/model.ts';
import type { NanoUsd } from './ledger.ts';
import { type ExactUsd, exactUsd, formatExactUsd, nanoUsdUp } from './money.ts';
import { dearest, reachableTerms, type Terms } from './terms.ts';

/** One media item as the body carries it, and the most input tokens the provider may count for it. */
export interface MediaSize {
  /** The base64 text that stands in the body. */
  readonly base64: string;
  /** By the provider's published formula or count endpoint. */
  readonly tokens: number;
}

/** How large one encoded request can turn out to be. */
export interface RequestSize {
  /** From `inputTokensAtMost`, or tighter from a count endpoint or an exact tokenizer. */
  readonly inputTokens: number;
  /** The maximum that is sent, reasoning included once. */
  readonly maxOutputTokens: number;
  /** Searches the provider may run for it; default none. */
  readonly webSearches?: number;
}

/**
 * What a provider may add where tools are declared or a form of the answer is asked for, in a prompt of its own that our
 * bytes do not hold: Anthropic publishes up to 346 tokens for tools; the rest is room for others.
 */
const ADDED_PROMPT_TOKENS = 512;

/**
 * The most input tokens that this body can be counted as. No tokenizer in use makes more tokens than there are UTF-8
 * bytes, and what a chat template adds for each message and field is shorter than the JSON around it. Each media item
 * counts by its own formula in place of its base64 text, once for each time it is listed.
 */
export function inputTokensAtMost(body: string, media: readonly MediaSize[] = [], addsPrompt = false): number {
  let tokens = new TextEncoder().encode(body).length + (addsPrompt ? ADDED_PROMPT_TOKENS : 0);
  const searchedTo = new Map<string, number>();
  for (const { base64, tokens: counted } of media) {
    tokens += counted;
    // Media that the body does not hold (described in words instead) takes no bytes away.
    const at = base64 === '' ? -1 : body.indexOf(base64, searchedTo.get(base64) ?? 0);
    if (at < 0) continue;
    searchedTo.set(base64, at + base64.length);
    tokens -= base64.length;
  }
  return Math.ceil(tokens);
}

/**
 * The most that this request can cost: every input token at the dearest way it can be charged (plain, cache read,
 * 5-minute or 1-hour cache write), every output token at the dearest of text, reasoning and image, under the worst conditions
 * it can meet (long-context tiers, any time of day), plus what is charged per request and search.
 * @returns undefined where the price is unknown under any of these conditions
 */
export function requestBound(size: RequestSize, price: Price): NanoUsd | undefined {
  let worst: ExactUsd = 0n;
  for (const rate of ratesFor(size, price)) {
    if (rate === undefined) return undefined;
    const cost = rate.fixed + rate.perOutputToken * BigInt(size.maxOutputTokens);
    if (cost > worst) worst = cost;
  }
  return nanoUsdUp(worst);
}

/** Whether this price bounds requests of any size; one that is published in part does not. */
export function isWhole(price: Price): boolean {
  return requestBound({ inputTokens: Number.MAX_SAFE_INTEGER, maxOutputTokens: 1 }, price) !== undefined;
}

/**
 * The largest `maxOutputTokens` (at most `ceiling`) whose bound is no more than `left`; 0 where not even a single
 * token fits. Undefined where the price is unknown.
 */
export function largestAnswerThatFits(
  left: NanoUsd,
  size: Omit<RequestSize, 'maxOutputTokens'>,
  price: Price,
  ceiling: number,
): number | undefined {
  let largest = BigInt(Math.max(0, Math.floor(ceiling)));
  for (const rate of ratesFor(size, price)) {
    if (rate === undefined) return undefined;
    const room = exactUsd(left) - rate.fixed;
    if (room < 0n) largest = 0n;
    else if (rate.perOutputToken > 0n) {
      const fits = room / rate.perOutputToken;
      if (fits < largest) largest = fits;
    }
  }
  return Number(largest);
}

/**
 * The price we reserve at, as OpenRouter's `max_price`: USD per million prompt and completion tokens, decimal strings,
 * the dearest listed that a request of this size can meet. Undefined where unknown.
 */
export function maxPriceFor(
  price: Price,
  inputTokens: number,
): { readonly prompt: string; readonly completion: string } | undefined {
  const reachable = reachableTerms(price, inputTokens);
  const prompt = dearest(reachable.map(({ terms }) => terms.input));
  const completion = dearest(reachable.map(({ terms }) => terms.output));
  if (prompt === undefined || completion === undefined) return undefined;
  return { prompt: formatExactUsd(prompt * 1_000_000n), completion: formatExactUsd(completion * 1_000_000n) };
}

interface Rate {
  readonly fixed: ExactUsd;
  readonly perOutputToken: ExactUsd;
}

/** Under each set of conditions: what is certain before the answer, and the most that each of its tokens adds. */
function ratesFor(size: Omit<RequestSize, 'maxOutputTokens'>, price: Price): (Rate | undefined)[] {
  return reachableTerms(price, size.inputTokens).map(({ terms, promptTokens }) => rateUnder(terms, promptTokens, size));
}

function rateUnder(terms: Terms, promptTokens: number, size: { readonly webSearches?: number }): Rate | undefined {
  const perInputToken = dearest([terms.input, terms.cacheRead, terms.dearestWrite]);
  const perOutputToken = dearest([terms.output, terms.reasoning, terms.imageOutput]);
  const perSearch = size.webSearches ? terms.webSearch : 0n;
  if (perInputToken === undefined || perOutputToken === undefined) return undefined;
  if (terms.request === undefined || perSearch === undefined) return undefined;
  const searches = perSearch * BigInt(size.webSearches ?? 0);
  return { fixed: perInputToken * BigInt(promptTokens) + terms.request + searches, perOutputToken };
}
