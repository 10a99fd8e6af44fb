import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure, FailureKind } from '../chat/failure.ts';
import { classifyFailure, type FailureContext, neverSent } from './classify.ts';

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

const openrouter = (code: number | string, message: string, metadata?: object) => ({
  error: { code, message, ...(metadata && { metadata }) },
  user_id: 'user_2secretIdOfTheUser',
});
const openai = (message: string, code: string | null, type = 'invalid_request_error', param: string | null = null) => ({
  error: { message, type, param, code },
});

type Case = readonly [name: string, status: number, body: unknown, kind: FailureKind];

const cases: readonly Case[] = [
  ['OpenRouter: wrong key', 401, openrouter(401, 'No auth credentials found'), 'auth'],
  ['OpenRouter: deleted key', 401, openrouter(401, 'User not found.'), 'auth'],
  ['OpenAI: wrong key', 401, openai('Incorrect API key provided: sk-abc***def.', 'invalid_api_key'), 'auth'],
  [
    'Google: wrong key with 400 (quirk 121)',
    400,
    { error: { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' } },
    'auth',
  ],
  ['403 that is about the key', 403, { error: { message: 'Invalid API key' } }, 'auth'],
  [
    'OpenRouter: key over its own limit',
    403,
    openrouter(403, 'Key limit exceeded (daily limit). Manage it using https://openrouter.ai/settings/keys'),
    'key-limit',
  ],
  [
    'OpenRouter: workspace budget',
    402,
    openrouter(402, 'Budget exceeded', { limit_source: 'openrouter_workspace_budget' }),
    'key-limit',
  ],
  [
    'z.ai: plan used up with 429 (quirk 155)',
    429,
    { error: { code: '1308', message: 'Usage limit reached for 5 hour' } },
    'key-limit',
  ],
  [
    'OpenRouter: no credit',
    402,
    openrouter(402, 'Insufficient credits. Add more using https://openrouter.ai/credits'),
    'credit',
  ],
  ['402 without a word', 402, '', 'credit'],
  [
    'OpenAI: quota with 429 (quirk 155)',
    429,
    openai(
      'You exceeded your current quota, please check your plan and billing details.',
      'insufficient_quota',
      'insufficient_quota',
    ),
    'credit',
  ],
  [
    'Anthropic: balance with 400',
    400,
    {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'Your credit balance is too low to access the Anthropic API.' },
    },
    'credit',
  ],
  [
    'OpenRouter: cannot afford',
    402,
    openrouter(
      402,
      'This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford 1,234.',
    ),
    'affordability',
  ],
  [
    'OpenRouter: weight over budget',
    402,
    openrouter(402, 'Budget', { reason: 'weight_exceeds_budget', limit_source: 'openrouter_credits' }),
    'affordability',
  ],
  [
    'OpenRouter: in flight',
    402,
    openrouter(402, 'Budget', { reason: 'in_flight_budget_exhausted', limit_source: 'openrouter_in_flight_budget' }),
    'in-flight-budget',
  ],
  [
    'OpenRouter: upstream rate limit in raw (quirk 250)',
    429,
    openrouter(429, 'Provider returned error', {
      raw: 'acme/one is temporarily rate-limited upstream. Please retry shortly',
      provider_name: 'Google',
    }),
    'rate-limit',
  ],
  [
    'OpenAI: rate limit',
    429,
    openai(
      'Rate limit reached for gpt-4o in organization org-abcdefgh1234 on requests per min (RPM): Limit 3, Used 3. Please try again in 20s.',
      'rate_limit_exceeded',
      'requests',
    ),
    'rate-limit',
  ],
  ['429 without a word', 429, '', 'rate-limit'],
  [
    'Bedrock: throttling speaks of tokens (quirk 154)',
    400,
    { message: 'ThrottlingException: Too many tokens, please wait before trying again.' },
    'rate-limit',
  ],
  [
    'Mistral: capacity is a rate limit (quirk 174)',
    429,
    {
      object: 'error',
      message: 'Service tier capacity exceeded for this model.',
      type: 'service_tier_capacity_exceeded',
    },
    'overloaded',
  ],
  [
    'Anthropic: overloaded (quirk 80)',
    529,
    { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    'overloaded',
  ],
  ['529 without a word', 529, '', 'overloaded'],
  ['503', 503, openrouter(503, 'No instances available (temporarily unavailable)'), 'overloaded'],
  [
    '502 from a router',
    502,
    openrouter(502, 'Provider returned error', { raw: 'upstream connect error' }),
    'unavailable',
  ],
  ['500', 500, openai('The server had an error while processing your request.', null, 'server_error'), 'unavailable'],
  ['408', 408, openrouter(408, 'Request timed out'), 'unavailable'],
  ['409', 409, '', 'unavailable'],
  [
    '524 with a web page (quirk 24)',
    524,
    '<!DOCTYPE html><html><head><title>openrouter.ai | 524: A timeout occurred</title></head></html>',
    'unavailable',
  ],
  [
    'llama.cpp: still loading',
    503,
    { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
    'unavailable',
  ],
  [
    'OpenRouter: too long',
    400,
    openrouter(
      400,
      "This endpoint's maximum context length is 200000 tokens. However, you requested about 2500021 tokens.",
    ),
    'context-length',
  ],
  [
    'OpenAI: too long',
    400,
    openai('Your input exceeds the context window of this model.', 'context_length_exceeded'),
    'context-length',
  ],
  [
    'llama.cpp: too long',
    400,
    {
      error: {
        code: 400,
        message: 'the request exceeds the available context size, try increasing it',
        type: 'exceed_context_size_error',
      },
    },
    'context-length',
  ],
  [
    'LM Studio: too long (quirk 225)',
    400,
    {
      error:
        'Trying to keep the first 9000 tokens when context the overflows. tokens to keep from the initial prompt is greater than the context length',
    },
    'context-length',
  ],
  ['413', 413, '', 'context-length'],
  [
    'OpenRouter: moderation',
    403,
    openrouter(403, 'acme/one requires moderation on OpenInference. Your input was flagged for "violence".', {
      reasons: ['violence'],
      flagged_input: 'x',
      provider_name: 'a',
      model_slug: 'b',
    }),
    'content-policy',
  ],
  [
    'OpenAI: policy',
    400,
    openai('Invalid prompt: your prompt was flagged as potentially violating our usage policy.', 'invalid_prompt'),
    'content-policy',
  ],
  [
    'OpenRouter: guardrail',
    403,
    openrouter(403, 'Request blocked: prompt injection patterns detected', {
      patterns: ['ignore all previous instructions'],
    }),
    'permission',
  ],
  [
    'OpenRouter: data policy',
    404,
    openrouter(
      404,
      'No endpoints found matching your data policy (Free model publication). Configure: https://openrouter.ai/settings/privacy',
    ),
    'permission',
  ],
  [
    'OpenRouter: allow list',
    404,
    openrouter(404, 'No allowed providers are available for the selected model.'),
    'permission',
  ],
  ['403 without a word', 403, '', 'permission'],
  [
    'OpenAI: region',
    403,
    openai('Country, region, or territory not supported', 'unsupported_country_region_territory', 'request_forbidden'),
    'region',
  ],
  [
    'OpenRouter: region',
    403,
    { error: { code: 403, message: 'Not here', availability: { code: 'region_restricted', retryable: false } } },
    'region',
  ],
  ['OpenRouter: no endpoints', 404, openrouter(404, 'No endpoints found for acme/one.'), 'model-gone'],
  ['OpenRouter: not a model', 400, openrouter(400, 'acme/one is not a valid model ID'), 'model-gone'],
  [
    'OpenRouter: too dear',
    404,
    {
      error: {
        code: 404,
        message: 'No endpoints',
        availability: { code: 'constraint_filtered', excluded_by: ['max_price'] },
      },
    },
    'model-gone',
  ],
  ['OpenRouter: lacks tools', 404, openrouter(404, 'No endpoints found that support tool use.'), 'parameter'],
  [
    'OpenAI: no such model',
    404,
    openai('The model `acme` does not exist or you do not have access to it.', 'model_not_found'),
    'model-gone',
  ],
  [
    'Ollama: not pulled',
    404,
    { error: { message: 'model "acme" not found, try pulling it first', type: 'api_error', param: null, code: null } },
    'model-gone',
  ],
  ['no such address', 404, '404 page not found\n', 'parameter'],
  ['no such address, FastAPI', 404, { detail: 'Not Found' }, 'parameter'],
  ['no such address, web page', 404, '<html><head><title>Nothing here</title></head></html>', 'parameter'],
  [
    'recorded: unsupported parameter',
    400,
    openai(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'unsupported_parameter',
      'invalid_request_error',
      'max_tokens',
    ),
    'parameter',
  ],
  [
    'FastAPI: validation',
    422,
    { detail: [{ loc: ['body', 'top_k'], msg: 'Input should be a valid integer', type: 'int_type' }] },
    'parameter',
  ],
  [
    'Cloudflare gate',
    403,
    '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head></html>',
    'permission',
  ],
  [
    'Groq: tool call unreadable (quirk 162)',
    400,
    openai('Failed to call a function.', 'tool_use_failed'),
    'malformed-output',
  ],
];

describe('error responses', () => {
  it.each(cases)('%s', (_name, status, body, kind) => {
    const failure = http(status, body);
    expect(failure.kind).toBe(kind);
    expect(failure.status).toBe(status);
    expect(failure.message).toContain('acme/one');
    expect(failure.message).toContain('OpenRouter');
    expect(failure.message).toMatch(/\.$/);
    expect(failure.message).not.toMatch(/[{}]|undefined/);
    expect(JSON.stringify(failure)).not.toContain('user_2');
  });

  it.each(cases)('quirk 23: the same inside a stream: %s', (_name, status, body, kind) => {
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

  it('tells a local server to be started', () => {
    const local = { provider: 'Ollama', providerId: 'ollama', model: 'llama3', local: true } as const;
    expect(thrown(new TypeError('Failed to fetch'), local).message).toMatch(/on this machine/);
    expect(thrown(withCause('ECONNREFUSED'), local).message).toMatch(/Start it/);
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
