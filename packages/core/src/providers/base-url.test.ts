import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOwnNetwork, normalizeBaseUrl } from './base-url.ts';

describe('normalizeBaseUrl', () => {
  test.each([
    ['https://api.example.com/v1', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/', 'https://api.example.com/v1'],
    ['https://api.example.com/v1///', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/chat/completions', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/chat/completions/', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/responses', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/models', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/v1', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/v1/chat/completions', 'https://api.example.com/v1'],
    ['https://api.example.com', 'https://api.example.com/v1'],
    ['https://api.example.com/#top', 'https://api.example.com/v1'],
    ['https://api.example.com/openai/v1', 'https://api.example.com/openai/v1'],
    ['https://api.example.com//openai//v1', 'https://api.example.com/openai/v1'],
    ['https://api.example.com:443/v1', 'https://api.example.com/v1'],
    ['HTTPS://API.Example.COM/V1', 'https://api.example.com/V1'],
    ['  "https://api.example.com/v1"  ', 'https://api.example.com/v1'],
    ['<https://api.example.com/v1>', 'https://api.example.com/v1'],
    ['api.example.com', 'https://api.example.com/v1'],
    ['api.example.com/v2', 'https://api.example.com/v2'],
    ['https://api.perplexity.ai', 'https://api.perplexity.ai'],
    ['https://api.perplexity.ai/chat/completions', 'https://api.perplexity.ai'],
    ['localhost:1234', 'http://localhost:1234/v1'],
    ['127.0.0.1:8080/v1', 'http://127.0.0.1:8080/v1'],
    ['http://nas:8000', 'http://nas:8000/v1'],
    ['https://xn--bcher-kva.example/v1', 'https://xn--bcher-kva.example/v1'],
  ])('takes %s as %s', (text, baseUrl) => {
    expect(normalizeBaseUrl(text)).toMatchObject({ ok: true, baseUrl, origin: new URL(baseUrl).origin });
  });

  test.each([
    ['http://localhost:1234/v1', 'loopback'],
    ['http://127.0.0.1:1234/v1', 'loopback'],
    ['http://127.8.9.1/v1', 'loopback'],
    ['http://[::1]:1234/v1', 'loopback'],
    ['http://2130706433/v1', 'loopback'],
    ['http://192.168.1.9/v1', 'network'],
    ['http://10.0.0.1/v1', 'network'],
    ['http://172.16.0.1/v1', 'network'],
    ['http://172.31.255.1/v1', 'network'],
    ['http://100.64.0.7/v1', 'network'],
    ['http://169.254.3.4/v1', 'network'],
    ['http://[fd00::1]/v1', 'network'],
    ['http://[fe80::1]/v1', 'network'],
    ['http://box.local/v1', 'network'],
    ['http://box.lan/v1', 'network'],
    ['http://nas/v1', 'network'],
  ])('takes %s and says that it is %s', (text, insecure) => {
    expect(normalizeBaseUrl(text)).toMatchObject({ ok: true, insecure });
  });

  test('does not call https insecure, on whatever network', () => {
    expect(normalizeBaseUrl('https://192.168.1.9/v1')).toEqual({
      ok: true,
      baseUrl: 'https://192.168.1.9/v1',
      origin: 'https://192.168.1.9',
    });
  });

  test.each([
    ['', /empty/],
    ['  \n ', /empty/],
    ['""', /empty/],
    ['http://api.example.com/v1', /readable over the internet/],
    ['http://172.32.0.1/v1', /readable/],
    ['http://100.128.0.1/v1', /readable/],
    ['http://11.0.0.1/v1', /readable/],
    ['http://localhost.example.com/v1', /readable/],
    ['http://127.0.0.1.example.com/v1', /readable/],
    ['http://[2001:db8::1]/v1', /readable/],
    ['https://user:pass@api.example.com/v1', /name or password/],
    ['https://sk-or-v1-abc@api.example.com/v1', /name or password/],
    ['ftp://api.example.com/v1', /https:\/\//],
    ['file:///etc/passwd', /https:\/\//],
    ['javascript://alert(1)', /https:\/\//],
    ['https://', /not a web address/],
    ['not a url', /not a web address/],
    ['https://api.example.com/v1?api-version=1', /question mark/],
  ])('refuses %j', (text, message) => {
    const check = normalizeBaseUrl(text);
    expect(check.ok).toBe(false);
    if (!check.ok) expect(check.message).toMatch(message);
  });

  test('never repeats credentials in its message', () => {
    const check = normalizeBaseUrl('https://me:hunter2@host.example/v1');
    expect(JSON.stringify(check)).not.toContain('hunter2');
  });

  test('is idempotent, and its origin is the base URL’s own', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['https'] }), (url) => {
        const once = normalizeBaseUrl(url);
        if (!once.ok) return;
        expect(normalizeBaseUrl(once.baseUrl)).toEqual(once);
        expect(new URL(once.baseUrl).origin).toBe(once.origin);
        expect(once.baseUrl.endsWith('/')).toBe(false);
      }),
      { numRuns: 2_000, examples: [["https://a.aa/'/"], ['https://a.aa/v1/v1/models/']] },
    );
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof normalizeBaseUrl(text).ok === 'boolean'));
  });
});

test('isOwnNetwork tells the user’s machines from the rest', () => {
  expect(isOwnNetwork('http://127.0.0.1:11434/v1')).toBe(true);
  expect(isOwnNetwork('https://192.168.0.2/v1')).toBe(true);
  expect(isOwnNetwork('https://ollama.com/v1')).toBe(false);
  expect(isOwnNetwork('')).toBe(false);
});
