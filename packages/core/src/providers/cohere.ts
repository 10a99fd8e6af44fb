import type { Provider } from './provider.ts';

/** Cohere over its own chat, version 2. */
export const cohere: Provider = {
  id: 'cohere',
  name: 'Cohere',
  dialect: 'cohere',
  baseUrl: 'https://api.cohere.com/v2',
  auth: { header: 'authorization', scheme: 'Bearer' },
  // Forty letters and digits, as others have them too.
  keyShapes: [{ pattern: '^[A-Za-z0-9]{40}$', unique: false }],
  keysPage: 'https://dashboard.cohere.com/api-keys',
  // docs.cohere.com/reference/list-models: a list of its version 1, up to 1,000 on a page.
  modelsPath: '../v1/models?endpoint=chat&page_size=1000',
  modelsFormat: 'cohere',
  checkPath: '../v1/models?endpoint=chat&page_size=1',
  browser: 'unknown',
  // OpenRouter's list of upstreams at which an abort ends the bill names Cohere (its page on stream cancellation).
  abort: 'stops-billing',
  families: [
    { pattern: '^(embed|rerank|command-light|c4ai-aya-vision)', chat: false },
    { pattern: '^command-a-(?:reasoning|plus)', reasoning: true },
    { pattern: '^(command-r|command-a-0|command-a-vision|command-a-translate|c4ai)', reasoning: false },
  ],
  privacy: {
    text: 'Cohere may use what trial and paid keys send to improve its models, unless you opt out in its dashboard.',
    source: 'https://cohere.com/data-usage-policy',
  },
  flags: { maxStopStrings: 5 },
};
