import type { Provider } from './provider.ts';

/** Cerebras' own API. */
export const cerebras: Provider = {
  id: 'cerebras',
  name: 'Cerebras',
  dialect: 'openai-chat',
  baseUrl: 'https://api.cerebras.ai/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^csk-', unique: true }],
  keysPage: 'https://cloud.cerebras.ai',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  abort: 'unknown',
  families: [{ pattern: 'gpt-oss', reasoning: true, efforts: ['low', 'medium', 'high'] }],
  privacy: {
    text: 'What Cerebras keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://www.cerebras.ai/privacy-policy',
  },
  flags: {
    reasoning: 'effort',
    // Quirk 202.
    reasoningReplay: 'reasoning',
  },
};
