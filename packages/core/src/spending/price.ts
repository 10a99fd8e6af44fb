import type { Price } from '../catalog/model.ts';
import { isFree } from '../catalog/openrouter-price.ts';
import type { Usage } from '../chat/usage.ts';
import type { NanoUsd } from './ledger.ts';
import { type ExactUsd, nanoUsdUp, parseUsd, splitNanoUsd } from './money.ts';
import { hhmmOf, type Terms, termsUnder } from './terms.ts';

/** What the parts of a bill are charged for. They never overlap: `input` and `output` are what is left beside the others. */
export type CostPart = 'input' | 'cacheRead' | 'cacheWrite' | 'output' | 'reasoning' | 'request';

export type CostParts<Amount> = Readonly<Record<CostPart, Amount>>;

/** Exact, before the one rounding. */
export interface ExactCost {
  readonly total: ExactUsd;
  readonly parts: CostParts<ExactUsd>;
}

/** Rounded for the ledger and for people: the total up, the parts so that they add up to it. */
export interface Cost {
  readonly total: NanoUsd;
  readonly parts: CostParts<NanoUsd>;
}

/**
 * What these tokens cost at this price, as shown to people and counted in the ledger.
 * @param at when the request was sent, ms since epoch: some prices depend on the time of day
 * @returns undefined where a count or a price that it needs is unknown; never a guess, never zero instead
 */
export function priceOf(usage: Usage, price: Price, at: number): Cost | undefined {
  const exact = costOf(usage, price, at);
  if (!exact) return undefined;
  const total = nanoUsdUp(exact.total);
  const names = Object.keys(exact.parts) as CostPart[];
  const split = splitNanoUsd(
    names.map((name) => exact.parts[name]),
    total,
  );
  const parts = Object.fromEntries(names.map((name, index) => [name, split[index] ?? 0n])) as Record<CostPart, NanoUsd>;
  return { total, parts };
}

/**
 * The same, exact. Counts that overlap (cache reads and writes in the input, reasoning in the output) are charged once;
 * a sub-count larger than its whole (seen: 11 reasoning tokens of 10) is cut to it; one that is missing is charged at
 * the whole's price. Where image tokens are dearer than text, no usage tells how many there were: unknown.
 */
export function costOf(usage: Usage, price: Price, at: number): ExactCost | undefined {
  if (isFree(price))
    return exactCost({ input: 0n, cacheRead: 0n, cacheWrite: 0n, output: 0n, reasoning: 0n, request: 0n });
  const input = count(usage.inputTokens);
  const output = count(usage.outputTokens);
  if (input === undefined || output === undefined) return undefined;
  const written = atMost(count(usage.cacheWriteTokens) ?? 0n, input);
  const hour = atMost(count(usage.cacheWrite1hTokens) ?? 0n, written);
  const read = atMost(count(usage.cacheReadTokens) ?? 0n, input - written);
  const reasoned = atMost(count(usage.reasoningTokens) ?? 0n, output);

  const terms = termsUnder(price, { promptTokens: Number(input), hhmm: hhmmOf(at) });
  const parts: Record<CostPart, ExactUsd | undefined> = {
    input: times(input - read - written, terms.input),
    cacheRead: times(read, terms.cacheRead),
    cacheWrite: sum(times(written - hour, terms.cacheWrite), times(hour, terms.cacheWrite1h)),
    output: times(output - reasoned, textOutput(terms)),
    reasoning: times(reasoned, terms.reasoning),
    request: terms.request,
  };
  return isKnown(parts) ? exactCost(parts) : undefined;
}

/**
 * The provider's own figure, where it sent one that can be read. A router that used the user's own upstream key
 * (`byok`) charges a fee and the upstream bills beside it, so both count; while the upstream's part is unknown, so is
 * the sum.
 */
export function reportedCost(
  usage: Usage,
): { readonly cost: ExactUsd; readonly source: 'provider' | 'upstream' } | undefined {
  const cost = usage.costUsd === undefined ? undefined : parseUsd(usage.costUsd);
  if (cost === undefined) return undefined;
  if (!usage.byok) return { cost, source: 'provider' };
  const upstream = usage.upstreamCostUsd === undefined ? undefined : parseUsd(usage.upstreamCostUsd);
  return upstream === undefined ? undefined : { cost: cost + upstream, source: 'upstream' };
}

/** A token count as an integer; some providers send fractions (quirk 213), which round up. Nonsense is unknown. */
function count(tokens: number | undefined): bigint | undefined {
  if (tokens === undefined || !(tokens >= 0) || tokens > Number.MAX_SAFE_INTEGER) return undefined;
  return BigInt(Math.ceil(tokens));
}

function textOutput({ output, imageOutput }: Terms): ExactUsd | undefined {
  if (output === undefined || imageOutput === undefined) return undefined;
  return imageOutput > output ? undefined : output;
}

function times(tokens: bigint, each: Terms['input']): ExactUsd | undefined {
  if (tokens === 0n) return 0n;
  return each === undefined ? undefined : tokens * each;
}

function sum(a: ExactUsd | undefined, b: ExactUsd | undefined): ExactUsd | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function atMost(value: bigint, most: bigint): bigint {
  return value < most ? value : most;
}

function isKnown(parts: Record<CostPart, ExactUsd | undefined>): parts is Record<CostPart, ExactUsd> {
  return Object.values(parts).every((part) => part !== undefined);
}

function exactCost(parts: CostParts<ExactUsd>): ExactCost {
  return { parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0n) };
}
