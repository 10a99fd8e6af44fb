import type { Provider } from './provider.ts';

/** Nebius' own API. */
export const nebius: Provider = {
  id: 'nebius',
  name: 'Nebius Token Factory',
  dialect: 'openai-chat',
  baseUrl: 'https://api.tokenfactory.nebius.com/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^(eyJ|v1\\.)', unique: false }],
  keysPage: 'https://tokenfactory.nebius.com',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those that bill an aborted answer in full.
  abort: 'bills-in-full',
  families: [{ pattern: '(embed|bge|flux|guard)', chat: false }],
  privacy: {
    text: 'What Nebius keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://docs.tokenfactory.nebius.com/legal/privacy-policy',
  },
  flags: {
    maxTokensField: 'max_tokens',
    reasoning: 'effort',
  },
};
