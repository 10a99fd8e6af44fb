import { PERPLEXITY } from './model-demands.ts';
import type { Provider } from './provider.ts';

/** Perplexity's Sonar API: answers with web search built in. */
export const perplexity: Provider = {
  id: 'perplexity',
  name: 'Perplexity',
  dialect: 'openai-chat',
  baseUrl: 'https://api.perplexity.ai',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^pplx-', unique: true }],
  keysPage: 'https://www.perplexity.ai/account/api/keys',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those that bill an aborted answer in full.
  abort: 'bills-in-full',
  families: [
    // docs.perplexity.ai/getting-started/pricing: a fee for each request; deep research pays for each search instead, of
    // which it makes dozens, and for what it cites.
    { pattern: '^sonar-deep-research', reasoning: true, searches: 'unbounded' },
    { pattern: '^sonar-reasoning', reasoning: true, searches: {} },
    { pattern: '^sonar', reasoning: false, searches: {} },
  ],
  privacy: {
    text: 'Perplexity does not keep what its API is sent, and does not train on it.',
    source: 'https://docs.perplexity.ai/docs/resources/privacy-security',
  },
  flags: {
    maxTokensField: 'max_tokens',
    reasoning: 'effort',
    // Quirk 208.
    thinkTags: 'tagged',
    transcript: PERPLEXITY,
  },
};
