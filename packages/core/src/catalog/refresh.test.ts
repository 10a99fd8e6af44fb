import { describe, expect, test } from 'vitest';
import type { Provider } from '../providers/provider.ts';
import { resolveProvider } from '../providers/registry.ts';
import { refreshModels } from './refresh.ts';

const openrouter = resolveProvider({ provider: 'openrouter', baseUrl: '' });
const custom = resolveProvider({ provider: 'custom', baseUrl: 'https://host.example/v1' });
const ollama = resolveProvider({ provider: 'ollama', baseUrl: '' });
const SECRET = 'sk-or-v1-very-secret';

function ask(
  provider: Provider,
  answer: (url: string, init: RequestInit) => Response | Promise<Response>,
  secret = SECRET,
) {
  const fetch = (async (url: string, init: RequestInit) => answer(url, init)) as typeof globalThis.fetch;
  return refreshModels({ provider, keyId: 'k1', secret, fetch, now: () => 42 });
}

describe('refreshModels', () => {
  test('asks the provider’s own address with the key, and hands back a list to store', async () => {
    let asked: { url: string; init: RequestInit } | undefined;
    const outcome = await ask(openrouter, (url, init) => {
      asked = { url, init };
      return Response.json({ data: [{ id: 'a/b', pricing: { prompt: '0.1', completion: '0.2' } }, { id: 7 }] });
    });
    expect(outcome).toEqual({
      ok: true,
      dropped: 1,
      list: {
        v: 1,
        provider: 'openrouter',
        keyId: 'k1',
        baseUrl: 'https://openrouter.ai/api/v1',
        complete: true,
        models: [{ id: 'a/b', price: { input: '0.1', output: '0.2' } }],
        fetchedAt: 42,
      },
    });
    expect(asked?.url).toBe('https://openrouter.ai/api/v1/models');
    expect(new Headers(asked?.init.headers).get('authorization')).toBe(`Bearer ${SECRET}`);
    expect(asked?.init.redirect).toBe('manual');
    expect(asked?.init.credentials).toBe('omit');
    expect(JSON.stringify(outcome)).not.toContain(SECRET);
  });

  test.each([
    [
      'cohere',
      'https://api.cohere.com/v1/models?endpoint=chat&page_size=1000',
      { models: [{ name: 'command-a-03-2025', endpoints: ['chat'], context_length: 288_000 }] },
      { id: 'command-a-03-2025', contextTokens: 288_000 },
    ],
    [
      'minimax',
      'https://api.minimax.io/anthropic/v1/models',
      {
        data: [{ id: 'MiniMax-M3', created_at: '2026-06-01T00:00:00Z', display_name: 'MiniMax-M3', type: 'model' }],
        has_more: false,
      },
      { id: 'MiniMax-M3' },
    ],
    [
      'github',
      'https://models.github.ai/catalog/models',
      [{ id: 'openai/gpt-4.1', limits: { max_input_tokens: 1_048_576, max_output_tokens: 32_768 } }],
      { id: 'openai/gpt-4.1', contextTokens: 1_048_576, maxOutputTokens: 32_768 },
    ],
  ])('asks %s where it keeps its list, and reads it in its shape', async (id, url, body, model) => {
    let asked = '';
    const outcome = await ask(resolveProvider({ provider: id, baseUrl: '' }), (at) => {
      asked = at;
      return Response.json(body);
    });
    expect(asked).toBe(url);
    expect(outcome).toMatchObject({ ok: true, dropped: 0, list: { provider: id, complete: false, models: [model] } });
  });

  test('never takes a key to another origin than its own', async () => {
    const strayed = { ...custom, modelsPath: 'https://elsewhere.example/models' };
    const outcome = await ask(strayed, () => {
      throw new Error('asked');
    });
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'unsupported' } });
  });

  test('a list of ids is not complete', async () => {
    const outcome = await ask(custom, () => Response.json({ data: [{ id: 'a' }] }));
    expect(outcome).toMatchObject({ ok: true, list: { complete: false, models: [{ id: 'a' }] } });
  });

  test('knows that the user’s own machine costs nothing, but for what is metered elsewhere', async () => {
    const outcome = await ask(
      ollama,
      () => Response.json({ data: [{ id: 'llama3.2' }, { id: 'big:120b-cloud' }] }),
      '',
    );
    expect(outcome).toMatchObject({
      ok: true,
      list: {
        models: [
          { id: 'llama3.2', free: true, price: { input: '0', output: '0', request: '0' } },
          { id: 'big:120b-cloud' },
        ],
      },
    });
    expect(outcome.ok && outcome.list.models[1]).toEqual({ id: 'big:120b-cloud' });
  });

  test('sends no header where there is no secret', async () => {
    let headers: Headers | undefined;
    await ask(
      ollama,
      (_, init) => {
        headers = new Headers(init.headers);
        return Response.json({ data: [] });
      },
      '',
    );
    expect(headers?.has('authorization')).toBe(false);
  });

  test.each([
    [401, 'auth', 'check-key', /does not accept this key/],
    [403, 'permission', 'check-key', /does not let this key/],
    [307, 'parameter', 'check-key', /sends on to another address, where the key is never taken/],
    [404, 'unsupported', 'check-key', /no list of models at https:\/\/openrouter\.ai\/api\/v1\/models/],
    [429, 'rate-limit', 'wait', /wait/],
    [503, 'unavailable', 'retry', /down at the moment \(503\)/],
    [418, 'parameter', 'retry', /418/],
  ])('an answer of %s is %s', async (status, kind, userAction, message) => {
    const outcome = await ask(openrouter, () => new Response('{"error":{"message":"no"}}', { status }));
    expect(outcome).toMatchObject({
      ok: false,
      failure: { kind, userAction, status, message: expect.stringMatching(message) },
    });
    expect(outcome.ok || outcome.failure.message).toMatch(/OpenRouter/);
  });

  test('reads how long to wait', async () => {
    const headers = { 'retry-after': '7' };
    const outcome = await ask(openrouter, () => new Response('', { status: 429, headers }));
    expect(outcome).toMatchObject({ failure: { retryable: true, retryAfterMs: 7_000 } });
  });

  test('tells how to let a browser extension in (quirk 35)', async () => {
    const outcome = await ask(ollama, () => new Response('', { status: 403 }));
    expect(outcome).toMatchObject({ failure: { message: expect.stringMatching(/OLLAMA_ORIGINS/) } });
  });

  test.each(['<html>', '', '{"data":', '"text"', '{"data":"none"}'])('%j is no list of models', async (body) => {
    const outcome = await ask(custom, () => new Response(body));
    expect(outcome).toMatchObject({
      ok: false,
      failure: { kind: 'malformed-output', message: expect.stringMatching(/no list of models/) },
    });
  });

  test('a server that cannot be reached is named with its address', async () => {
    const down = () => {
      throw new TypeError('Failed to fetch');
    };
    expect(await ask(custom, down)).toMatchObject({
      failure: {
        kind: 'network',
        userAction: 'grant-permission',
        message: expect.stringMatching(/https:\/\/host\.example/),
      },
    });
    expect(await ask(openrouter, down)).toMatchObject({ failure: { kind: 'network', userAction: 'retry' } });
    expect(await ask(ollama, down)).toMatchObject({ failure: { message: expect.stringMatching(/Start its server/) } });
  });

  test('a body that breaks off is a network failure', async () => {
    const outcome = await ask(custom, () => {
      const body = new ReadableStream({
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode('{"data":['));
          controller.error(new TypeError('network error'));
        },
      });
      return new Response(body);
    });
    expect(outcome).toMatchObject({ failure: { kind: 'network', retryable: true } });
  });

  test('an endless answer is cut off, not swallowed', async () => {
    let cancelled = false;
    const chunk = new Uint8Array(8 * 1024 * 1024).fill(32);
    const outcome = await ask(custom, () => {
      const body = new ReadableStream({
        pull: (controller) => controller.enqueue(chunk),
        cancel: () => {
          cancelled = true;
        },
      });
      return new Response(body);
    });
    expect(outcome).toMatchObject({ failure: { kind: 'malformed-output' } });
    expect(cancelled).toBe(true);
  });

  test('stops when it is told to', async () => {
    const controller = new AbortController();
    const fetch = ((_: string, init: RequestInit) =>
      new Promise((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        controller.abort();
      })) as typeof globalThis.fetch;
    const outcome = await refreshModels({ provider: custom, fetch, now: () => 0, signal: controller.signal });
    expect(outcome).toMatchObject({ failure: { kind: 'aborted', retryable: false } });
  });

  test('says so where a server has no list, without asking it', async () => {
    const none = resolveProvider({
      provider: 'custom',
      baseUrl: 'https://host.example/v1',
      overrides: { modelsPath: '' },
    });
    const outcome = await ask(none, () => {
      throw new Error('asked');
    });
    expect(outcome).toMatchObject({
      failure: { kind: 'unsupported', message: expect.stringMatching(/Type the model’s id/) },
    });
  });
});
