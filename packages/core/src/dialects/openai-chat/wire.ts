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
 * The zoo of finish reasons (quirk 144). What is not in it is an end like any other: `stop`, with the provider's own
 * word beside it.
 */
const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['end', 'stop'], // Ollama, LM Studio
  ['eos', 'stop'], // Together, TGI
  ['eos_token', 'stop'],
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['complete', 'stop'], // Cohere
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_length', 'length'], // Mistral
  ['max_output_tokens', 'length'], // OpenAI's other protocol, behind a translator
  ['model_context_window_exceeded', 'length'], // z.ai
  ['tool_calls', 'tool-calls'],
  ['tool_call', 'tool-calls'],
  ['tool_use', 'tool-calls'],
  ['function_call', 'tool-calls'], // quirk 46
  ['content_filter', 'content-filter'],
  ['content-filter', 'content-filter'],
  ['refusal', 'content-filter'],
  ['safety', 'content-filter'],
  ['recitation', 'content-filter'],
  ['prohibited_content', 'content-filter'],
  ['blocklist', 'content-filter'],
  ['sensitive', 'content-filter'], // z.ai
  ['error', 'error'],
  ['network_error', 'error'],
  ['insufficient_system_resource', 'error'], // DeepSeek
  ['abort', 'error'], // vLLM, SGLang: the server gave the request up
  ['aborted', 'error'],
  ['cancelled', 'error'],
  ['timeout', 'error'],
  ['malformed_function_call', 'error'], // Google behind a translator
]);

export function finishReasonOf(native: string): FinishReason {
  return FINISH_REASONS.get(native.toLowerCase()) ?? 'stop';
}
