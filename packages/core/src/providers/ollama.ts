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
  // Quirk 35: an empty 403 to the origin of a browser extension unless OLLAMA_ORIGINS lists it.
  browser: 'closed',
  abort: 'stops-billing',
  privacy: {
    text: 'Models run on your own machine; only those whose name ends in “cloud” leave it.',
    source: 'https://docs.ollama.com/faq',
  },
  flags: { maxTokensField: 'max_tokens', reasoning: 'effort' },
};
