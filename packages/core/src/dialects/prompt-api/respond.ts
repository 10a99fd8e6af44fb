import type { EncodedRequest } from '../dialect.ts';
import type { PromptBody } from './encode.ts';
import type { LanguageModelPort } from './port.ts';

/**
 * The built-in model's answer as a response body: one JSON value a line, `{text}` for what is new, `{done}` at the end,
 * `{error}` where there is none. Closing the body stops the model. Few browsers have one: where there are chunks, what
 * talks to it is one of its own.
 */
export function respond(encoded: EncodedRequest, port: LanguageModelPort | undefined): Response {
  const control = new AbortController();
  const encoder = new TextEncoder();
  let source: AsyncGenerator<object, void> | undefined;
  const body = new ReadableStream<Uint8Array>({
    pull: async (sink) => {
      const asked = JSON.parse(encoded.body) as PromptBody;
      source ??= (await import('./session.ts')).converse(asked, port, control.signal);
      const next = await source.next();
      if (next.done) sink.close();
      else sink.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
    },
    cancel: () => control.abort(),
  });
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } });
}
