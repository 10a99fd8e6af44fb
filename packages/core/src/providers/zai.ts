import type { Provider } from './provider.ts';

/** Z.ai's (Zhipu's) own API. */
export const zai: Provider = {
  id: 'zai',
  name: 'Z.ai',
  dialect: 'openai-chat',
  baseUrl: 'https://api.z.ai/api/paas/v4',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^[0-9a-f]{32}\\.[A-Za-z0-9]{16}$', unique: true }],
  keysPage: 'https://z.ai/manage-apikey/apikey-list',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  abort: 'unknown',
  families: [
    { pattern: '(image|video|asr|embedding|ocr)', chat: false },
    { pattern: '^glm-(4\\.[5-9]|[5-9])', reasoning: true },
  ],
  privacy: {
    text: 'What Z.ai keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://docs.z.ai/legal-agreement/privacy-policy',
  },
  flags: {
    // Quirk 149.
    maxTokensField: 'max_tokens',
    // Quirk 255.
    reasoning: 'thinking-type',
    reasoningReplay: 'reasoning_content',
    // docs.z.ai/guides/capabilities/struct-output: `json_object` alone.
    jsonSchema: false,
  },
};
