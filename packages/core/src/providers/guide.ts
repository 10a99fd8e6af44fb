import type { Provider } from './provider.ts';

/** The built-in guide: bundled help over the same streaming path. No server, no key, no cost, and no model. */
export const guide: Provider = {
  id: 'guide',
  name: 'Built-in guide',
  note: 'not an AI model',
  dialect: 'guide',
  baseUrl: '',
  auth: 'none',
  keyOptional: true,
  local: {},
  keyShapes: [],
  browser: 'open',
  abort: 'stops-billing',
  privacy: { text: 'Answers come from text inside Patchbay; nothing is sent.', source: 'Patchbay’s own code' },
  flags: {},
};
