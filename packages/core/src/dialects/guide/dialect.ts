import type { Asking, EncodedRequest, EncodeInput } from '../dialect.ts';

/**
 * The built-in guide: help about Patchbay that needs no server, no key and no network. It writes its answers in OpenAI's
 * chat protocol and they are decoded like anybody else's, so the first message of a new user takes the same path as all
 * that follow.
 */
export const guide: Asking = { encode, respond };

/** Nothing but what the user asked: it is all the guide reads. */
function encode({ request }: EncodeInput): EncodedRequest {
  const questions = request.messages
    .filter(({ role }) => role === 'user')
    .map(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(' '));
  return {
    path: '/guide',
    headers: {},
    body: JSON.stringify({ model: request.choice.model, questions: questions.slice(-2) }),
    notices: [],
  };
}

/**
 * Streams the answer in pieces of a few words, each pulled when the one before has been read. The help texts are as large
 * as a dialect and seldom asked for: where there are chunks they are one of their own.
 */
function respond(encoded: EncodedRequest): Response {
  const { model, questions } = JSON.parse(encoded.body) as { model: string; questions: string[] };
  const encoder = new TextEncoder();
  let frames: Iterator<string> | undefined;
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      frames ??= framesOf(model, (await import('./answer.ts')).answer(questions)).values();
      const { done, value } = frames.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

function framesOf(model: string, text: string): string[] {
  const head = { id: 'guide', object: 'chat.completion.chunk', model };
  const chunk = (fields: object) => `data: ${JSON.stringify({ ...head, ...fields })}\n\n`;
  const pieces = text.match(/(?:\S+\s*){1,4}/g) ?? [text];
  return [
    ...pieces.map((content) => chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
    chunk({ choices: [], usage: { prompt_tokens: 0, completion_tokens: 0, cost: 0 } }),
    'data: [DONE]\n\n',
  ];
}
