import { known } from '../../chat/known.ts';
import type { Usage } from '../../chat/usage.ts';
import { countOf, fieldsOf, isFields } from '../values.ts';

const COUNTS = [
  'input_tokens',
  'output_tokens',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
  'ephemeral_1h_input_tokens',
  'thinking_tokens',
] as const;

type Counts = { -readonly [name in (typeof COUNTS)[number]]?: number };

/** Gathers the counts of `message_start` and `message_delta`. */
export interface UsageCounter {
  /** The value of a `usage` field. */
  add(usage: unknown): void;
  /** @param whole false where the provider never said it was done: what it has counted of the output is not all then */
  result(whole: boolean): Usage | undefined;
}

/**
 * Quirk 81: counts are cumulative and come in two places, either of which may leave some out or say zero, so the largest
 * holds. Quirk 82: input is told without what was read from and written to the cache. Quirk 84: what compaction, an
 * advisor or a fallback used is billed, but is in `iterations` alone.
 */
export function createUsageCounter(): UsageCounter {
  const counts: Counts = {};
  let iterations: readonly unknown[] = [];

  return {
    add: (usage) => {
      if (!isFields(usage)) return;
      raise(counts, countsOf(usage));
      if (Array.isArray(usage.iterations) && usage.iterations.length > 0) iterations = usage.iterations;
    },
    result: (whole) => {
      const all: Counts = { ...counts };
      const billed: Counts = {};
      for (const one of iterations) {
        if (isFields(one))
          for (const [name, count] of entriesOf(countsOf(one))) billed[name] = (billed[name] ?? 0) + count;
      }
      raise(all, billed);
      const { input_tokens: plain, output_tokens: output, thinking_tokens: thought } = all;
      const { cache_read_input_tokens: cacheReadTokens, cache_creation_input_tokens: cacheWriteTokens } = all;
      if (plain === undefined && output === undefined) return undefined;
      return known({
        inputTokens: plain === undefined ? undefined : plain + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0),
        outputTokens: whole ? output : undefined,
        reasoningTokens: whole && thought !== undefined ? Math.min(thought, output ?? thought) : undefined,
        cacheReadTokens,
        cacheWriteTokens,
        cacheWrite1hTokens: all.ephemeral_1h_input_tokens,
      });
    },
  };
}

function countsOf(usage: { readonly [key: string]: unknown }): Counts {
  const counts: Counts = {};
  const details = fieldsOf(usage.output_tokens_details);
  for (const name of COUNTS) {
    const count = countOf(name === 'thinking_tokens' ? details[name] : usage[name]);
    if (count !== undefined) counts[name] = count;
  }
  // Quirk 83: some tell the two lifetimes of a cache entry and not their sum.
  if (isFields(usage.cache_creation)) {
    const long = countOf(usage.cache_creation.ephemeral_1h_input_tokens) ?? 0;
    const sum = (countOf(usage.cache_creation.ephemeral_5m_input_tokens) ?? 0) + long;
    if (sum > (counts.cache_creation_input_tokens ?? 0)) counts.cache_creation_input_tokens = sum;
    if (long > 0) counts.ephemeral_1h_input_tokens = long;
  }
  return counts;
}

function raise(into: Counts, counts: Counts): void {
  for (const [name, count] of entriesOf(counts)) into[name] = Math.max(into[name] ?? 0, count);
}

function entriesOf(counts: Counts): [keyof Counts, number][] {
  return Object.entries(counts) as [keyof Counts, number][];
}
