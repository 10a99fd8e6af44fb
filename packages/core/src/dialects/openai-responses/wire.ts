/**
 * OpenAI's Responses protocol as it arrives, from OpenAI or from whoever speaks it. Nothing is trusted: every field may be
 * missing, null, or of another type, and is narrowed by hand where it is read.
 */
export interface WireEvent {
  readonly type?: unknown;
  readonly output_index?: unknown;
  readonly item_id?: unknown;
  readonly summary_index?: unknown;
  readonly delta?: unknown;
  readonly text?: unknown;
  readonly refusal?: unknown;
  readonly arguments?: unknown;
  readonly item?: unknown;
  readonly part?: unknown;
  readonly annotation?: unknown;
  readonly response?: unknown;
  readonly error?: unknown;
  readonly choices?: unknown;
}
