import { describe, expect, it } from 'vitest';
import { resolveProvider } from '../providers/registry.ts';
import { checkKey } from './check.ts';

const SECRET = 'sk-or-v1-the-secret-itself';
const openrouter = resolveProvider({ provider: 'openrouter', baseUrl: '' });
const ollama = resolveProvider({ provider: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1' });

const answering = (status: number, body: string) => {
  const calls: { url: string; init: RequestInit | undefined }[] = [];
  const fetch = (async (url: unknown, init?: RequestInit) => {
    calls.push({ url: String(url), init });
    return new Response(body, { status });
  }) as typeof globalThis.fetch;
  return { fetch, calls };
};

const failing = (error: unknown) => (() => Promise.reject(error)) as typeof fetch;

describe('checking a key', () => {
  it('asks the free path, with the secret in its header and nowhere else', async () => {
    const { fetch, calls } = answering(200, '{"data":{"label":"x","limit_remaining":null}}');
    expect(await checkKey({ provider: openrouter, secret: SECRET, fetch })).toEqual({
      verdict: 'works',
      message: 'OpenRouter accepts this key.',
    });
    expect(calls[0]?.url).toBe('https://openrouter.ai/api/v1/key');
    expect(new Headers(calls[0]?.init?.headers).get('authorization')).toBe(`Bearer ${SECRET}`);
    expect(calls[0]?.init).toMatchObject({ redirect: 'manual', credentials: 'omit' });
  });

  it.each([
    [401, '{"error":{"message":"User not found."}}', 'wrong-key'],
    [403, '', 'wrong-key'],
    [402, '{}', 'no-credit'],
    [302, '', 'wrong-address'],
    [308, '', 'wrong-address'],
    [404, 'not here', 'wrong-address'],
    [200, '<!doctype html>', 'wrong-address'],
    [200, '{"data":{"limit":5,"limit_remaining":0}}', 'limit-reached'],
    [200, '{"data":{"limit":5,"limit_remaining":4.2}}', 'works'],
    [429, '', 'busy'],
    [503, '', 'busy'],
  ] as const)('reads %i %s as %s', async (status, body, verdict) => {
    const check = await checkKey({ provider: openrouter, secret: SECRET, fetch: answering(status, body).fetch });
    expect(check.verdict).toBe(verdict);
    expect(check.message).toMatch(/\.$/);
    expect(check.message).not.toContain(SECRET);
  });

  it('sends what the provider wants of every request', async () => {
    const { fetch, calls } = answering(200, '{"data":[]}');
    const anthropic = resolveProvider({ provider: 'anthropic', baseUrl: '' });
    await checkKey({ provider: anthropic, secret: 'sk-ant-api03-x', fetch });
    const headers = new Headers(calls[0]?.init?.headers);
    expect(headers.get('anthropic-version')).toBe('2023-06-01');
    expect(headers.get('x-api-key')).toBe('sk-ant-api03-x');
  });

  it('tells a local server that turns extensions away from a wrong key', async () => {
    const check = await checkKey({ provider: ollama, secret: '', fetch: answering(403, '').fetch });
    expect(check.verdict).toBe('refused');
    expect(check.message).toContain('OLLAMA_ORIGINS');
  });

  it('says why nothing was heard', async () => {
    const offline = await checkKey({
      provider: openrouter,
      secret: SECRET,
      fetch: failing(new TypeError('Failed to fetch')),
      online: false,
    });
    expect(offline).toMatchObject({ verdict: 'unreachable', message: expect.stringContaining('offline') });
    const slow = await checkKey({
      provider: openrouter,
      secret: SECRET,
      fetch: failing(new DOMException('signal timed out', 'TimeoutError')),
    });
    expect(slow.message).toContain('in time');
    const stopped = await checkKey({ provider: ollama, secret: '', fetch: failing(new TypeError('no')) });
    expect(stopped.message).toContain('Start Ollama');
  });

  it('does not pretend where there is no free call', async () => {
    const { checkPath: _, ...without } = openrouter;
    const { fetch, calls } = answering(200, '{}');
    const strayed = { ...openrouter, checkPath: 'https://elsewhere.example/key' };
    for (const provider of [without, strayed])
      expect((await checkKey({ provider, secret: SECRET, fetch })).verdict).toBe('unchecked');
    expect(calls).toEqual([]);
  });

  it('asks beside the base URL where the free call is there', async () => {
    const { fetch, calls } = answering(200, '{"models":[]}');
    const cohere = resolveProvider({ provider: 'cohere', baseUrl: '' });
    expect((await checkKey({ provider: cohere, secret: SECRET, fetch })).verdict).toBe('works');
    expect(calls[0]?.url).toBe('https://api.cohere.com/v1/models?endpoint=chat&page_size=1');
  });
});
