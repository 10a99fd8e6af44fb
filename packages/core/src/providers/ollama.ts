import type { Provider } from './provider.ts';

/** Ollama on this machine. */
export const ollama: Provider = {
  id: 'ollama',
  name: 'Ollama',
  dialect: 'openai-chat',
  baseUrl: 'http://127.0.0.1:11434/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyOptional: true,
  // Its `-cloud` models run on Ollama's servers under a plan.
  local: { except: '[:-]cloud$' },
  keyShapes: [],
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'closed',
  originRefused:
    'Ollama refuses requests from browser extensions. Set OLLAMA_ORIGINS=chrome-extension://*,moz-extension://* for it, and restart it.',
  abort: 'stops-billing',
  // Quirk 221: "must be "high", "medium", "low", or "none"", of which gpt-oss does not know the last.
  families: [
    { pattern: 'gpt-oss', reasoning: true, efforts: ['low', 'medium', 'high'] },
    { pattern: '', efforts: ['none', 'low', 'medium', 'high'] },
  ],
  privacy: {
    text: 'Models run on your own machine; only those whose name ends in “cloud” leave it.',
    source: 'https://docs.ollama.com/faq',
  },
  flags: {
    maxTokensField: 'max_tokens',
    reasoning: 'effort',
    thinkTags: 'tagged',
    // docs.ollama.com/openai: images, and no other files.
    files: 'none',
  },
};
