import type { Provider } from './provider.ts';

/** Hyperbolic's own API. */
export const hyperbolic: Provider = {
  id: 'hyperbolic',
  name: 'Hyperbolic',
  dialect: 'openai-chat',
  baseUrl: 'https://api.hyperbolic.xyz/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^eyJ', unique: false }],
  keysPage: 'https://app.hyperbolic.ai/settings/api-keys',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those at which an abort ends the bill.
  abort: 'stops-billing',
  privacy: {
    text: 'What Hyperbolic keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://www.hyperbolic.ai/privacy-policy',
  },
  flags: {
    maxTokensField: 'max_tokens',
    reasoning: 'none',
  },
};
