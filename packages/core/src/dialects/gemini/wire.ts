import { finishReasons } from '../openai-chat/wire.ts';

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
export const finishReasonOf = finishReasons({
  length: 'MAX_TOKENS',
  'content-filter':
    'SAFETY RECITATION BLOCKLIST PROHIBITED_CONTENT SPII LANGUAGE MODEL_ARMOR IMAGE_SAFETY IMAGE_PROHIBITED_CONTENT IMAGE_RECITATION',
  error:
    'MALFORMED_FUNCTION_CALL UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS MISSING_THOUGHT_SIGNATURE MALFORMED_RESPONSE',
});
