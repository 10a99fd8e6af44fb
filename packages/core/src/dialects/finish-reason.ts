import type { FinishReason } from '../chat/event.ts';

/**
 * The zoo of finish reasons of all protocols (quirks 91, 113, 118, 144, 214): translators hand words of one on in another.
 * What is not in it is an end like any other: `stop`, with the provider's own word beside it. Tools are not looked for
 * here, since calls tell of themselves.
 */
const FINISH_REASONS: readonly (readonly [FinishReason, RegExp])[] = [
  [
    'content-filter',
    // Among them z.ai's `sensitive`, Google's `SPII`, `LANGUAGE`, `MODEL_ARMOR`, and Cohere's `ERROR_TOXIC`.
    /content.filter|refusal|safety|recitation|prohibited|blocklist|sensitive|spii|^language$|armor|toxic/i,
  ],
  // Mistral's `model_length`, Cohere's `ERROR_LIMIT`, and what z.ai and Anthropic say of the model's window.
  ['length', /length|max_(?:output_)?tokens|context_window|error_limit/i],
  // DeepSeek's `insufficient_system_resource`, what vLLM and SGLang say where they gave the request up, and all that Google
  // says of a call gone wrong.
  ['error', /error|timeout|abort|cancelled|insufficient|malformed|unexpected_tool|too_many_tool|missing_thought/i],
];

export function finishReasonOf(native: string | undefined): FinishReason {
  return FINISH_REASONS.find(([, words]) => words.test(native ?? ''))?.[0] ?? 'stop';
}
