import type { Provider } from './provider.ts';

/** Groq's own API. */
export const groq: Provider = {
  id: 'groq',
  name: 'Groq',
  dialect: 'openai-chat',
  baseUrl: 'https://api.groq.com/openai/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^gsk_', unique: true }],
  keysPage: 'https://console.groq.com/keys',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those that bill an aborted answer in full.
  abort: 'bills-in-full',
  families: [
    { pattern: '(whisper|tts|orpheus|guard|safeguard)', chat: false },
    // Quirk 164.
    { pattern: 'qwen3', reasoning: true, efforts: ['none', 'default'] },
    { pattern: 'gpt-oss', reasoning: true, efforts: ['low', 'medium', 'high'] },
    // Quirk 163: their history may hold no thinking, and none is sent.
    // console.groq.com/docs/prefilling: an answer at the end is gone on with.
    { pattern: '^(llama|meta-llama|allam|gemma)', reasoning: false, prefill: {} },
  ],
  privacy: {
    text: 'Groq does not train on what is sent and does not keep it, but up to 30 days for reliability and abuse unless you opt out.',
    source: 'https://console.groq.com/docs/your-data',
  },
  flags: {
    reasoning: 'effort',
    // console.groq.com/docs/vision: images, and no other files.
    files: 'none',
  },
};
