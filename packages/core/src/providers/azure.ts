import type { Provider } from './provider.ts';

/** Azure OpenAI over its v1 API: the model is the name of a deployment, and the address that of your own resource. */
export const azure: Provider = {
  id: 'azure',
  name: 'Azure OpenAI',
  dialect: 'openai-chat',
  baseUrl: '',
  auth: { header: 'api-key' },
  keyShapes: [
    { pattern: '^[0-9a-f]{32}$', unique: false },
    { pattern: '^[A-Za-z0-9]{60,}AC[A-Za-z0-9]+$', unique: false },
  ],
  keysPage: 'https://ai.azure.com',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those at which an abort ends the bill.
  abort: 'stops-billing',
  privacy: {
    text: 'Azure does not train on what is sent; it may keep it up to 30 days to watch for abuse.',
    source: 'https://learn.microsoft.com/en-us/legal/cognitive-services/openai/data-privacy',
  },
  flags: {
    reasoning: 'effort',
    reasoningModelsRejectSampling: true,
    toolCallIdMax: 40,
    maxStopStrings: 4,
  },
};
