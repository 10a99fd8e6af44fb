import type { Provider } from './provider.ts';

/** Meta's Llama API over its OpenAI-compatible route (quirk 204). */
export const meta: Provider = {
  id: 'meta',
  name: 'Meta',
  dialect: 'openai-chat',
  baseUrl: 'https://api.llama.com/compat/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^LLM\\|', unique: true }],
  keysPage: 'https://llama.developer.meta.com/api-keys',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  abort: 'unknown',
  privacy: {
    text: 'Meta does not train on what its Llama API is sent.',
    source: 'https://llama.developer.meta.com/docs/data-commitments',
  },
  flags: {
    // Quirk 204: it has no such field.
    reasoning: 'none',
  },
};
