import { DEEPSEEK } from './model-demands.ts';
import type { Prefill, Provider } from './provider.ts';

/** api-docs.deepseek.com/guides/chat_prefix_completion: "set base_url=https://api.deepseek.com/beta to enable". */
const PREFILL: Prefill = { message: { prefix: true }, under: '/beta' };

/** DeepSeek's own API. */
export const deepseek: Provider = {
  id: 'deepseek',
  name: 'DeepSeek',
  dialect: 'openai-chat',
  baseUrl: 'https://api.deepseek.com/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^sk-[0-9a-f]{32}$', unique: false, length: 35 }],
  keysPage: 'https://platform.deepseek.com/api_keys',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those at which an abort ends the bill.
  abort: 'stops-billing',
  families: [
    {
      pattern: '^deepseek-v4',
      reasoning: true,
      refusesWhileReasoning: ['temperature', 'top_p'],
      prefill: { ...PREFILL, request: { thinking: { type: 'disabled' } } },
    },
    { pattern: '^deepseek-reasoner', reasoning: true, refusesWhileReasoning: ['temperature', 'top_p'] },
    { pattern: '^deepseek-chat', reasoning: false, prefill: PREFILL },
  ],
  privacy: {
    text: 'DeepSeek may use what is sent to improve its models, and stores it in China.',
    source: 'https://cdn.deepseek.com/policies/en-US/deepseek-privacy-policy.html',
  },
  flags: {
    // Quirk 149.
    maxTokensField: 'max_tokens',
    // Quirk 181.
    reasoning: 'thinking-type',
    // Quirk 180: beside tool calls it must be there, and nowhere else.
    reasoningReplay: 'reasoning_content',
    transcript: DEEPSEEK,
    // api-docs.deepseek.com: `json_object` alone, and text alone.
    jsonSchema: false,
    files: 'none',
  },
};
