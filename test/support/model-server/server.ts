import { createHash } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LLMock } from '@copilotkit/aimock';
import { startAimock } from './aimock.ts';
import { createGenerations, type Generations } from './generations.ts';
import { createJournal, type Exchange, type Journal, type JournalWriter } from './journal.ts';
import { MODELS, OPENAI_MODELS, openAiModel, openRouterModel, type ServedModel } from './models.ts';
import { ClientGone, createStage, type Script } from './stage.ts';
import { aboveLimit } from './usage.ts';

/** How the server treats a key it is shown. */
export type KeyStanding = 'good' | 'wrong' | 'over-limit' | 'no-credit';

const testKey = (standing: string) =>
  `sk-or-v1-${createHash('sha256').update(`patchbay test key: ${standing}`).digest('hex')}`;

/** Keys of the right shape, one for each standing. Any other key of that shape is good, any other shape is wrong. */
export const TEST_KEYS: Readonly<Record<KeyStanding, string>> = {
  good: testKey('good'),
  wrong: testKey('wrong'),
  'over-limit': testKey('over-limit'),
  'no-credit': testKey('no-credit'),
};

export interface ModelServerOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** How many times faster than life it streams. Default 1. */
  readonly speed?: number;
  /** False: no CORS headers, so that only a host permission lets a browser read the answers. Default true. */
  readonly cors?: boolean;
  /** Served beside the standard ones. */
  readonly extraModels?: readonly ServedModel[];
}

/** A server that speaks OpenRouter's wire at `openRouterUrl` and OpenAI's at `openAiUrl`, and remembers what it saw. */
export interface ModelServer {
  readonly origin: string;
  /** Base URL, as a provider's: `http://127.0.0.1:<port>/api/v1`. */
  readonly openRouterUrl: string;
  /** Base URL of the plain OpenAI-compatible side. */
  readonly openAiUrl: string;
  readonly journal: Journal;
  /**
   * From now on, requests that satisfy `when` are answered by the script; the newest rule wins. Returns a function that
   * removes the rule. A string stands for a model id.
   */
  script(when: string | ((exchange: Exchange) => boolean), script: Script): () => void;
  close(): Promise<void>;
}

/** What OpenRouter lets a page send; anything else fails the preflight, as it would there. */
const ALLOWED_HEADERS =
  'Authorization, Content-Type, Accept, HTTP-Referer, X-Title, X-OpenRouter-Title, X-OpenRouter-Categories, X-OpenRouter-Metadata, X-Session-Id';

/** Largest request body taken, bytes. */
const BODY_LIMIT = 64 * 1024 * 1024;

/** Starts the server on 127.0.0.1. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const models = [...MODELS, ...(options.extraModels ?? [])];
  const aimock = await startAimock([...models, ...OPENAI_MODELS], options.speed ?? 1);
  const journal = createJournal();
  const generations = createGenerations(models);
  const rules: { readonly when: (exchange: Exchange) => boolean; readonly script: Script }[] = [];
  const cors: Readonly<Record<string, string>> =
    options.cors === false
      ? {}
      : { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'X-Generation-Id,cf-ray' };

  const world: World = { models, aimock, journal, generations, rules, cors };
  const server = createServer((request, response) => {
    handle(world, request, response).catch((error: unknown) => {
      if (!(error instanceof ClientGone)) response.destroy();
    });
  });
  // A browser may keep a silent connection for minutes; nothing here may end it first.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    openRouterUrl: `${origin}/api/v1`,
    openAiUrl: `${origin}/v1`,
    journal,
    script: (when, script) => {
      const rule = { when: typeof when === 'string' ? (e: Exchange) => e.json?.model === when : when, script };
      rules.unshift(rule);
      return () => {
        const at = rules.indexOf(rule);
        if (at >= 0) rules.splice(at, 1);
      };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await aimock.stop();
    },
  };
}

interface World {
  readonly models: readonly ServedModel[];
  readonly aimock: LLMock;
  readonly journal: JournalWriter;
  readonly generations: Generations;
  readonly rules: readonly { readonly when: (exchange: Exchange) => boolean; readonly script: Script }[];
  readonly cors: Readonly<Record<string, string>>;
}

async function handle(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { journal, cors } = world;
  const url = new URL(request.url ?? '/', 'http://server.invalid');
  if (request.method === 'OPTIONS') {
    const preflight = {
      'access-control-allow-methods': 'GET,OPTIONS,PATCH,DELETE,POST,PUT',
      'access-control-allow-headers': ALLOWED_HEADERS,
      'access-control-max-age': '86400',
    };
    response.writeHead(204, cors['access-control-allow-origin'] ? { ...cors, ...preflight } : {});
    response.end();
    return;
  }
  const body = await read(request);
  const exchange = journal.add({
    at: Date.now(),
    method: request.method ?? 'GET',
    path: url.pathname,
    headers: flat(request),
    body,
    json: parse(body),
  });
  response.on('close', () => {
    exchange.closedBy ??= response.writableFinished ? 'server' : 'client';
    exchange.closedAt = Date.now();
    world.generations.closed(exchange);
    journal.changed();
  });
  const stage = createStage(exchange, response, cors, (text) => {
    if (text) {
      exchange.sent.push({ at: Date.now(), text });
      world.generations.sent(exchange, text);
    }
    journal.changed();
  });
  const scripted = world.rules.find((rule) => rule.when(exchange));
  if (scripted) {
    await scripted.script(stage);
    return;
  }
  const refusal = refuse(world, exchange);
  if (refusal) {
    stage.json(refusal.status, { error: { message: refusal.message, code: refusal.status } });
    return;
  }
  const answer = lookup(world, exchange, url);
  if (answer) stage.json(answer.status, answer.body);
  else forward(world, exchange, request, response, body);
}

/** Everything that is answered from tables. */
function lookup(world: World, exchange: Exchange, url: URL): { status: number; body: unknown } | undefined {
  if (exchange.method === 'POST' && /^\/(api\/)?v1\/chat\/completions$/.test(url.pathname)) return undefined;
  if (exchange.method === 'GET') {
    switch (url.pathname) {
      case '/api/v1/models':
        return { status: 200, body: { data: world.models.map(openRouterModel) } };
      case '/v1/models':
        return { status: 200, body: { object: 'list', data: OPENAI_MODELS.map(openAiModel) } };
      case '/api/v1/key':
        return { status: 200, body: { data: keyRecord(secretOf(exchange)) } };
      case '/api/v1/generation': {
        const record = world.generations.find(url.searchParams.get('id') ?? '');
        return record
          ? { status: 200, body: { data: record } }
          : { status: 404, body: { error: { message: 'Generation not found', code: 404 } } };
      }
    }
  }
  return { status: 404, body: { error: { message: 'Not Found', code: 404 } } };
}

/** What a real provider would refuse before any model sees it. */
function refuse(world: World, exchange: Exchange): { status: number; message: string } | undefined {
  const openRouter = exchange.path.startsWith('/api/v1/');
  const listing = exchange.path.endsWith('/models');
  // OpenRouter's list is public; OpenAI's is not.
  if (openRouter && listing) return undefined;
  const standing = standingOf(secretOf(exchange), openRouter);
  if (standing === 'none') return { status: 401, message: 'No auth credentials found' };
  if (standing === 'wrong') {
    return { status: 401, message: openRouter ? 'User not found.' : 'Incorrect API key provided.' };
  }
  if (!exchange.path.endsWith('/chat/completions')) return undefined;
  if (standing === 'over-limit') {
    return {
      status: 403,
      message: 'Key limit exceeded (daily limit). Manage it using https://openrouter.ai/settings/keys',
    };
  }
  if (standing === 'no-credit') {
    return {
      status: 402,
      message: 'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
    };
  }
  const id = String(exchange.json?.model ?? '');
  const known = openRouter ? world.models : OPENAI_MODELS;
  const model = known.find((candidate) => candidate.id === id);
  if (!model) return { status: 404, message: `No endpoints found for ${id}.` };
  const routing = exchange.json?.provider as { max_price?: { prompt?: unknown; completion?: unknown } } | undefined;
  if (openRouter && aboveLimit(model, routing?.max_price)) {
    return { status: 404, message: `No endpoints found for ${id} within the requested max_price.` };
  }
  return undefined;
}

function standingOf(secret: string, openRouter: boolean): KeyStanding | 'none' {
  if (!secret) return 'none';
  for (const [standing, key] of Object.entries(TEST_KEYS)) if (secret === key) return standing as KeyStanding;
  const shape = openRouter ? /^sk-or-v1-[0-9a-f]{64}$/ : /^sk-[A-Za-z0-9_-]{16,}$/;
  return shape.test(secret) ? 'good' : 'wrong';
}

const secretOf = (exchange: Exchange) => /^Bearer (\S+)$/.exec(exchange.headers.authorization ?? '')?.[1] ?? '';

function keyRecord(secret: string): object {
  const limited = secret === TEST_KEYS['over-limit'];
  return {
    label: `${secret.slice(0, 12)}...${secret.slice(-3)}`,
    limit: limited ? 5 : null,
    limit_remaining: limited ? 0 : null,
    limit_reset: limited ? 'daily' : null,
    usage: limited ? 5 : 0,
    usage_daily: limited ? 5 : 0,
    is_free_tier: false,
    is_provisioning_key: false,
    rate_limit: { interval: '10s', requests: 1000, note: 'deprecated' },
  };
}

/** Hands a well-formed chat request to aimock over HTTP, and its answer back as it comes. */
function forward(
  world: World,
  exchange: Exchange,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): void {
  const target = new URL(exchange.path, world.aimock.url);
  const upstream = httpRequest(
    target,
    { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } },
    (answer) => {
      exchange.status = answer.statusCode ?? 502;
      response.writeHead(exchange.status, {
        'content-type': answer.headers['content-type'] ?? 'application/json',
        'cache-control': 'no-cache',
        ...world.cors,
      });
      response.flushHeaders();
      world.journal.changed();
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        exchange.sent.push({ at: Date.now(), text });
        world.generations.sent(exchange, text);
        response.write(text);
        world.journal.changed();
      });
      answer.on('end', () => response.end());
      answer.on('error', () => response.destroy());
    },
  );
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  request.on('error', () => upstream.destroy());
  upstream.end(body);
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error('request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(body: string): Exchange['json'] {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function flat(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
