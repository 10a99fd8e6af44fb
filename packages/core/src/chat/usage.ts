/**
 * Tokens and money as the provider counted them. A missing field is unknown, which is never the same as zero.
 */
export interface Usage {
  /** All input tokens, cache reads and writes included (quirk 82: Anthropic reports them apart). */
  readonly inputTokens?: number;
  /** All output tokens, reasoning included once (quirk 142: xAI reports it apart). */
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  /** Of the cache writes, those that last an hour: dearer than the others (quirk 83). */
  readonly cacheWrite1hTokens?: number;
  /** What the provider says it charged, USD as a decimal string. */
  readonly costUsd?: string;
  /** What the upstream charged beside it, USD; part of the real total only where `byok` is true. */
  readonly upstreamCostUsd?: string;
  /** The user's own upstream key was used at a router, so the upstream bills the user directly. */
  readonly byok?: boolean;
  /** True where the numbers are our own estimate, because the provider sent none. */
  readonly estimated?: boolean;
}
