import type { Provider } from './provider.ts';

/** Moonshot's (Kimi's) own API. */
export const moonshot: Provider = {
  id: 'moonshotai',
  name: 'Moonshot',
  dialect: 'openai-chat',
  baseUrl: 'https://api.moonshot.ai/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^sk-[A-Za-z0-9]{48}$', unique: false }],
  keysPage: 'https://platform.moonshot.ai/console/api-keys',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  abort: 'unknown',
  families: [
    { pattern: '^kimi-k2', reasoning: true },
    { pattern: '^moonshot-v1', reasoning: false },
  ],
  privacy: {
    text: 'What Moonshot keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://platform.moonshot.ai/docs/agreement/userprivacy',
  },
  flags: {
    // Quirk 149.
    maxTokensField: 'max_tokens',
    reasoning: 'thinking-type',
    reasoningReplay: 'reasoning_content',
    // Quirk 254: the word $schema in a tool makes k2.5 answer nonsense.
    plainSchemas: true,
  },
};
