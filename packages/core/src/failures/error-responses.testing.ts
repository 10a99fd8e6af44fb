import type { FailureKind } from '../chat/failure.ts';

export const openrouter = (code: number | string, message: string, metadata?: object) => ({
  error: { code, message, ...(metadata && { metadata }) },
  user_id: 'user_2secretIdOfTheUser',
});
export const openai = (
  message: string,
  code: string | null,
  type = 'invalid_request_error',
  param: string | null = null,
) => ({
  error: { message, type, param, code },
});

type Case = readonly [name: string, status: number, body: unknown, kind: FailureKind];

/** Error responses as providers send them, and what they are. */
export const ERROR_RESPONSES: readonly Case[] = [
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
