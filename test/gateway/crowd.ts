import {
  bearer,
  chatUsage,
  inBand,
  inChat,
  OPENAI_BROKEN,
  openAiError,
  plainUsage,
  SCHEMA_FIELD,
  type Spec,
} from './spec.ts';
import { chatWire } from './wires/openai-chat.ts';

/** Whoever else speaks OpenAI's chat protocol, each with words of its own. */
export const CROWD: readonly Spec[] = [
  {
    name: 'Mistral',
    provider: 'mistral',
    model: 'magistral-medium-latest',
    other: 'mistral-large-latest',
    base: '/v1',
    path: inChat,
    auth: bearer,
    // Quirks 168 and 170.
    wire: chatWire({
      thought: (text) =>
        text === '' ? { content: '' } : { content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] },
      calls: 'whole',
      usage: plainUsage,
      usageAt: 'finish',
    }),
    thinks: true,
    counts: { cached: false, thought: false },
    declines: 'content-policy',
    pdf: '{"type":"document_url","document_url":"data:application/pdf;base64,UERG","document_name":"a.pdf"}',
    schema: SCHEMA_FIELD,
    effort: '"prompt_mode":"reasoning"',
    errors: [
      ['auth', 401, '{"detail":"Unauthorized"}'],
      ['rate-limit', 429, '{"message":"Requests rate limit exceeded","type":"rate_limited","code":"1300"}'],
      [
        'context-length',
        400,
        '{"object":"error","message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length","type":"invalid_request_error","code":"3051"}',
      ],
    ],
    broken: OPENAI_BROKEN,
  },
  {
    name: 'DeepSeek',
    provider: 'deepseek',
    model: 'deepseek-reasoner',
    other: 'deepseek-chat',
    base: '/v1',
    path: inChat,
    auth: bearer,
    // Quirks 141 and 177.
    wire: chatWire({
      thought: (text) => ({ content: null, reasoning_content: text }),
      calls: 'deltas',
      usage: ({ input, cached, output, thought }) => ({
        prompt_tokens: input,
        completion_tokens: output,
        total_tokens: input + output,
        prompt_cache_hit_tokens: cached,
        prompt_cache_miss_tokens: input - cached,
        completion_tokens_details: { reasoning_tokens: thought },
      }),
      usageAt: 'finish',
      comment: ': keep-alive\n\n',
    }),
    thinks: true,
    declines: 'content-policy',
    goesBack: '"reasoning_content":"Hm, a place."',
    schema: '"response_format":{"type":"json_object"}',
    effort: '"thinking":{"type":"enabled"}',
    errors: [
      ['auth', 401, openAiError('Authentication Fails (governor)', 'invalid_request_error', 'authentication_error')],
      ['credit', 402, openAiError('Insufficient Balance', 'invalid_request_error', 'unknown_error')],
      [
        'overloaded',
        503,
        '{"error":{"message":"Service is too busy. We advise users to temporarily switch to alternative providers."}}',
      ],
    ],
    broken: OPENAI_BROKEN,
  },
  {
    name: 'xAI',
    provider: 'x-ai',
    model: 'grok-4',
    other: 'grok-3',
    base: '/v1',
    path: inChat,
    auth: bearer,
    // Quirks 142, 185 and 189.
    wire: chatWire({
      thought: (text) => (text === '' ? {} : { reasoning_content: text }),
      source: 'citations',
      calls: 'whole',
      usage: ({ input, cached, output, thought }) => ({
        prompt_tokens: input,
        completion_tokens: output - thought,
        total_tokens: input + output,
        prompt_tokens_details: { cached_tokens: cached },
        completion_tokens_details: { reasoning_tokens: thought },
      }),
      usageAt: 'apart',
    }),
    thinks: true,
    sources: true,
    declines: 'content-policy',
    schema: SCHEMA_FIELD,
    errors: [
      [
        'auth',
        400,
        '{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***. You can obtain an API key from https://console.x.ai."}',
      ],
      [
        'rate-limit',
        429,
        '{"code":"Some resource has been exhausted","error":"Too many requests for team. Please slow down."}',
      ],
      [
        'context-length',
        400,
        '{"code":"Client specified an invalid argument","error":"This model’s maximum prompt length is 131072 but the request contains 200000 tokens."}',
      ],
    ],
    broken: [
      'rate-limit',
      inBand({ code: 'Some resource has been exhausted', error: 'Too many requests. Please slow down.' }),
    ],
  },
  {
    name: 'Groq',
    provider: 'groq',
    model: 'openai/gpt-oss-120b',
    other: 'llama-3.3-70b-versatile',
    base: '/openai/v1',
    path: /^\/openai\/v1\/chat\/completions$/,
    auth: bearer,
    // Quirks 160 and 161.
    wire: chatWire({
      thought: (text) => (text === '' ? {} : { reasoning: text, channel: 'analysis' }),
      calls: 'whole',
      usage: chatUsage,
      usageAt: 'groq',
    }),
    thinks: true,
    declines: 'content-policy',
    schema: SCHEMA_FIELD,
    effort: '"reasoning_effort":"high"',
    errors: [
      ['auth', 401, openAiError('Invalid API Key', 'invalid_api_key')],
      [
        'rate-limit',
        429,
        openAiError('Rate limit reached for model. Please try again in 7.66s.', 'rate_limit_exceeded', 'tokens'),
      ],
      [
        'context-length',
        400,
        openAiError('Please reduce the length of the messages or completion.', 'context_length_exceeded'),
      ],
    ],
    // Quirk 162.
    broken: [
      'malformed-output',
      `event: error\n${inBand({ error: { message: 'Failed to call a function.', type: 'invalid_request_error', code: 'tool_use_failed', failed_generation: '{' } })}`,
    ],
  },
  {
    name: 'Ollama',
    provider: 'ollama',
    model: 'gpt-oss:20b',
    other: 'llama3.2',
    base: '/v1',
    path: inChat,
    auth: bearer,
    // Quirks 130 and 219.
    wire: chatWire({
      thought: (text) => (text === '' ? {} : { reasoning: text }),
      calls: 'one-index',
      finish: 'stop',
      usage: plainUsage,
      usageAt: 'apart',
    }),
    thinks: true,
    counts: { cached: false, thought: false },
    cost: { usd: '0', source: 'free' },
    declines: 'content-policy',
    schema: SCHEMA_FIELD,
    effort: '"reasoning_effort":"high"',
    errors: [
      ['model-gone', 404, openAiError('model "x" not found, try pulling it first', '', 'api_error')],
      ['permission', 403, ''],
    ],
    broken: ['unavailable', inBand({ error: 'llama runner process has terminated' })],
  },
];
