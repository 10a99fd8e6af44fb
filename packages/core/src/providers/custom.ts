import type { Provider } from './provider.ts';

/** Any server that speaks OpenAI's chat protocol. The user names the address; every flag can be set on the key. */
export const custom: Provider = {
  id: 'custom',
  name: 'OpenAI-compatible',
  dialect: 'openai-chat',
  baseUrl: '',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyOptional: true,
  keyShapes: [],
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  abort: 'unknown',
  // Quirk 149: far more of these servers know `max_tokens` alone than `max_completion_tokens` alone.
  flags: { maxTokensField: 'max_tokens', reasoning: 'effort', thinkTags: 'tagged' },
};
