import type { Usage } from '../chat/usage.ts';

/**
 * Reads a router's own record of one finished generation (OpenRouter's `GET /generation?id=`): what an aborted or
 * crashed answer really cost. Undefined where it is no such record.
 */
export function usageFromGeneration(body: unknown): Usage | undefined {
  const data = field(body, 'data');
  const cost = amount(field(data, 'total_cost'));
  if (cost === undefined) return undefined;
  const input = count(field(data, 'native_tokens_prompt'));
  const output = count(field(data, 'native_tokens_completion'));
  const reasoning = count(field(data, 'native_tokens_reasoning'));
  const cached = count(field(data, 'native_tokens_cached'));
  const upstream = amount(field(data, 'upstream_inference_cost'));
  return {
    costUsd: cost,
    byok: field(data, 'is_byok') === true,
    ...(upstream !== undefined && { upstreamCostUsd: upstream }),
    ...(input !== undefined && { inputTokens: input }),
    ...(output !== undefined && { outputTokens: output }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
    ...(cached !== undefined && { cacheReadTokens: cached }),
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** JavaScript prints a number with the fewest digits that read back as the same one: the decimal that was sent. */
function amount(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? String(value) : undefined;
}
