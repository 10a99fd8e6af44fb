import type { Provider } from './provider.ts';

/** LM Studio's local server. */
export const lmstudio: Provider = {
  id: 'lmstudio',
  name: 'LM Studio',
  dialect: 'openai-chat',
  baseUrl: 'http://127.0.0.1:1234/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyOptional: true,
  local: {},
  keyShapes: [],
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  // CORS is off by default there (`lms server start --cors`).
  browser: 'closed',
  abort: 'stops-billing',
  families: [{ pattern: '^text-embedding', chat: false }],
  privacy: { text: 'Models run on your own machine.', source: 'https://lmstudio.ai/docs/app/offline' },
  flags: { maxTokensField: 'max_tokens', reasoning: 'none', thinkTags: 'tagged' },
};
