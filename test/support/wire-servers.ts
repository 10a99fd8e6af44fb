import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whose protocol a server speaks. */
export type WireKind = 'openai' | 'anthropic' | 'google';

/** What a server does with the next questions. */
export type Behaviour =
  /** A whole answer, in these pieces. */
  | { readonly does: 'answer'; readonly pieces: readonly string[] }
  /** Some of one, and then the socket is torn down. */
  | { readonly does: 'die'; readonly pieces: readonly string[] }
  /** The same pieces for as long as anybody listens. */
  | { readonly does: 'loop'; readonly pieces: readonly string[] }
  | { readonly does: 'overloaded'; readonly retryAfter?: string }
  | { readonly does: 'rate-limited'; readonly retryAfter?: string }
  /** Answers only what was not asked to be streamed; `anyway`: as a stream all the same. */
  | { readonly does: 'refuse-streams'; readonly pieces: readonly string[]; readonly anyway?: true };

export interface Asked {
  readonly path: string;
  readonly secret: string;
  readonly json: { readonly [field: string]: unknown };
}

/** A server on 127.0.0.1 that speaks one provider's protocol, lists one model, and remembers what it was asked. */
export interface WireServer {
  readonly kind: WireKind;
  /** Provider id. */
  readonly provider: string;
  readonly model: string;
  /** The model's name where the provider lists names. */
  readonly name: string;
  /** A key of the provider's shape. */
  readonly secret: string;
  /** Base URL, as a provider's. */
  readonly url: string;
  /** Questions alone, in order. */
  readonly asked: readonly Asked[];
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

/** Tokens that every answer says it took. */
export const USED = { input: 100, output: 20 };

interface Wire {
  readonly base: string;
  readonly model: string;
  readonly name: string;
  readonly secret: string;
  readonly secretIn: string;
  readonly list: (wire: Wire) => unknown;
  readonly overloaded: { readonly status: number; readonly body: unknown };
  /** Of a 429. */
  readonly limited: unknown;
  /** Frames in front of the text, one for a piece of it, and those behind it. */
  readonly begin: readonly string[];
  readonly piece: (text: string) => string;
  readonly end: readonly string[];
  readonly whole: (text: string) => unknown;
}

const data = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const event = (type: string, rest: object = {}) => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
const chunk = (delta: object, finish: string | null = null) =>
  data({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    model: 'gpt-4.1',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
const openAiUsage = { prompt_tokens: USED.input, completion_tokens: USED.output };
const googleUsage = { promptTokenCount: USED.input, candidatesTokenCount: USED.output };

const WIRES: Readonly<Record<WireKind, Wire>> = {
  openai: {
    base: '/v1',
    model: 'gpt-4.1',
    name: 'gpt-4.1',
    secret: `sk-proj-${'openai-'.repeat(6)}`,
    secretIn: 'authorization',
    list: ({ model }) => ({ object: 'list', data: [{ id: model, object: 'model' }] }),
    overloaded: { status: 503, body: { error: { message: 'The server is overloaded', type: 'server_error' } } },
    limited: { error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' } },
    begin: [chunk({ role: 'assistant', content: '' })],
    piece: (content) => chunk({ content }),
    end: [
      chunk({}, 'stop'),
      data({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [], usage: openAiUsage }),
      'data: [DONE]\n\n',
    ],
    whole: (content) => ({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model: 'gpt-4.1',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage: openAiUsage,
    }),
  },
  anthropic: {
    base: '/v1',
    model: 'claude-haiku-4-5',
    name: 'Claude Haiku 4.5',
    secret: `sk-ant-api03-${'anthropic-'.repeat(9)}`,
    secretIn: 'x-api-key',
    list: ({ model, name }) => ({ data: [{ type: 'model', id: model, display_name: name }], has_more: false }),
    overloaded: { status: 529, body: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } } },
    limited: {
      type: 'error',
      error: { type: 'rate_limit_error', message: 'This request would exceed your rate limit.' },
    },
    begin: [
      event('message_start', {
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'claude-haiku-4-5',
          content: [],
          usage: { input_tokens: USED.input, output_tokens: 1 },
        },
      }),
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ],
    piece: (text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
    end: [
      event('content_block_stop', { index: 0 }),
      event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: USED.output } }),
      event('message_stop'),
    ],
    whole: (text) => ({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-4-5',
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      usage: { input_tokens: USED.input, output_tokens: USED.output },
    }),
  },
  google: {
    base: '/v1beta',
    model: 'gemini-2.0-flash',
    name: 'Gemini 2.0 Flash',
    secret: `AIza${'Gemini0'.repeat(5)}`,
    secretIn: 'x-goog-api-key',
    list: ({ model, name }) => ({
      models: [
        { name: `models/${model}`, displayName: name, supportedGenerationMethods: ['generateContent', 'countTokens'] },
      ],
    }),
    overloaded: {
      status: 503,
      body: { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } },
    },
    limited: { error: { code: 429, message: 'Resource has been exhausted.', status: 'RESOURCE_EXHAUSTED' } },
    begin: [],
    piece: (text) =>
      data({
        candidates: [{ content: { role: 'model', parts: [{ text }] } }],
        modelVersion: 'gemini-2.0-flash',
        responseId: 'r1',
      }),
    end: [data({ candidates: [{ content: { parts: [] }, finishReason: 'STOP' }], usageMetadata: googleUsage })],
    whole: (text) => ({
      candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP' }],
      usageMetadata: googleUsage,
      modelVersion: 'gemini-2.0-flash',
      responseId: 'r1',
    }),
  },
};

/** Starts one; until it is told to behave otherwise, it answers `OK.` */
export async function startWireServer(kind: WireKind): Promise<WireServer> {
  const wire = WIRES[kind];
  const asked: Asked[] = [];
  let behaviour: Behaviour = { does: 'answer', pieces: ['OK.'] };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    if (request.method === 'GET') return json(200, wire.list(wire));
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const question = JSON.parse(Buffer.concat(pieces).toString()) as Asked['json'];
    const path = request.url ?? '';
    asked.push({ path, secret: String(request.headers[wire.secretIn] ?? ''), json: question });
    const now = behaviour;
    if (now.does === 'overloaded' || now.does === 'rate-limited') {
      const { status, body } = now.does === 'overloaded' ? wire.overloaded : { status: 429, body: wire.limited };
      return json(status, body, now.retryAfter === undefined ? {} : { 'retry-after': now.retryAfter });
    }
    if (now.does === 'refuse-streams') {
      const streamed = question.stream === true || path.includes(':stream');
      if (!streamed && !now.anyway) return json(200, wire.whole(now.pieces.join('')));
      const message = "Unsupported value: 'stream' does not support true with this model.";
      if (streamed) return json(400, { error: { message, code: 'unsupported_value', type: 'invalid_request_error' } });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const write = (text: string) => new Promise<void>((resolve) => response.write(text, () => resolve()));
    for (const frame of wire.begin) await write(frame);
    if (now.does === 'loop') {
      const round = now.pieces.map(wire.piece).join('');
      while (!response.destroyed) await write(round.repeat(10));
      return;
    }
    for (const piece of now.pieces) await write(wire.piece(piece));
    if (now.does === 'die') {
      // What was written gets out first: a reset takes along what still waits.
      await sleep(300);
      response.socket?.resetAndDestroy();
      return;
    }
    for (const frame of wire.end) await write(frame);
    response.end();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    kind,
    provider: kind,
    model: wire.model,
    name: wire.name,
    secret: wire.secret,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${wire.base}`,
    asked,
    behave: (next) => {
      behaviour = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
