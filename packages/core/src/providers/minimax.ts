import type { Provider } from './provider.ts';

/** MiniMax over its Anthropic-compatible API, which alone tells thinking apart (quirk 257). */
export const minimax: Provider = {
  id: 'minimax',
  name: 'MiniMax',
  dialect: 'anthropic-messages',
  baseUrl: 'https://api.minimax.io/anthropic/v1',
  auth: { header: 'x-api-key' },
  keyShapes: [{ pattern: '^sk-(api|cp)-', unique: true }],
  keysPage: 'https://platform.minimax.io/user-center/basic-information/interface-key',
  // platform.minimax.io/docs/api-reference/models/anthropic/list-models: Anthropic's shape, of which ids are told by all.
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those that bill an aborted answer in full.
  abort: 'bills-in-full',
  families: [{ pattern: '^MiniMax-M', reasoning: true }],
  privacy: {
    text: 'What MiniMax keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://www.minimax.io/platform/protocol/privacy-policy',
  },
  flags: {
    // Quirk 88; thinking has to come back whole.
    unsignedThinking: true,
  },
};
