import type { Provider } from './provider.ts';

/** Together's own API. */
export const together: Provider = {
  id: 'together',
  name: 'Together',
  dialect: 'openai-chat',
  baseUrl: 'https://api.together.xyz/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [
    { pattern: '^tgp_v1_', unique: true },
    { pattern: '^[0-9a-f]{64}$', unique: false },
  ],
  keysPage: 'https://api.together.ai/settings/api-keys',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those at which an abort ends the bill.
  abort: 'stops-billing',
  privacy: {
    text: 'What Together keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://www.together.ai/privacy',
  },
  flags: {
    // Quirk 149.
    maxTokensField: 'max_tokens',
    // Quirk 197.
    reasoning: 'reasoning-enabled',
    // Quirk 195.
    reasoningReplay: 'reasoning',
    // Quirk 194.
    toolChoice: false,
  },
};
