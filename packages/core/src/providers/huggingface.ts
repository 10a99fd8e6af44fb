import type { Provider } from './provider.ts';

/** Hugging Face's router, which passes each backend's answers on as they are (quirk 259). */
export const huggingface: Provider = {
  id: 'huggingface',
  name: 'Hugging Face',
  dialect: 'openai-chat',
  baseUrl: 'https://router.huggingface.co/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^hf_', unique: true }],
  keysPage: 'https://huggingface.co/settings/tokens',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those that bill an aborted answer in full.
  abort: 'bills-in-full',
  privacy: {
    text: 'Hugging Face keeps no prompts or answers of routed requests; what the model’s host keeps depends on the host.',
    source: 'https://huggingface.co/docs/inference-providers/security',
  },
  flags: {
    maxTokensField: 'max_tokens',
    reasoning: 'effort',
    thinkTags: 'tagged',
  },
};
