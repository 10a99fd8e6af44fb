import type { Provider } from './provider.ts';

/** Novita's own API. */
export const novita: Provider = {
  id: 'novita',
  name: 'Novita',
  dialect: 'openai-chat',
  baseUrl: 'https://api.novita.ai/v3/openai',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^sk_', unique: true }],
  keysPage: 'https://novita.ai/settings/key-management',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those at which an abort ends the bill.
  abort: 'stops-billing',
  privacy: {
    text: 'What Novita keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://novita.ai/legal/privacy-policy',
  },
  flags: {
    maxTokensField: 'max_tokens',
    reasoning: 'none',
  },
};
