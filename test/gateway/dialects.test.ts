import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LLMock } from '@copilotkit/aimock';
import {
  type ChatEvent,
  type ChatRequest,
  createFold,
  createGateway,
  createMemoryLedger,
  createMemoryVault,
  type Gateway,
  type Key,
  type Ledger,
  type Message,
  type ProviderOverrides,
  type Vault,
} from '@patchbay/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/** Each dialect with a provider of its own, over real HTTP. */
interface Wire {
  readonly provider: string;
  /** Behind the server's address. */
  readonly base: string;
  readonly overrides?: ProviderOverrides;
  readonly path: RegExp;
  /** Header that carries the secret, and what stands in it. */
  readonly auth: readonly [string, string];
  /** A whole stream, its frames one by one; the text in it is `Grüße 🌊`. */
  readonly frames: readonly string[];
  /** The error that this provider answers an overload with. */
  readonly overload: { readonly status: number; readonly body: string };
}

const SECRET = 'secret-0123456789';
const event = (type: string, rest: object = {}) => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
const data = (value: object) => `data: ${JSON.stringify(value)}\r\n\r\n`;

const WIRES: Readonly<Record<string, Wire>> = {
  'anthropic-messages': {
    provider: 'anthropic',
    base: '/v1',
    path: /^\/v1\/messages$/,
    auth: ['x-api-key', SECRET],
    frames: [
      event('message_start', {
        message: { id: 'msg_1', model: 'm', content: [], usage: { input_tokens: 7, output_tokens: 1 } },
      }),
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Grüße ' } }),
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: '🌊' } }),
      event('content_block_stop', { index: 0 }),
      event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }),
      event('message_stop'),
    ],
    overload: { status: 529, body: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}' },
  },
  'openai-responses': {
    provider: 'openai',
    base: '/v1',
    overrides: { dialect: 'openai-responses' },
    path: /^\/v1\/responses$/,
    auth: ['authorization', `Bearer ${SECRET}`],
    frames: [
      event('response.created', { response: { id: 'resp_1', model: 'm' } }),
      event('response.output_item.added', { output_index: 0, item: { type: 'message', id: 'msg_1', content: [] } }),
      event('response.output_text.delta', { output_index: 0, delta: 'Grüße ' }),
      event('response.output_text.delta', { output_index: 0, delta: '🌊' }),
      event('response.completed', {
        response: { status: 'completed', output: [], usage: { input_tokens: 7, output_tokens: 5 } },
      }),
    ],
    overload: { status: 503, body: '{"error":{"message":"The server is overloaded","type":"server_error"}}' },
  },
  gemini: {
    provider: 'google',
    base: '/v1beta',
    path: /^\/v1beta\/models\/m:streamGenerateContent\?alt=sse$/,
    auth: ['x-goog-api-key', SECRET],
    frames: [
      data({ candidates: [{ content: { parts: [{ text: 'Grüße ' }] } }], modelVersion: 'm', responseId: 'r' }),
      data({ candidates: [{ content: { parts: [{ text: '🌊' }] } }] }),
      data({
        candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 5 },
      }),
    ],
    overload: {
      status: 503,
      body: '[{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}]',
    },
  },
  cohere: {
    provider: 'cohere',
    base: '/v2',
    path: /^\/v2\/chat$/,
    auth: ['authorization', `Bearer ${SECRET}`],
    frames: [
      event('message-start', { id: 'c_1' }),
      event('content-start', { index: 0, delta: { message: { content: { type: 'text', text: '' } } } }),
      event('content-delta', { index: 0, delta: { message: { content: { text: 'Grüße ' } } } }),
      event('content-delta', { index: 0, delta: { message: { content: { text: '🌊' } } } }),
      event('message-end', {
        delta: { finish_reason: 'COMPLETE', usage: { billed_units: { input_tokens: 7, output_tokens: 5 } } },
      }),
    ],
    overload: { status: 503, body: '{"message":"The server is overloaded, please try again"}' },
  },
};

const dialects = Object.entries(WIRES).map(([name, wire]) => ({ name, ...wire }));
/** $1 and $10 a million tokens: 7 in and 5 out make $0.000057. */
const PRICE = { input: '0.000001', output: '0.00001' };
const CENT = 10_000_000n;

let vault: Vault;
let ledger: Ledger;
let gateway: Gateway;
let ids = 0;

beforeEach(() => {
  vault = createMemoryVault({
    raisePolicy: (account, version) => ledger.raisePolicy(account, version),
    now: Date.now,
    newId: () => `key-${++ids}`,
  });
  ledger = createMemoryLedger();
  gateway = createGateway({
    fetch,
    vault,
    ledger,
    catalog: {
      find: async (provider, id) => ({ id, provider, source: 'live', price: PRICE, contextTokens: 200_000 }),
      list: async () => [],
    },
    blob: async () => undefined,
    owner: { id: 'owner', leaseMs: 30_000 },
    now: Date.now,
    newId: () => `id-${++ids}`,
  });
});

const addKey = (wire: Wire, address: string, limit = CENT * 100n): Promise<Key> =>
  vault.add({
    label: 'Work',
    provider: wire.provider,
    baseUrl: address + wire.base,
    secret: SECRET,
    caps: [{ limit, window: 'day' }],
    ...(wire.overrides && { overrides: wire.overrides }),
  });

const question: Message = { role: 'user', parts: [{ type: 'text', text: 'Hello' }] };

async function run(wire: Wire, key: Key, more: Partial<ChatRequest> = {}, signal = new AbortController().signal) {
  const events: ChatEvent[] = [];
  const request: ChatRequest = {
    choice: { provider: wire.provider, model: 'm', keyId: key.id },
    messages: [question],
    maxOutputTokens: 1_000,
    ...more,
  };
  for await (const batch of gateway.chat(request, { runId: `run-${++ids}`, signal })) events.push(...batch);
  const fold = createFold({ provider: wire.provider, model: 'm' });
  fold.push(events);
  const answer = fold.answer();
  const cost = events.find((one) => one.type === 'cost');
  const status = await ledger.status(key.fingerprint, key.policy.caps);
  return {
    events,
    answer,
    text: answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    finish: answer.finish,
    cost,
    left: status.caps[0]?.left,
  };
}

/** A server that writes what it is told, however it is told to. */
interface RawServer {
  readonly url: string;
  readonly requests: {
    readonly path: string;
    readonly headers: NodeJS.Dict<string | string[]>;
    readonly body: string;
  }[];
  answer: (
    write: (bytes: Uint8Array) => Promise<void>,
    end: () => void,
    cut: () => void,
    /** The client has closed the connection. */
    closed: Promise<void>,
  ) => Promise<void> | void;
  status: number;
}

let raw: RawServer;
let rawHttp: Server;
let mock: LLMock;

beforeAll(async () => {
  rawHttp = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', async () => {
      raw.requests.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(raw.status, { 'content-type': raw.status === 200 ? 'text/event-stream' : 'application/json' });
      const closed = new Promise<void>((resolve) => response.once('close', resolve));
      const write = (bytes: Uint8Array) => new Promise<void>((resolve) => response.write(bytes, () => resolve()));
      await raw.answer(
        write,
        () => response.end(),
        () => response.destroy(),
        closed,
      );
    });
  });
  await new Promise<void>((resolve) => rawHttp.listen(0, '127.0.0.1', resolve));
  raw = {
    url: `http://127.0.0.1:${(rawHttp.address() as AddressInfo).port}`,
    requests: [],
    answer: () => undefined,
    status: 200,
  };
  mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' });
  await mock.start();
});
afterAll(async () => {
  rawHttp.closeAllConnections();
  await new Promise((resolve) => rawHttp.close(resolve));
  await mock.stop();
});
afterEach(() => {
  raw.requests.length = 0;
  raw.status = 200;
  mock.clearFixtures();
});

const bytes = (text: string) => new TextEncoder().encode(text);

describe.each(dialects)('$name over real HTTP', (wire) => {
  const usage = {
    prompt_tokens: 7,
    completion_tokens: 5,
    input_tokens: 7,
    output_tokens: 5,
    promptTokenCount: 7,
    candidatesTokenCount: 5,
  };

  it('answers, is billed to the token, and sends its key in its own header', async () => {
    mock.on({}, { content: 'It works, in many small pieces.', usage }, { chunkSize: 4 });
    const key = await addKey(wire, mock.url);
    const { text, finish, cost, left } = await run(wire, key);
    expect(text).toBe('It works, in many small pieces.');
    expect(finish?.reason).toBe('stop');
    expect(cost).toMatchObject({ usd: '0.000057', source: 'price-table' });
    expect(left).toBe(CENT * 100n - 57_000n);
  });

  it('carries a tool turn there and back', async () => {
    mock.on({ hasToolResult: false }, { toolCalls: [{ name: 'weather', arguments: '{"city":"Bern"}' }], usage });
    mock.on({}, { content: 'Sunny.', usage });
    const key = await addKey(wire, mock.url);
    const tools = [{ name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } }];
    const first = await run(wire, key, { tools });
    expect(first.finish?.reason).toBe('tool-calls');
    const call = first.answer.parts.find((part) => part.type === 'tool-call');
    expect(call).toMatchObject({ name: 'weather' });
    expect(JSON.parse(call?.type === 'tool-call' ? call.arguments : '')).toEqual({ city: 'Bern' });
    const result: Message = {
      role: 'tool',
      parts: [
        {
          type: 'tool-result',
          callId: call?.type === 'tool-call' ? call.callId : '',
          name: 'weather',
          content: [{ type: 'text', text: 'sun' }],
        },
      ],
    };
    const second = await run(wire, key, {
      tools,
      messages: [question, { role: 'assistant', parts: first.answer.parts }, result],
    });
    expect(second.text).toBe('Sunny.');
  });

  it('reads a stream cut into single bytes, characters and line ends included', async () => {
    raw.answer = async (write, end) => {
      const all = bytes(wire.frames.join('').replaceAll(/\r?\n/g, '\r\n'));
      for (let at = 0; at < all.length; at += 3) await write(all.subarray(at, at + 3));
      end();
    };
    const key = await addKey(wire, raw.url);
    const { text, cost } = await run(wire, key);
    expect(text).toBe('Grüße 🌊');
    expect(cost).toMatchObject({ usd: '0.000057' });
    expect(raw.requests[0]?.path).toMatch(wire.path);
    const [header, value] = wire.auth;
    expect(raw.requests[0]?.headers[header]).toBe(value);
    expect(raw.requests[0]?.body).not.toContain(SECRET);
  });

  it('keeps what came before a connection broke inside of a frame', async () => {
    raw.answer = async (write, _end, cut) => {
      const text = wire.frames.join('');
      await write(bytes(text.slice(0, text.indexOf('🌊') + 2)));
      await sleep(50);
      cut();
    };
    const key = await addKey(wire, raw.url);
    const { text, finish, left } = await run(wire, key);
    expect(text).toBe('Grüße ');
    expect(finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'truncated' } });
    // What it cost is not known: it stays counted.
    expect(left).toBeLessThan(CENT * 100n - 57_000n);
  });

  it('gives the money back where it was overloaded', async () => {
    raw.status = wire.overload.status;
    raw.answer = async (write, end) => {
      await write(bytes(wire.overload.body));
      end();
    };
    const key = await addKey(wire, raw.url);
    const { finish, left } = await run(wire, key);
    expect(finish?.failure).toMatchObject({ kind: 'overloaded', fallbackable: true, status: wire.overload.status });
    expect(left).toBe(CENT * 100n);
  });

  it('sends nothing that the cap does not hold', async () => {
    const key = await addKey(wire, raw.url, 100n);
    const { finish } = await run(wire, key);
    expect(finish?.failure?.kind).toBe('cap');
    expect(raw.requests).toHaveLength(0);
  });

  it('stops at once when the user says so', async () => {
    const stop = new AbortController();
    let closed: Promise<void> | undefined;
    raw.answer = async (write, _end, _cut, whenClosed) => {
      closed = whenClosed;
      await write(bytes(wire.frames.slice(0, 3).join('')));
      stop.abort();
    };
    const key = await addKey(wire, raw.url);
    const { finish } = await run(wire, key, {}, stop.signal);
    expect(finish?.failure?.kind).toBe('aborted');
    await closed;
  });
});
