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
