import { DEEPSEEK, MISTRAL, PERPLEXITY } from './model-demands.ts';
import type { Provider } from './provider.ts';

/** OpenRouter: one key, every model; itself a router, so the price we reserved goes along as a hard limit. */
export const openrouter: Provider = {
  id: 'openrouter',
  name: 'OpenRouter',
  dialect: 'openai-chat',
  baseUrl: 'https://openrouter.ai/api/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  // `sk-or-v1-` and 64 hex digits.
  keyShapes: [{ pattern: '^sk-or-', unique: true, length: 73 }],
  keysPage: 'https://openrouter.ai/settings/keys',
  modelsPath: '/models',
  modelsFormat: 'openrouter',
  checkPath: '/key',
  // Its answers carry Access-Control-Allow-Origin: *, but expose no Retry-After or rate-limit header to a plain page.
  browser: 'open',
  abort: 'by-upstream',
  // https://openrouter.ai/docs/api-reference/streaming#stream-cancellation. Billed in full after an abort: Amazon
  // Bedrock, Groq, Modal, Google, Google AI Studio, Minimax, HuggingFace, Replicate, Perplexity, Mistral, AI21,
  // Featherless, SambaNova, Alibaba, Nebius, Kluster, Targon, and whoever is on neither list.
  abortStopsAt: [
    'OpenAI',
    'Azure',
    'Anthropic',
    'Fireworks',
    'Mancer',
    'Recursal',
    'Lepton',
    'OctoAI',
    'Novita',
    'DeepInfra',
    'Together',
    'Cohere',
    'Hyperbolic',
    'Infermatic',
    'Avian',
    'xAI',
    'Cloudflare',
    'SFCompute',
    'Nineteen',
    'Liquid',
    'Friendli',
    'Chutes',
    'DeepSeek',
  ],
  // `:free`, `:batch`, `:thinking` and `:extended` are models of their own; where one is missing, its base is no stand-in.
  routingSuffixes: {
    ':nitro': 'same-price', // its dearer service tier cannot pass the maximum price that goes along
    ':floor': 'same-price',
    ':exacto': 'same-price',
    ':online': 'price-unknown', // adds web searches, billed each
  },
  // The batch variants are answered within a day over another endpoint.
  families: [
    { pattern: ':batch$', chat: false },
    // "assistant prefill allowed": of the models whose makers' pages tell that they take it, these are passed on as they are.
    {
      pattern: '^anthropic/claude-(?:3|4(?:\\.[0-5])?-|(?:opus|sonnet|haiku)-4(?:\\.[0-5])?(?:$|[-:]))(?!.*thinking)',
      prefill: {},
    },
    { pattern: '^mistralai/', transcript: MISTRAL },
    { pattern: '^perplexity/sonar-deep-research', searches: 'unbounded', transcript: PERPLEXITY },
    { pattern: '-deep-research', searches: 'unbounded' },
    { pattern: '^perplexity/sonar', searches: {}, transcript: PERPLEXITY },
    { pattern: '^perplexity/', transcript: PERPLEXITY },
    { pattern: '-search-preview', searches: {} },
    { pattern: '^deepseek/', transcript: DEEPSEEK, thoughtsOnCalls: true },
  ],
  // "Zero completion insurance": an answer of no tokens that ends in an error is not charged.
  errorsAreFree: true,
  responseIdHeader: 'x-generation-id',
  generationPath: '/generation?id={id}',
  privacy: {
    text: 'OpenRouter keeps no prompts unless you opt in; what the model’s host keeps depends on the host.',
    source: 'https://openrouter.ai/docs/features/privacy-and-logging',
  },
  flags: {
    maxTokensField: 'by-model',
    reasoning: 'openrouter',
    reasoningReplay: 'reasoning_details',
    sendsMaxPrice: true,
    reportsCost: true,
    minOutputTokens: 16,
    maxStopStrings: 4,
    sessionField: 'session_id',
  },
};
