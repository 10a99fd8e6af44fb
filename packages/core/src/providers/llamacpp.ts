import { SELF_SERVED } from './model-demands.ts';
import type { Provider } from './provider.ts';

/** llama.cpp's `llama-server`. */
export const llamacpp: Provider = {
  id: 'llamacpp',
  name: 'llama.cpp',
  dialect: 'openai-chat',
  baseUrl: 'http://127.0.0.1:8080/v1',
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
    source: 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md',
  },
  flags: {
    maxTokensField: 'max_tokens',
    reasoning: 'none',
    reasoningReplay: 'reasoning_content',
    thinkTags: 'tagged',
    // `--prefill-assistant`, on by default; "Assistant response prefill is incompatible with enable_thinking."
    prefill: { request: { chat_template_kwargs: { enable_thinking: false } } },
  },
};
