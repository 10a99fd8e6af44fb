import { SELF_SERVED } from './model-demands.ts';
import type { Provider } from './provider.ts';

/** vLLM's server. */
export const vllm: Provider = {
  id: 'vllm',
  name: 'vLLM',
  dialect: 'openai-chat',
  baseUrl: 'http://127.0.0.1:8000/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyOptional: true,
  local: {},
  keyShapes: [],
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  abort: 'stops-billing',
  families: SELF_SERVED,
  privacy: {
    text: 'Models run on your own machine.',
    source: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html',
  },
  flags: {
    maxTokensField: 'max_tokens',
    // Quirk 231.
    reasoning: 'template',
    // Quirk 227: without its reasoning parser, thinking stands in the answer.
    thinkTags: 'tagged',
    // docs.vllm.ai, extra parameters of chats; a template that thinks is told not to.
    prefill: {
      request: {
        continue_final_message: true,
        add_generation_prompt: false,
        chat_template_kwargs: { enable_thinking: false },
      },
    },
  },
};
