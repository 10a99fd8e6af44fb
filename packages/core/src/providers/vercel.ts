import type { Provider } from './provider.ts';

/** Vercel's gateway: one key, many providers. */
export const vercel: Provider = {
  id: 'vercel',
  name: 'Vercel AI Gateway',
  dialect: 'openai-chat',
  baseUrl: 'https://ai-gateway.vercel.sh/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^vck_', unique: true }],
  keysPage: 'https://vercel.com/d?to=%2F%5Bteam%5D%2F%7E%2Fai%2Fapi-keys',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  abort: 'unknown',
  privacy: {
    text: 'Vercel does not keep what passes its gateway; what the model’s host keeps depends on the host.',
    source: 'https://vercel.com/docs/ai-gateway/capabilities/zdr',
  },
  flags: {
    maxTokensField: 'max_tokens',
    reasoning: 'openrouter',
    reasoningReplay: 'reasoning_details',
  },
};
