import type { Prefill, Provider } from './provider.ts';

/** Answers are gone on with while it does not think. */
const UNTHOUGHT: Prefill = { message: { partial: true }, request: { enable_thinking: false } };

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
    // They always think, and `thinking_budget` is not among what they take.
    { pattern: '^(qwq|qvq|deepseek-r1|kimi-k2-thinking)', reasoning: true, thinking: { form: 'unbounded' } },
    // alibabacloud.com/help/en/model-studio/partial-mode: these, and where they can think, only while they do not.
    {
      pattern: '^qwen3-coder|^qwen2\\.5-(\\d|coder|math)|^qwen-(coder|math|vl-(max|plus))',
      reasoning: false,
      prefill: { message: { partial: true } },
    },
    { pattern: '-instruct', reasoning: false },
    // `max_completion_tokens`, "the chain of thought included": Qwen3.7-Max, Qwen3.5-Plus, and those after them …
    {
      pattern: '^qwen3\\.[7-9]-max|^qwen3\\.[5-9]-plus',
      reasoning: true,
      maxTokensField: 'max_completion_tokens',
      prefill: UNTHOUGHT,
    },
    // … and of others kimi-k2.5, glm-5, MiniMax-M2.5, deepseek-v4, and those after them.
    {
      pattern: '^(qwen[4-9]|kimi-k(2\\.[5-9]|[3-9])|glm-[5-9]|MiniMax-M(2\\.[5-9]|[3-9])|deepseek-v[4-9])',
      reasoning: true,
      maxTokensField: 'max_completion_tokens',
    },
    // `thinking_budget`: "Qwen3.7, Qwen3.6, Qwen3.5, Qwen3-VL and Qwen3, commercial and open".
    { pattern: '^qwen3.*-thinking', reasoning: true, thinking: { form: 'budget', mandatory: true } },
    {
      pattern: '^qwen(3(\\.\\d)?)?-(max|plus|flash|turbo)|^qwen3-vl-(plus|flash)',
      reasoning: true,
      thinking: { form: 'budget' },
      prefill: UNTHOUGHT,
    },
    { pattern: '^qwen3(?!-omni)', reasoning: true, thinking: { form: 'budget' } },
  ],
  privacy: {
    text: 'What Alibaba keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://www.alibabacloud.com/help/en/model-studio/privacy-notice',
  },
  flags: {
    maxTokensField: 'max_tokens',
    // Quirk 256.
    reasoning: 'enable-thinking',
    // help.aliyun.com/zh/model-studio/qwen-api-via-openai-chat-completions: "max_tokens does not limit the length of the
    // chain of thought"; `max_completion_tokens` limits both, and may be missed by 10 tokens.
    thinkingApart: { slack: 10 },
    // So that some is left of it to answer with, whatever is taken off.
    minOutputTokens: 32,
  },
};
