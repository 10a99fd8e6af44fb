import type { Prefill, Provider } from './provider.ts';

/** platform.kimi.ai/docs/api/partial, whose examples are of kimi-k2.5; of those that only ever think it says nothing. */
const PARTIAL: Prefill = { message: { partial: true } };

/** From K2.5 on: "invalid temperature: only 1 is allowed for this model"; platform.kimi.ai/docs/api/models-overview. */
const FIXED: readonly string[] = ['temperature', 'top_p'];

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
    { pattern: '^kimi-k2\\.5', reasoning: true, refuses: FIXED, prefill: PARTIAL },
    { pattern: '^kimi-k(2\\.[6-9]|[3-9])', reasoning: true, refuses: FIXED },
    { pattern: '^kimi-k2', reasoning: true },
    { pattern: '^moonshot-v1', reasoning: false, prefill: PARTIAL },
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
