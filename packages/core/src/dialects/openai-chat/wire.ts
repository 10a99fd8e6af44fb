import type { FinishReason } from '../../chat/event.ts';
import { plainText } from '../../chat/plain-text.ts';

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
  readonly tool_calls?: unknown;
  readonly function_call?: unknown;
  readonly refusal?: unknown;
  readonly annotations?: unknown;
  readonly images?: unknown;
  readonly audio?: unknown;
}

/** A JSON object of unknown fields. */
export type Fields = { readonly [key: string]: unknown };

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object where it is one, otherwise an empty one. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The list where it is one, otherwise an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A count as a whole number, rounded up; some write numbers as strings. Undefined for what is no count. */
export function countOf(value: unknown): number | undefined {
  const count = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? Math.ceil(count) : undefined;
}

/** Longer than any name or id. */
const LONGEST_NAME = 300;

/** The name or id where it is one: on one line, of a length that can be shown and kept. */
export function nameOf(value: unknown): string | undefined {
  const text = said(value);
  return text === undefined ? undefined : said(plainText(text.slice(0, LONGEST_NAME)));
}

/** The string where it is one and says something. */
export function said(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Picks one answer out of each list of them: the first that began, since no more than one is asked for. */
export function createPick(): (answers: unknown) => Fields | undefined {
  let index: unknown;
  return (answers) => {
    if (!Array.isArray(answers)) return undefined;
    const first: Fields | null | undefined = answers[0];
    if (typeof first !== 'object' || first === null) return undefined;
    const at = first.index ?? 0;
    if (at === index) return first;
    if (index !== undefined) return answers.find((one) => isFields(one) && (one.index ?? 0) === index);
    index = at;
    return first;
  };
}

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
