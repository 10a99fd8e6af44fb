import type { Price } from '../catalog/model.ts';
import type { CostSource } from '../chat/event.ts';
import type { Usage } from '../chat/usage.ts';
import type { Provider } from '../providers/provider.ts';
import { abortStopsBilling } from '../providers/registry.ts';
import { requestBound } from './bound.ts';
import type { NanoUsd, Settlement } from './ledger.ts';
import { nanoUsdUp } from './money.ts';
import { costOf, reportedCost } from './price.ts';
import { dearest } from './terms.ts';

/** How an attempt ended, as far as the bill is concerned. */
export type BillingOutcome =
  /** The provider said it was done. */
  | { readonly kind: 'finished' }
  /** We closed the connection, or it broke: whether the provider goes on generating is its own affair. */
  | { readonly kind: 'cut' }
  /** The provider broke off with an error inside the stream. */
  | { readonly kind: 'error-in-stream' };

export interface SettlementInput {
  readonly outcome: BillingOutcome;
  readonly usage: Usage | undefined;
  readonly price: Price;
  readonly provider: Provider;
  /** Name of the upstream that a router says answers. */
  readonly upstream: string | undefined;
  /** What was reserved. */
  readonly bound: NanoUsd;
  /** The most input tokens that were reserved for. */
  readonly inputTokens: number;
  /** UTF-8 bytes of everything received so far, reasoning and tool arguments included; infinite where no length bounds it. */
  readonly outputBytes: number;
  /** The model may think without showing it, so what was received bounds nothing. */
  readonly mayThinkUnseen: boolean;
  /** When the request was sent and when it was over, ms since epoch: time-dependent prices. */
  readonly at: number;
  readonly until: number;
}

/** Of the longest token in use, which is of spaces or dashes; and what may stand beside what was counted. */
const BYTES_PER_TOKEN = 128;
const BYTES_BESIDE = 256;

/**
 * Tokens in and out, as the provider counted them. It has not, where it counts none of what stands there (quirk 140), or
 * no more than what a stream begins with.
 */
function isCounted({ inputTokens, outputTokens, estimated }: Usage, outputBytes: number): boolean {
  if (estimated || inputTokens === undefined || outputTokens === undefined) return false;
  if (Number.isFinite(outputBytes) && outputBytes > outputTokens * BYTES_PER_TOKEN + BYTES_BESIDE) return false;
  return inputTokens > 0 && (outputTokens > 0 || outputBytes === 0);
}

/**
 * What an attempt that was sent is settled at: the provider's figure, else the price table, else the most it can have
 * been. Never less than what may be billed, and never more than the bound unless the provider itself says so.
 */
export function settlementOf(input: SettlementInput): Settlement & { readonly source: CostSource } {
  const { usage, provider } = input;
  const tokens = {
    ...(usage?.inputTokens !== undefined && { inputTokens: usage.inputTokens }),
    ...(usage?.outputTokens !== undefined && { outputTokens: usage.outputTokens }),
  };

  // Before the end, usage is what was counted so far, not what will be billed.
  const final = input.outcome.kind === 'cut' ? undefined : usage;
  const reported = final && reportedCost(final);
  // Of who is not known to tell what it charges, a zero is a field that nobody filled in.
  if (reported && (reported.cost > 0n || provider.flags.reportsCost || input.bound === 0n)) {
    const source = reported.cost === 0n && input.bound === 0n ? 'free' : reported.source;
    return { amount: nanoUsdUp(reported.cost), source, ...tokens };
  }

  if (final && isCounted(final, input.outputBytes)) {
    const costs = [input.at, input.until].map((at) => costOf(final, input.price, at)?.total);
    // Which of the two counts, providers do not say.
    const cost = dearest(costs);
    if (cost !== undefined) return { amount: nanoUsdUp(cost), source: cost === 0n ? 'free' : 'price-table', ...tokens };
  }

  if (input.bound === 0n) return { amount: 0n, source: 'free', ...tokens };
  if (input.outcome.kind === 'error-in-stream' && provider.errorsAreFree && input.outputBytes === 0) {
    return { amount: 0n, source: 'provider', ...tokens };
  }
  if (input.outcome.kind === 'cut' && !abortStopsBilling(provider, input.upstream))
    return { amount: input.bound, source: 'bound' };
  if (input.mayThinkUnseen || !Number.isFinite(input.outputBytes)) return { amount: input.bound, source: 'bound' };

  const seen = requestBound({ inputTokens: input.inputTokens, maxOutputTokens: input.outputBytes }, input.price);
  return seen !== undefined && seen < input.bound
    ? { amount: seen, source: 'estimate' }
    : { amount: input.bound, source: 'bound' };
}
