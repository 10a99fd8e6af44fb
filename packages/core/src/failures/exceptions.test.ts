import { describe, expect, it } from 'vitest';
import { classifyFailure, neverSent } from './classify.ts';
import type { FailureContext } from './failure.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const who: FailureContext = { provider: 'OpenRouter', providerId: 'openrouter', model: 'acme/one', now: NOW };

describe('what fetch throws', () => {
  const thrown = (error: unknown, context: FailureContext = who) =>
    classifyFailure({ ...context, source: 'exception', error });
  const withCause = (code: string) => Object.assign(new TypeError('fetch failed'), { cause: { code } });

  it.each([
    ['Chrome', new TypeError('Failed to fetch')],
    ['Firefox', new TypeError('NetworkError when attempting to fetch resource.')],
    ['Safari', new TypeError('Load failed')],
    ['Node', new TypeError('fetch failed')],
    ['Bun', new Error('Unable to connect. Is the computer able to access the url?')],
    ['a string', 'nope'],
    ['nothing', undefined],
  ])('quirk 35: %s', (_who, error) => {
    expect(thrown(error)).toMatchObject({ kind: 'network', retryable: true, fallbackable: true, userAction: 'retry' });
  });

  it('quirk 35: asks for the permission without which a browser shows no answer', () => {
    const failure = thrown(new TypeError('Failed to fetch'), { ...who, browser: 'closed' });
    expect(failure.userAction).toBe('grant-permission');
    expect(failure.message).toMatch(/permission/);
  });

  it.each(['ECONNRESET', 'UND_ERR_SOCKET', 'HPE_INVALID_CONSTANT'])(
    'asks for no permission outside of browsers: %s',
    (code) => {
      const failure = thrown(withCause(code), { ...who, browser: 'unknown' });
      expect(failure).toMatchObject({ kind: 'network', retryable: true, userAction: 'retry' });
      expect(failure.message).toMatch(code.startsWith('HPE') ? /there is no connection/ : /broke before anything/);
      expect(failure.message).not.toMatch(/permission/);
    },
  );

  it('tells a local server to be started', () => {
    const local = { provider: 'Ollama', providerId: 'ollama', model: 'llama3', local: true } as const;
    expect(thrown(new TypeError('Failed to fetch'), local).message).toMatch(/on this machine/);
    expect(thrown(withCause('ECONNREFUSED'), local).message).toMatch(/Start it/);
    for (const code of ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']) {
      const failure = thrown(withCause(code), local);
      expect(failure).toMatchObject({ kind: 'network', retryable: true, userAction: 'retry' });
      expect(failure.message).toMatch(/^llama3 did not answer: Ollama broke .* on this machine .* Start it again/);
    }
    expect(thrown(withCause('HPE_INVALID_CONSTANT'), local).message).toMatch(/Start it, or check its address\.$/);
    expect(thrown(withCause('ECONNRESET')).message).not.toMatch(/Start it/);
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'ENETUNREACH', 'CERT_HAS_EXPIRED', 'UND_ERR_CONNECT_TIMEOUT'])(
    'knows that nothing was sent: %s',
    (code) => {
      expect(neverSent(withCause(code))).toBe(true);
    },
  );

  it.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])(
    'cannot know what was sent: %s',
    (code) => {
      expect(neverSent(withCause(code))).toBe(false);
      expect(neverSent(new TypeError('Failed to fetch'))).toBe(false);
    },
  );

  it.each([
    ['ENOTFOUND', 'network', true],
    ['ECONNRESET', 'network', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'network', false],
    ['UND_ERR_HEADERS_TIMEOUT', 'stalled', true],
  ] as const)('%s', (code, kind, retryable) => {
    expect(thrown(withCause(code))).toMatchObject({ kind, retryable });
  });

  it('an abort is the user’s own', () => {
    expect(thrown(new DOMException('The operation was aborted.', 'AbortError'))).toMatchObject({
      kind: 'aborted',
      retryable: false,
      fallbackable: false,
    });
  });

  it.each([
    'Headers.append: "Bearer sk-or-v1-deadbeefdeadbeef\n" is an invalid header value.',
    "Failed to execute 'fetch' on 'WorkerGlobalScope': Invalid value",
    'Cannot convert argument to a ByteString because the character at index 7 has a value of 8211 which is greater than 255.',
    "Failed to read the 'headers' property from 'RequestInit': String contains non ISO-8859-1 code point.",
  ])('a key with impossible characters is the key’s fault, and is never shown: %s', (message) => {
    const failure = thrown(new TypeError(message));
    expect(failure).toMatchObject({ kind: 'auth', retryable: false, userAction: 'check-key' });
    expect(JSON.stringify(failure)).not.toContain('deadbeef');
  });
});
