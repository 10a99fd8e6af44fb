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

/** The fields that hold something: what is unknown is left out, so that it can be told from what is known. */
export function known<T extends object>(fields: { readonly [name in keyof T]: T[name] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
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

/** A provider's words for the end of an answer, one space between them. What is not among them is `stop`. */
export function finishReasons(words: { readonly [reason in FinishReason]?: string }): (native: string) => FinishReason {
  const reasons = new Map(
    Object.entries(words).flatMap(([reason, list]) => list.split(' ').map((word) => [word, reason as FinishReason])),
  );
  return (native) => reasons.get(native) ?? 'stop';
}

const reasonOf = finishReasons({
  // Mistral, z.ai
  length: 'length max_tokens model_length model_context_window_exceeded',
  'tool-calls': 'tool_calls tool_call tool_use function_call', // quirk 46
  'content-filter': 'content_filter content-filter refusal safety recitation prohibited_content blocklist sensitive',
  // DeepSeek, and Google behind a translator
  error: 'error network_error insufficient_system_resource malformed_function_call',
});

/**
 * The zoo of finish reasons (quirk 144). What is not in it is an end like any other: `stop`, with the provider's own
 * word beside it.
 */
export function finishReasonOf(native: string): FinishReason {
  return reasonOf(native.toLowerCase());
}
