import type { DecoderEvent } from '../../chat/event.ts';
import { createFold, type FoldedAnswer } from '../../chat/fold.ts';
import type { DecoderOptions, EndCause } from '../dialect.ts';
import { createOpenAiChatDecoder } from './decode.ts';

/** One event of a stream, framed as OpenAI frames it. */
export function data(...values: readonly unknown[]): string {
  return values.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`).join('');
}

/** A chunk whose first choice holds this delta. */
export function chunk(delta: unknown, choice: object = {}, top: object = {}): object {
  return { id: 'gen-1', model: 'acme/one', ...top, choices: [{ index: 0, delta, finish_reason: null, ...choice }] };
}

/** A chunk that ends the answer. */
export function stop(reason: string | null = 'stop', choice: object = {}, top: object = {}): object {
  return chunk({}, { finish_reason: reason, ...choice }, top);
}

export const DONE = data('[DONE]');

export interface Decoded extends FoldedAnswer {
  readonly events: readonly DecoderEvent[];
  /** Text of all text parts. */
  readonly text: string;
  readonly reasoning: string;
}

/** Decodes a whole body, given as text, bytes, or the reads in which it came. */
export function decode(
  body: string | Uint8Array | readonly (string | Uint8Array)[],
  options: DecoderOptions & { readonly cause?: EndCause } = {},
): Decoded {
  const { cause, ...rest } = options;
  const decoder = createOpenAiChatDecoder({ provider: 'Acme', model: 'acme/one', ...rest });
  const reads = typeof body === 'string' || body instanceof Uint8Array ? [body] : body;
  const events = [
    ...reads.flatMap((read) => decoder.push(typeof read === 'string' ? new TextEncoder().encode(read) : read)),
    ...decoder.end(cause),
    // Once over, over for good.
    ...decoder.push(new TextEncoder().encode(data(chunk({ content: 'late' })))),
    ...decoder.end(),
  ];
  const fold = createFold();
  fold.push(events);
  const answer = fold.answer();
  const of = (type: 'text' | 'reasoning') =>
    answer.parts
      .map((part) => (part.type === type && (part.type === 'text' || part.type === 'reasoning') ? part.text : ''))
      .join('');
  return { ...answer, events, text: of('text'), reasoning: of('reasoning') };
}
