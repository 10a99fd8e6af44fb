import { known } from '../../chat/known.ts';
import type { Usage } from '../../chat/usage.ts';
import { countOf, type Fields, fieldsOf, isFields } from '../values.ts';

/**
 * Token counts and money in whichever fields they come (quirks 140–143), undefined where there are none.
 * `usage` is the value of the wire's `usage` field.
 */
export function usageOf(usage: unknown): Usage | undefined {
  if (!isFields(usage)) return undefined;
  const prompt = fieldsOf(usage.prompt_tokens_details ?? usage.input_tokens_details);
  const completion = fieldsOf(usage.completion_tokens_details ?? usage.output_tokens_details);
  const input = countOf(usage.prompt_tokens) ?? countOf(usage.input_tokens) ?? countOf(usage.promptTokens);
  const reported = countOf(usage.completion_tokens) ?? countOf(usage.output_tokens) ?? countOf(usage.completionTokens);
  const thought =
    countOf(completion.reasoning_tokens) ?? countOf(usage.reasoning_tokens) ?? countOf(usage.reasoningTokens);
  const output = wholeOutput(reported, input, countOf(usage.total_tokens));
  // Quirk 141: the many names of cached input.
  const cacheRead =
    countOf(prompt.cached_tokens) ??
    countOf(usage.prompt_cache_hit_tokens) ??
    countOf(usage.cached_tokens) ??
    countOf(usage.num_cached_tokens) ??
    countOf(usage.cacheReadTokens);
  const cacheWrite = countOf(prompt.cache_write_tokens) ?? countOf(usage.cache_creation_input_tokens);
  // Perplexity tells its parts, the fee for the request among them, and their sum; xAI counts in ticks of 10^-10 USD.
  const cost =
    decimalOf(usage.cost) ?? decimalOf(fieldsOf(usage.cost).total_cost) ?? decimalOf(`${usage.cost_in_usd_ticks}e-10`);
  const upstream = decimalOf(fieldsOf(usage.cost_details).upstream_inference_cost);

  if (input === undefined && output === undefined && cost === undefined) return undefined;
  return known({
    inputTokens: input,
    outputTokens: output,
    // Quirk 143: never more thinking than output, so that what is left of it is never negative.
    reasoningTokens: thought === undefined ? undefined : Math.min(thought, output ?? thought),
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    costUsd: cost,
    upstreamCostUsd: upstream,
    byok: typeof usage.is_byok === 'boolean' ? usage.is_byok : undefined,
  });
}

/** What is known once more has been told: what that leaves out, or says is less, it does not take back. */
export function laterUsage(before: Fields | undefined, later: Fields): Fields {
  const merged: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(later)) {
    if (value !== null && !(Number(value) <= Number(merged[name]))) merged[name] = value;
  }
  return merged;
}

/**
 * All output, reasoning included once. Quirk 142: some count reasoning inside of the completion and some beside it, or
 * nowhere; the total tells.
 */
function wholeOutput(reported: number | undefined, input = 0, total = 0): number | undefined {
  return reported === undefined || input === 0 ? reported : Math.max(reported, total - input);
}

/** An amount as JSON prints it, but never with an exponent; undefined for what is no amount. */
export function decimalOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (!/^\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/.test(value)) return undefined;
  } else if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return undefined;
  const text = String(value === 0 ? 0 : value);
  const [mantissa = '', exponent] = text.split(/e/i);
  if (exponent === undefined) return text;
  const [whole = '', fraction = ''] = mantissa.split('.');
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  const before = digits.slice(0, Math.max(point, 0)).padEnd(point, '0') || '0';
  const behind = ('0'.repeat(Math.max(-point, 0)) + digits.slice(Math.max(point, 0))).replace(/0+$/, '');
  return behind === '' ? before : `${before}.${behind}`;
}
