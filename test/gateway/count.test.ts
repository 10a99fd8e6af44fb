import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ChatEvent,
  createGateway,
  createMemoryLedger,
  createMemoryVault,
  type Model,
  type ProviderOverrides,
} from '@patchbay/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/** $1 and $10 a million tokens: a cent holds 1,000 tokens of answer, or 10,000 of question. */
const PRICE = { input: '0.000001', output: '0.00001' };
const CENT = 10_000_000n;

interface Asked {
  readonly path: string;
  readonly auth: string | undefined;
  readonly body: { readonly [field: string]: unknown };
}

let asked: Asked[] = [];
/** What the count endpoint answers: a status, and a body. */
let count: readonly [number, string] = [200, '{}'];

const ANSWERS: readonly (readonly [RegExp, string])[] = [
  [
    /\/v1\/messages$/,
    [
      { type: 'message_start', message: { id: 'a', model: 'm', content: [], usage: { input_tokens: 700 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Yes.' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
      { type: 'message_stop' },
    ]
      .map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`)
      .join(''),
  ],
  [
    /:streamGenerateContent/,
    `data: ${JSON.stringify({
      candidates: [{ content: { role: 'model', parts: [{ text: 'Yes.' }] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 700, candidatesTokenCount: 2 },
    })}\n\n`,
  ],
  [
    /\/responses$/,
    [
      { type: 'response.created', response: { id: 'r', model: 'm' } },
      { type: 'response.output_text.delta', output_index: 0, delta: 'Yes.' },
      {
        type: 'response.completed',
        response: { status: 'completed', output: [], usage: { input_tokens: 700, output_tokens: 2 } },
      },
    ]
      .map((one) => `data: ${JSON.stringify(one)}\n\n`)
      .join(''),
  ],
];

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const path = request.url ?? '';
    const auth = request.headers['x-api-key'] ?? request.headers['x-goog-api-key'] ?? request.headers.authorization;
    asked.push({ path, auth: auth as string | undefined, body: JSON.parse(Buffer.concat(chunks).toString()) });
    const stream = ANSWERS.find(([pattern]) => pattern.test(path))?.[1];
    if (stream !== undefined) response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream);
    else response.writeHead(count[0], { 'content-type': 'application/json' }).end(count[1]);
  });
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
});

/** Asks about so many bytes with a key of one cent. */
async function ask(provider: string, base: string, bytes: number, overrides?: ProviderOverrides) {
  let ids = 0;
  const newId = () => `id-${++ids}`;
  const ledger = createMemoryLedger();
  const vault = createMemoryVault({ raisePolicy: ledger.raisePolicy, now: Date.now, newId });
  const key = await vault.add({
    ...{ label: 'Work', provider, baseUrl: origin + base, secret: 'secret-0123456789' },
    ...(overrides && { overrides }),
    caps: [{ limit: CENT, window: 'day' }],
  });
  const model: Model = { id: 'm', provider, source: 'live', price: PRICE, contextTokens: 200_000 };
  const gateway = createGateway({
    ...{ fetch, vault, ledger, newId },
    catalog: { find: async () => model, list: async () => [model] },
    blob: async () => undefined,
    owner: { id: 'owner', leaseMs: 30_000 },
    now: Date.now,
  });
  const events: ChatEvent[] = [];
  const request = {
    choice: { provider, model: 'm', keyId: key.id },
    messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'x'.repeat(bytes) }] }],
    maxOutputTokens: 500,
  };
  for await (const batch of gateway.chat(request, { runId: 'run', signal: new AbortController().signal })) {
    events.push(...batch);
  }
  const status = await ledger.status(key.fingerprint, key.policy.caps);
  const finish = events.find((event) => event.type === 'finish');
  return { events, failure: finish?.failure, spent: status.caps[0]?.spent, text: JSON.stringify(events) };
}

describe.each([
  ['anthropic', '/v1', undefined, '/v1/messages/count_tokens', { input_tokens: 1_000 }],
  ['google', '/v1beta', undefined, '/v1beta/models/m:countTokens', { totalTokens: 1_000 }],
  ['openai', '/v1', { dialect: 'openai-responses' as const }, '/v1/responses/input_tokens', { input_tokens: 1_000 }],
])('the free count of %s', (provider, base, overrides, path, answer) => {
  it('lets through what the length of the text alone would have refused', async () => {
    count = [200, JSON.stringify(answer)];
    const { failure, text, spent } = await ask(provider, base, 12_000, overrides);
    expect(failure).toBeUndefined();
    expect(text).toContain('Yes.');
    expect(spent).toBe(720_000n);
    expect(asked.map((one) => one.path.split('?')[0])).toEqual([path, expect.not.stringContaining('ount')]);
    const [counted, sent] = asked as [Asked, Asked];
    expect(counted.auth).toBe(sent.auth);
    // The same words are counted; how long the answer may be is none of the count's business.
    expect(JSON.stringify(counted.body)).toContain('x'.repeat(12_000));
    if (provider !== 'google') expect(JSON.stringify(counted.body)).not.toMatch(/"max_|"stream/);
    else expect(counted.body).toMatchObject({ generateContentRequest: { model: 'models/m' } });
  });

  it('is asked once, and not believed over the cap', async () => {
    count = [200, JSON.stringify(answer).replace('1000', '9500')];
    const { failure, spent } = await ask(provider, base, 12_000, overrides);
    expect(failure).toMatchObject({ kind: 'cap' });
    expect(asked).toHaveLength(1);
    expect(spent).toBe(0n);
  });
});

describe('the free count', () => {
  it('is not asked for where the text fits, nor where not even the fewest tokens would', async () => {
    count = [200, '{"input_tokens":1}'];
    await ask('anthropic', '/v1', 2_000);
    expect(asked.map((one) => one.path)).toEqual(['/v1/messages']);
    asked = [];
    expect((await ask('anthropic', '/v1', 90_000)).failure).toMatchObject({ kind: 'cap' });
    expect(asked).toEqual([]);
  });

  it.each([
    [404, 'not here'],
    [200, 'not JSON'],
    [200, 'null'],
    [200, '{"input_tokens":"12"}'],
    [200, '{"input_tokens":-5}'],
    [400, '{"type":"error","error":{"type":"invalid_request_error","message":"tools.0: not supported here"}}'],
  ] as const)('says nothing where it fails (quirk 102) or answers %s with %s', async (status, body) => {
    count = [status, body];
    const { failure, spent } = await ask('anthropic', '/v1', 12_000);
    expect(failure).toMatchObject({ kind: 'cap' });
    expect(failure?.message).toContain('m was not asked and nothing was spent');
    expect(asked.map((one) => one.path)).toEqual(['/v1/messages/count_tokens']);
    expect(spent).toBe(0n);
  });
});
