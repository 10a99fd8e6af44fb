import { afterEach, describe, expect, it } from 'vitest';
import { MODELS } from './models.ts';
import { cutInFrame, errorInStream, hangsUp, refuses, scheduled, slowStart } from './scripts.ts';
import { type ModelServer, startModelServer, TEST_KEYS } from './server.ts';
import { costOf, firstTokens, tokensOf } from './usage.ts';

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(options: Parameters<typeof startModelServer>[0] = {}): Promise<ModelServer> {
  server = await startModelServer({ speed: 1000, ...options });
  return server;
}

const chat = (on: ModelServer, body: object, options: { key?: string; base?: string; signal?: AbortSignal } = {}) =>
  fetch(`${options.base ?? on.openRouterUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${options.key ?? TEST_KEYS.good}`, 'content-type': 'application/json' },
    body: JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'Write a debounce function' }], ...body }),
    ...(options.signal ? { signal: options.signal } : {}),
  });

interface Frame {
  readonly id: string;
  readonly provider?: string;
  readonly model: string;
  readonly choices: readonly { delta: Record<string, string | null>; finish_reason: string | null }[];
  readonly usage?: { prompt_tokens: number; completion_tokens: number; cost?: number };
}

async function frames(response: Response): Promise<Frame[]> {
  const text = await response.text();
  expect(text).toMatch(/data: \[DONE\]\n\n$/);
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as Frame);
}

const textOf = (all: readonly Frame[]) => all.map((frame) => frame.choices[0]?.delta.content ?? '').join('');

describe('a model answers', () => {
  it('streams Markdown in OpenRouter form, and charges what its prices say', async () => {
    const on = await start();
    const model = MODELS.find((candidate) => candidate.id === 'anthropic/claude-sonnet-4.5')!;
    const response = await chat(on, { model: model.id });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const all = await frames(response);
    const text = textOf(all);
    expect(text).toContain('```ts');
    expect(text).toContain('Claude Sonnet 4.5');
    const usage = all.find((frame) => frame.usage)?.usage;
    expect(usage?.completion_tokens).toBe(tokensOf(text));
    expect(usage?.cost).toBe(costOf(model, usage!.prompt_tokens, usage!.completion_tokens));
    expect(usage?.cost).toBeGreaterThan(0);
    expect(all[0]?.id).toMatch(/^gen-/);
    expect(all[0]?.provider).toBe('Anthropic');
    const [exchange] = on.journal.chats();
    expect(exchange?.sent.length).toBeGreaterThan(20);
    expect((await on.journal.until((e) => e.closedBy !== undefined)).closedBy).toBe('server');
  });

  it('stops at the maximum it was given', async () => {
    const on = await start();
    const all = await frames(await chat(on, { model: 'openai/gpt-4.1', max_tokens: 12 }));
    expect(tokensOf(textOf(all))).toBeLessThanOrEqual(12);
    expect(all.find((frame) => frame.usage)?.usage?.completion_tokens).toBeLessThanOrEqual(12);
    expect(all.some((frame) => frame.choices[0]?.finish_reason === 'length')).toBe(true);
  });

  it('leaves the cost out where the model is said to', async () => {
    const on = await start();
    const all = await frames(await chat(on, { model: 'meta-llama/llama-3.3-70b-instruct' }));
    const usage = all.find((frame) => frame.usage)?.usage;
    expect(usage?.completion_tokens).toBeGreaterThan(0);
    expect(usage).not.toHaveProperty('cost');
  });

  it('thinks first where the model does, and counts it', async () => {
    const on = await start();
    const all = await frames(await chat(on, { model: 'deepseek/deepseek-r1' }));
    const first = all.findIndex((frame) => frame.choices[0]?.delta.reasoning_content);
    const text = all.findIndex((frame) => frame.choices[0]?.delta.content);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(text);
  });

  it('answers on the plain OpenAI side, without a provider or a cost', async () => {
    const on = await start();
    const list = await (
      await fetch(`${on.openAiUrl}/models`, { headers: { authorization: 'Bearer sk-abcdefghijklmnopqrst' } })
    ).json();
    expect(list.data.map((model: { id: string }) => model.id)).toContain('gpt-4o');
    const all = await frames(
      await chat(
        on,
        { model: 'gpt-4o', stream_options: { include_usage: true } },
        { base: on.openAiUrl, key: 'sk-abcdefghijklmnopqrst' },
      ),
    );
    expect(all[0]?.id).toMatch(/^chatcmpl-/);
    expect(all[0]).not.toHaveProperty('provider');
    expect(all.find((frame) => frame.usage)?.usage).not.toHaveProperty('cost');
  });
});

describe('a request is refused', () => {
  it.each([
    ['wrong', 401],
    ['over-limit', 403],
    ['no-credit', 402],
  ] as const)('with a key that is %s', async (standing, status) => {
    const on = await start();
    const response = await chat(on, { model: 'openai/gpt-4.1' }, { key: TEST_KEYS[standing] });
    expect(response.status).toBe(status);
    expect((await response.json()).error.code).toBe(status);
  });

  it('with a malformed key or none', async () => {
    const on = await start();
    expect((await chat(on, { model: 'openai/gpt-4.1' }, { key: 'sk-or-v1-short' })).status).toBe(401);
    expect((await fetch(`${on.openRouterUrl}/key`)).status).toBe(401);
  });

  it('for an unknown model, and above the price limit it carries', async () => {
    const on = await start();
    expect((await chat(on, { model: 'nobody/nothing' })).status).toBe(404);
    const limit = (prompt: string) => ({
      model: 'openai/gpt-4.1',
      provider: { max_price: { prompt, completion: '8' } },
    });
    expect((await chat(on, limit('1.99'))).status).toBe(404);
    expect((await chat(on, limit('2'))).status).toBe(200);
  });
});

describe('the tables', () => {
  it('lists models with prices, one of them free and one unknown, to anybody', async () => {
    const on = await start();
    const { data } = await (await fetch(`${on.openRouterUrl}/models`)).json();
    const prices = data.map((model: { pricing: { prompt: string } }) => model.pricing.prompt);
    expect(data.length).toBe(MODELS.length);
    expect(prices).toContain('0');
    expect(prices).toContain('-1');
  });

  it('lets pages read it, and only with the headers OpenRouter allows', async () => {
    const on = await start();
    const preflight = await fetch(`${on.openRouterUrl}/chat/completions`, { method: 'OPTIONS' });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
    const closed = await startModelServer({ cors: false });
    try {
      const response = await fetch(`${closed.openRouterUrl}/models`);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    } finally {
      await closed.close();
    }
  });

  it('keeps a record of an answer that the client cut short', async () => {
    const on = await start();
    on.script('openai/gpt-4.1', scheduled(['one ', 'two ', 'three '], 60_000));
    const stop = new AbortController();
    const response = await chat(on, { model: 'openai/gpt-4.1' }, { signal: stop.signal });
    const first = new TextDecoder().decode((await response.body!.getReader().read()).value);
    const id = (JSON.parse(first.slice('data: '.length)) as Frame).id;
    stop.abort();
    const exchange = await on.journal.until((e) => e.closedBy !== undefined);
    expect(exchange.closedBy).toBe('client');
    expect(exchange.sent.length).toBe(1);
    const record = await (
      await fetch(`${on.openRouterUrl}/generation?id=${id}`, { headers: { authorization: `Bearer ${TEST_KEYS.good}` } })
    ).json();
    expect(record.data).toMatchObject({ cancelled: true, native_tokens_completion: 1 });
  });
});

describe('scripts', () => {
  it('follow the newest rule until it is removed', async () => {
    const on = await start();
    const remove = on.script('openai/gpt-4.1', slowStart(5, 'scripted'));
    expect(textOf(await frames(await chat(on, { model: 'openai/gpt-4.1' })))).toBe('scripted');
    remove();
    expect(textOf(await frames(await chat(on, { model: 'openai/gpt-4.1' })))).toContain('GPT-4.1');
  });

  it('break in the ways providers do', async () => {
    const on = await start();
    const all = () => true;
    on.script(all, cutInFrame('half'));
    expect(await (await chat(on, { model: 'x' })).text()).not.toContain('[DONE]');
    on.script(all, errorInStream('some'));
    expect(await (await chat(on, { model: 'x' })).text()).toContain('"finish_reason":"error"');
    on.script(all, refuses(429, 'slow down', { headers: { 'retry-after': '7' } }));
    const refused = await chat(on, { model: 'x' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    on.script(all, hangsUp);
    await expect(chat(on, { model: 'x' })).rejects.toThrow();
  });
});

describe('arithmetic', () => {
  it('cuts text at whole characters', () => {
    expect(firstTokens('äöüß äöüß', 1)).toBe('äö');
    expect(firstTokens('€€€', 1)).toBe('€');
    expect(firstTokens('short', 10)).toBe('short');
  });
});
