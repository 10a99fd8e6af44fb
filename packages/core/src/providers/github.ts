import type { Provider } from './provider.ts';

/** GitHub Models. */
export const github: Provider = {
  id: 'github',
  name: 'GitHub Models',
  dialect: 'openai-chat',
  baseUrl: 'https://models.github.ai/inference',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^(ghp_|github_pat_)', unique: true }],
  keysPage: 'https://github.com/settings/personal-access-tokens/new',
  // docs.github.com/en/rest/models/catalog, which does not say what a wrong key is told: no check of one.
  modelsPath: '../catalog/models',
  modelsFormat: 'github',
  browser: 'unknown',
  abort: 'unknown',
  privacy: {
    text: 'What GitHub keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://docs.github.com/en/github-models/responsible-use-of-github-models',
  },
  flags: {
    maxTokensField: 'max_tokens',
    reasoning: 'effort',
  },
};
