import type { Provider } from './provider.ts';

/** SambaNova's own API. */
export const sambanova: Provider = {
  id: 'sambanova',
  name: 'SambaNova',
  dialect: 'openai-chat',
  baseUrl: 'https://api.sambanova.ai/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', unique: false }],
  keysPage: 'https://cloud.sambanova.ai/apis',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those that bill an aborted answer in full.
  abort: 'bills-in-full',
  privacy: {
    text: 'What SambaNova keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://sambanova.ai/privacy-policy',
  },
  flags: {
    maxTokensField: 'max_tokens',
    reasoning: 'none',
  },
};
