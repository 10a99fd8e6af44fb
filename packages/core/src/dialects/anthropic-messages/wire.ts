/**
 * Anthropic's Messages protocol as it arrives, from Anthropic or from whoever speaks it. Nothing is trusted: every field
 * may be missing, null, or of another type, and is narrowed by hand where it is read.
 */
export interface WireEvent {
  readonly type?: unknown;
  readonly index?: unknown;
  readonly delta?: unknown;
  readonly content_block?: unknown;
  readonly message?: unknown;
  readonly usage?: unknown;
  readonly error?: unknown;
}

export interface WireDelta {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly thinking?: unknown;
  readonly partial_json?: unknown;
  readonly signature?: unknown;
  readonly citation?: unknown;
  readonly content?: unknown;
}
