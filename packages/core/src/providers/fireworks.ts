import type { Provider } from './provider.ts';

/** Fireworks' own API. */
export const fireworks: Provider = {
  id: 'fireworks',
  name: 'Fireworks',
  dialect: 'openai-chat',
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^fw_', unique: true }],
  keysPage: 'https://app.fireworks.ai/settings/users/api-keys',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those at which an abort ends the bill.
  abort: 'stops-billing',
  privacy: {
    text: 'Fireworks does not keep prompts or answers of open models unless you ask it to.',
    source: 'https://docs.fireworks.ai/guides/security_compliance/data_handling',
  },
  flags: {
    maxTokensField: 'max_tokens',
    // Quirk 198.
    seedField: 'none',
    reasoning: 'effort',
    // Quirk 200.
    thinkTags: 'tagged',
  },
};
