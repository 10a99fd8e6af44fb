import type { Provider } from './provider.ts';

/** DeepInfra's own API. */
export const deepinfra: Provider = {
  id: 'deepinfra',
  name: 'DeepInfra',
  dialect: 'openai-chat',
  baseUrl: 'https://api.deepinfra.com/v1/openai',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^[A-Za-z0-9]{32}$', unique: false }],
  keysPage: 'https://deepinfra.com/dash/api_keys',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those at which an abort ends the bill.
  abort: 'stops-billing',
  privacy: {
    text: 'DeepInfra does not keep or train on what is sent to models it hosts itself.',
    source: 'https://deepinfra.com/docs/data',
  },
  flags: {
    maxTokensField: 'max_tokens',
    reasoning: 'effort',
  },
};
