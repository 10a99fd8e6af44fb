import { known } from '../../chat/known.ts';
import type { Usage } from '../../chat/usage.ts';
import { countOf, isFields } from '../values.ts';

/** Gathers `usageMetadata` of every chunk. */
export interface UsageCounter {
  add(usage: unknown): void;
  /** @param whole false where the provider never said it was done: what it has counted of the output is not all then */
  result(whole: boolean): Usage | undefined;
}

/**
 * Quirk 116: counts are cumulative and on every chunk, and fields come and go, so the largest of each holds. Quirk 117:
 * output is what was said and what was thought, and the prompt's count holds what came from the cache.
 */
export function createUsageCounter(): UsageCounter {
  let prompt = -1;
  let tools = -1;
  let said = -1;
  let thought = -1;
  let cached = -1;
  let total = -1;

  return {
    add: (usage) => {
      if (!isFields(usage)) return;
      prompt = larger(prompt, usage.promptTokenCount);
      tools = larger(tools, usage.toolUsePromptTokenCount);
      said = larger(said, usage.candidatesTokenCount);
      thought = larger(thought, usage.thoughtsTokenCount);
      cached = larger(cached, usage.cachedContentTokenCount);
      total = larger(total, usage.totalTokenCount);
    },
    result: (whole) => {
      const input = prompt === -1 ? undefined : prompt + Math.max(tools, 0);
      const output =
        said !== -1 || thought !== -1
          ? Math.max(said, 0) + Math.max(thought, 0)
          : total !== -1 && input !== undefined
            ? Math.max(total - input, 0)
            : undefined;
      if (input === undefined && output === undefined) return undefined;
      return known({
        inputTokens: input,
        outputTokens: whole ? output : undefined,
        reasoningTokens: whole && thought !== -1 ? thought : undefined,
        cacheReadTokens: cached === -1 ? undefined : cached,
      });
    },
  };
}

function larger(before: number, value: unknown): number {
  // Asked six times an event, so numbers come first.
  if (typeof value === 'number') return value > before && value < Number.POSITIVE_INFINITY ? value : before;
  return Math.max(before, countOf(value) ?? -1);
}
