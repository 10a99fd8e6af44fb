import type { FinishReason } from '../../chat/event.ts';

/**
 * Google's `generateContent` as it arrives, from AI Studio, Vertex or a translator. Nothing is trusted: every field may be
 * missing, null, or of another type, and is narrowed by hand where it is read.
 */
export interface WireChunk {
  readonly candidates?: unknown;
  readonly usageMetadata?: unknown;
  readonly promptFeedback?: unknown;
  readonly modelVersion?: unknown;
  readonly responseId?: unknown;
  readonly error?: unknown;
}

export interface WireCandidate {
  readonly content?: unknown;
  readonly finishReason?: unknown;
  readonly finishMessage?: unknown;
  readonly groundingMetadata?: unknown;
  readonly citationMetadata?: unknown;
}

export interface WirePart {
  readonly text?: unknown;
  readonly thought?: unknown;
  readonly thoughtSignature?: unknown;
  readonly functionCall?: unknown;
  readonly inlineData?: unknown;
  readonly fileData?: unknown;
  readonly executableCode?: unknown;
  readonly codeExecutionResult?: unknown;
}

/** Quirks 113 and 118. New ones appear all the time: what is not here is an end like any other, with its own word. */
const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['LANGUAGE', 'content-filter'],
  ['MODEL_ARMOR', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
  ['IMAGE_RECITATION', 'content-filter'],
  ['MALFORMED_FUNCTION_CALL', 'error'],
  ['UNEXPECTED_TOOL_CALL', 'error'],
  ['TOO_MANY_TOOL_CALLS', 'error'],
  ['MISSING_THOUGHT_SIGNATURE', 'error'],
  ['MALFORMED_RESPONSE', 'error'],
]);

export function finishReasonOf(native: string): FinishReason {
  return FINISH_REASONS.get(native) ?? 'stop';
}
