import type { Provider } from './provider.ts';

/** xAI's own API. */
export const xai: Provider = {
  id: 'x-ai',
  name: 'xAI',
  dialect: 'openai-chat',
  baseUrl: 'https://api.x.ai/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^xai-', unique: true }],
  keysPage: 'https://console.x.ai',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those at which an abort ends the bill.
  abort: 'stops-billing',
  families: [
    { pattern: '(image|video|imagine|embedding|voice)', chat: false },
    // docs.x.ai/developers/model-capabilities/text/reasoning
    { pattern: '^grok-4\\.3', reasoning: true, refuses: ['stop'], efforts: ['none', 'low', 'medium', 'high'] },
    // docs.x.ai/developers/grok-4-6
    { pattern: '^grok-4\\.6', reasoning: true, refuses: ['stop'], efforts: ['low', 'medium', 'high', 'xhigh'] },
    { pattern: '^grok-4\\.[5-9]', reasoning: true, refuses: ['stop'], efforts: ['low', 'medium', 'high'] },
    // Quirk 192.
    { pattern: '^grok-(4|code)', reasoning: true, refuses: ['reasoning_effort', 'stop'] },
    { pattern: '^grok-3-mini', reasoning: true, refuses: ['stop'], efforts: ['low', 'high'] },
    { pattern: '^grok-(2|3)', reasoning: false },
  ],
  privacy: {
    text: 'xAI does not train on API data without permission, and deletes it within 30 days.',
    source: 'https://x.ai/legal/faq-enterprise',
  },
  flags: {
    reasoning: 'effort',
    // docs.x.ai: files are stored first, and asked about over another protocol.
    files: 'none',
    // In ticks of 10^-10 USD (quirk 193).
    reportsCost: true,
  },
};
