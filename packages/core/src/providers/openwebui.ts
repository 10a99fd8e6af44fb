import type { Provider } from './provider.ts';

/** An Open WebUI server, which passes on to whatever it is connected to; so an answer may cost something. */
export const openWebUi: Provider = {
  id: 'openwebui',
  name: 'Open WebUI',
  dialect: 'openai-chat',
  baseUrl: 'http://127.0.0.1:3000/api',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyOptional: true,
  keyShapes: [{ pattern: '^sk-[0-9a-f]{32}$', unique: false, length: 35 }],
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  abort: 'unknown',
  privacy: {
    text: 'What is sent goes to whatever the server is connected to.',
    source: 'https://docs.openwebui.com/reference/api-endpoints',
  },
  flags: {
    maxTokensField: 'max_tokens',
    reasoning: 'effort',
    thinkTags: 'tagged',
  },
};
