import type { Provider } from './provider.ts';

/** Alibaba's Model Studio over its OpenAI-compatible mode, outside of China. */
export const qwen: Provider = {
  id: 'qwen',
  name: 'Qwen (Alibaba)',
  dialect: 'openai-chat',
  baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^sk-[0-9a-f]{32}$', unique: false, length: 35 }],
  keysPage: 'https://modelstudio.console.alibabacloud.com/?tab=playground#/api-key',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those that bill an aborted answer in full.
  abort: 'bills-in-full',
  families: [
    { pattern: '(embedding|rerank|tts|asr|image|wan|livetranslate|realtime)', chat: false },
    // alibabacloud.com/help/en/model-studio/partial-mode: these, and where they can think, only while they do not.
    {
      pattern: '^qwen3-coder|^qwen2\\.5-(\\d|coder|math)|^qwen-(coder|math|vl-(max|plus))',
      reasoning: false,
      prefill: { message: { partial: true } },
    },
    {
      pattern: '^qwen(3(\\.\\d)?)?-(max|plus|flash|turbo)(?!.*thinking)|^qwen3-vl-(plus|flash)',
      reasoning: true,
      prefill: { message: { partial: true }, request: { enable_thinking: false } },
    },
    { pattern: '^(qwq|qwen3)', reasoning: true },
  ],
  privacy: {
    text: 'What Alibaba keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://www.alibabacloud.com/help/en/model-studio/privacy-notice',
  },
  flags: {
    maxTokensField: 'max_tokens',
    // Quirk 256.
    reasoning: 'enable-thinking',
  },
};
