/**
 * What OpenAI's chat protocol looks like from whoever speaks it. Nothing of a response is trusted: every field may be
 * missing, null, or of another type, and is narrowed by hand where it is read.
 */
export interface WireChunk {
  readonly id?: unknown;
  readonly model?: unknown;
  readonly provider?: unknown;
  readonly object?: unknown;
  readonly choices?: unknown;
  readonly usage?: unknown;
  readonly error?: unknown;
  readonly citations?: unknown;
  readonly search_results?: unknown;
  readonly x_groq?: unknown;
}

export interface WireChoice {
  readonly index?: unknown;
  readonly delta?: unknown;
  readonly message?: unknown;
  readonly text?: unknown;
  readonly finish_reason?: unknown;
  readonly native_finish_reason?: unknown;
  readonly error?: unknown;
  readonly usage?: unknown;
}

export interface WireDelta {
  readonly content?: unknown;
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly reasoning_text?: unknown;
  readonly reasoning_details?: unknown;
  readonly thinking_blocks?: unknown;
  readonly tool_calls?: unknown;
  readonly function_call?: unknown;
  readonly refusal?: unknown;
  readonly annotations?: unknown;
  readonly images?: unknown;
  readonly audio?: unknown;
}
