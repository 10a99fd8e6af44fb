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
