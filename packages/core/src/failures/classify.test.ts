import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../chat/failure.ts';
import { classifyFailure } from './classify.ts';
import { ERROR_RESPONSES, openai, openrouter } from './error-responses.testing.ts';
import type { FailureContext } from './failure.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const who: FailureContext = { provider: 'OpenRouter', providerId: 'openrouter', model: 'acme/one', now: NOW };

function http(status: number, body: unknown, headers: Record<string, string> = {}, context = who): Failure {
  return classifyFailure({
    ...context,
    source: 'http',
    status,
    headers: new Headers(headers),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

describe('error responses', () => {
  it.each(ERROR_RESPONSES)('%s', (_name, status, body, kind) => {
    const failure = http(status, body);
    expect(failure.kind).toBe(kind);
    expect(failure.status).toBe(status);
    expect(failure.message).toContain('acme/one');
    expect(failure.message).toContain('OpenRouter');
    expect(failure.message).toMatch(/\.$/);
    expect(failure.message).not.toMatch(/[{}]|undefined/);
    expect(JSON.stringify(failure)).not.toContain('user_2');
  });

  it.each(ERROR_RESPONSES)('quirk 23: the same inside a stream: %s', (_name, status, body, kind) => {
    if (typeof body === 'string') return;
    const told = (body as { error?: unknown }).error ?? body;
    const carried = typeof told === 'object' ? { ...told, status } : { message: told, status };
    expect(classifyFailure({ ...who, source: 'stream', error: carried }).kind).toBe(kind);
  });

  it('tells how many tokens are affordable, and says so', () => {
    const failure = http(402, openrouter(402, 'You requested up to 65536 tokens, but can only afford 1,234.'));
    expect(failure).toMatchObject({ affordableTokens: 1234, userAction: 'lower-max-tokens', retryable: false });
    expect(failure.message).toContain('1234 tokens');
  });

  it('tells how long to wait: header before body, nothing where nothing is readable', () => {
    const body = openai('Rate limit reached. Please try again in 2.5s.', 'rate_limit_exceeded', 'tokens');
    expect(http(429, body, { 'Retry-After': '7' })).toMatchObject({ retryAfterMs: 7_000, retryable: true });
    expect(http(429, body).retryAfterMs).toBe(2_500);
    expect(http(429, '', { 'Retry-After': 'Fri, 20 Nov 2026 10:02:00 GMT' }).message).toContain('2 minutes');
    expect(http(429, '', { 'Retry-After': 'soon' })).not.toHaveProperty('retryAfterMs');
    expect(
      http(503, { error: { code: 503, message: 'x', availability: { code: 'capacity_exhausted', retry_after: 4 } } })
        .retryAfterMs,
    ).toBe(4_000);
    const google = {
      error: {
        code: 429,
        message: 'Quota',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }],
      },
    };
    expect(http(429, google)).toMatchObject({ kind: 'rate-limit', retryAfterMs: 34_400 });
  });

  it('takes OpenRouter’s own rate limit headers from the body', () => {
    const body = openrouter(
      429,
      'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day',
      {
        headers: {
          'X-RateLimit-Limit': '50',
          'X-RateLimit-Remaining': '0',
          'X-RateLimit-Reset': String(NOW + 3_600_000 * 14),
        },
      },
    );
    expect(http(429, body)).toMatchObject({ kind: 'rate-limit', retryable: false, retryAfterMs: 3_600_000 * 14 });
    expect(http(429, body).message).toContain('14 hours');
  });

  it('asks for a shorter message where one alone breaks the minute’s limit', () => {
    const body = openai(
      'Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 50000.',
      'rate_limit_exceeded',
      'tokens',
    );
    expect(http(429, body)).toMatchObject({ kind: 'rate-limit', retryable: false, userAction: 'shorten' });
  });

  it('quirk 35: knows Ollama’s empty 403 to a browser extension', () => {
    const failure = http(403, '', {}, { ...who, provider: 'Ollama', providerId: 'ollama', local: true });
    expect(failure.message).toContain('OLLAMA_ORIGINS');
    expect(failure.kind).toBe('permission');
  });

  it('quirk 24: keeps a web page’s title and none of its body', () => {
    const failure = http(
      502,
      '<html><head><title>502 Bad Gateway</title></head><body><script>x</script></body></html>',
    );
    expect(failure.detail).toBe('502 Bad Gateway');
  });

  it('quirk 154: Cerebras refuses an overlong request without a word', () => {
    expect(http(400, '', {}, { ...who, providerId: 'cerebras' }).kind).toBe('context-length');
    expect(http(400, '').kind).toBe('parameter');
  });

  it('prefers the upstream’s sentence to a router’s empty one, also where it is JSON in a string', () => {
    const raw = JSON.stringify({ error: { message: 'prompt is too long: 213462 tokens > 200000 maximum' } });
    const failure = http(400, openrouter(400, 'Provider returned error', { raw, provider_name: 'Anthropic' }));
    expect(failure).toMatchObject({
      kind: 'context-length',
      detail: 'prompt is too long: 213462 tokens > 200000 maximum',
    });
  });
});

describe('quirk 154: too long, in everybody’s words', () => {
  it.each([
    'prompt is too long: 213462 tokens > 200000 maximum',
    '413 {"type":"request_too_large","message":"Request exceeds the maximum size"}',
    'Input is too long for requested model.',
    'Your input exceeds the context window of this model',
    'The input token count (1196265) exceeds the maximum number of tokens allowed (1048575)',
    "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
    'Please reduce the length of the messages or completion.',
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    "This endpoint's maximum context length is 4096 tokens. However, you requested about 5000 tokens",
    'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 5000',
    'the request exceeds the available context size, try increasing it',
    'The number of tokens to keep from the initial prompt is greater than the context length',
    'prompt token count of 140000 exceeds the limit of 128000',
    'invalid params, context window exceeds limit',
    'Your request exceeded model token limit: 262144 (requested: 300000)',
    'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
    'Range of input length should be [1, 129024]',
    'The input (40000 tokens) is longer than the model: Input length 40000 exceeds the maximum allowed length 32768',
    'finish reason model_context_window_exceeded',
    'The prompt is longer than the model’s context length 4096',
    'too many tokens: size limit exceeded by 5 tokens',
    'context_length_exceeded',
    'total number of tokens (9000) exceeds the model context window',
    'token limit exceeded',
    'input exceeds num_ctx 2048',
    'Requested token count exceeds the model maximum context length of 131072 tokens',
  ])('%s', (message) => {
    expect(http(400, { error: { message } }).kind).toBe('context-length');
  });

  it.each([
    'Rate limit reached: too many tokens per minute',
    'ThrottlingException: Too many tokens, please wait before trying again.',
    'Too many requests, token limit exceeded per day',
  ])('and not: %s', (message) => {
    expect(http(429, { error: { message } }).kind).not.toBe('context-length');
  });
});

describe('inside a stream', () => {
  const inStream = (error: unknown) => classifyFailure({ ...who, source: 'stream', error });

  it('quirk 22: reads OpenRouter’s form with metadata', () => {
    expect(
      inStream({ code: 429, message: 'Rate limit exceeded', metadata: { error_type: 'rate_limit_exceeded' } }),
    ).toMatchObject({ kind: 'rate-limit', status: 429, providerCode: 'rate_limit_exceeded' });
    expect(inStream({ code: 'server_error', message: 'Provider disconnected' })).toMatchObject({
      kind: 'unavailable',
      retryable: true,
      providerCode: 'server_error',
    });
  });

  it('quirk 23: a 400 is final and a 503 is not', () => {
    expect(inStream({ code: 400, message: 'prompt is too long: 9 tokens > 8 maximum' }).retryable).toBe(false);
    expect(inStream({ code: 503, message: 'No healthy upstream' }).retryable).toBe(true);
  });

  it.each([['boom'], [{}], [null], [42], [[]], [{ message: {} }], [{ error: { error: { error: 'deep' } } }]])(
    'takes whatever is sent for a fault of the provider: %j',
    (error) => {
      expect(inStream(error)).toMatchObject({ kind: 'unavailable', retryable: true });
    },
  );

  it('quirk 191: xAI writes the code as a sentence', () => {
    const failure = inStream({ code: 'The caller does not have permission to execute it', error: 'No credits' });
    expect(failure.kind).toBe('permission');
    expect(failure).not.toHaveProperty('providerCode');
  });
});

describe('ends and unreadable answers', () => {
  it('names the cause of a cut', () => {
    expect(classifyFailure({ ...who, source: 'end' })).toMatchObject({ kind: 'truncated', userAction: 'continue' });
    expect(classifyFailure({ ...who, source: 'end', cause: { kind: 'reset', message: 'ECONNRESET' } })).toMatchObject({
      kind: 'truncated',
      detail: 'ECONNRESET',
    });
    expect(classifyFailure({ ...who, source: 'end', cause: { kind: 'aborted' } }).kind).toBe('aborted');
    const stalled = classifyFailure({
      ...who,
      source: 'end',
      cause: { kind: 'stalled', message: 'nothing more for 120 seconds' },
    });
    expect(stalled.message).toBe(
      'acme/one stopped responding: OpenRouter sent nothing more for 120 seconds. Try again, or choose another model.',
    );
  });

  it('tells a web page from other garbage', () => {
    const page = classifyFailure({ ...who, source: 'unreadable', text: '<!doctype html><html><title>Sign in</title>' });
    expect(page).toMatchObject({ kind: 'malformed-output', retryable: false });
    expect(page.message).toContain('web page');
    expect(classifyFailure({ ...who, source: 'unreadable', text: 'hello' })).toMatchObject({
      kind: 'malformed-output',
      retryable: true,
      detail: 'hello',
    });
  });
});

describe('for every input', () => {
  it('gives a sentence without placeholders, on one line, with no secret', () => {
    const secret = 'hunter2-secret';
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        fc.oneof(fc.string(), fc.json()),
        fc.constantFrom('', secret, 'sk-or-v1-0123456789abcdef'),
        (status, body, leak) => {
          const failure = http(status, `${body} ${leak}`, {}, { ...who, secret });
          expect(failure.message).toMatch(/^[^{}\n]*\.$|\(.*\)/s);
          expect(failure.message).not.toContain('\n');
          expect(JSON.stringify(failure)).not.toMatch(/hunter2-secret|0123456789abcdef/);
          expect(failure.detail?.length ?? 0).toBeLessThanOrEqual(400);
        },
      ),
    );
  });

  it('still makes sense where nobody is named', () => {
    expect(classifyFailure({ source: 'http', status: 429, body: '' }).message).toMatch(/^The model did not answer/);
  });
});
