import type { Provider } from './provider.ts';

/** The model that the browser brings along (Prompt API). No server, no key, no cost. */
export const browser: Provider = {
  id: 'browser',
  name: 'This browser',
  note: 'runs on this machine',
  dialect: 'prompt-api',
  baseUrl: '',
  auth: 'none',
  keyOptional: true,
  local: {},
  keyShapes: [],
  browser: 'open',
  abort: 'stops-billing',
  privacy: {
    text: 'The model runs inside the browser; nothing is sent.',
    source: 'https://developer.chrome.com/docs/ai/prompt-api',
  },
  flags: { reasoning: 'none' },
};
