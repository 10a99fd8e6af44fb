import { describe, expect, test } from 'vitest';
import { dialectOf } from '../dialects/lookup.ts';
import { providers } from './registry.ts';

/** Everybody Patchbay promises to talk to. */
const PROMISED = [
  ...['openrouter', 'openai', 'anthropic', 'google', 'meta', 'mistral', 'deepseek', 'x-ai', 'groq', 'together'],
  ...['fireworks', 'cerebras', 'perplexity', 'cohere', 'moonshotai', 'zai', 'qwen', 'minimax', 'nvidia', 'huggingface'],
  ...['github', 'azure', 'aws', 'vercel', 'deepinfra', 'sambanova', 'novita', 'nebius', 'hyperbolic', 'ollama'],
  ...['lmstudio', 'llamacpp', 'vllm', 'openwebui', 'custom'],
];

/** Whose address is the user's own. */
const NAMED_BY_THE_USER = new Set(['azure', 'aws', 'custom']);

/** Who lists no models where it answers, and why its models come from the catalogue or the user alone. */
const WITHOUT_LIST: { readonly [provider: string]: string } = {
  perplexity: 'publishes none',
  cohere: 'lists them under another version of its API',
  minimax: 'lists them under its other protocol',
  github: 'lists them at another address',
  aws: 'lists them at another address, which its bearer keys do not open',
};

const networked = providers.filter(({ dialect }) => dialect !== 'guide' && dialect !== 'prompt-api');

test('everybody who was promised is there, and nobody else', () => {
  expect(networked.map(({ id }) => id).sort()).toEqual([...PROMISED].sort());
});

describe.each(networked.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
  const local = provider.keyOptional === true;

  test('has an address, a protocol, and a header for its key', () => {
    expect(provider.name).toMatch(/\S/);
    if (NAMED_BY_THE_USER.has(id)) expect(provider.baseUrl).toBe('');
    else expect(provider.baseUrl).toMatch(provider.local || local ? /^http:\/\/127\.0\.0\.1:\d+\// : /^https:\/\//);
    expect(dialectOf(provider.dialect).name).toBe(provider.dialect);
    expect(provider.auth).toMatchObject({ header: expect.stringMatching(/^[a-z-]+$/) });
  });

  test('has a shape of its keys, and a page that hands them out', () => {
    if (local) return expect(provider.keyOptional).toBe(true);
    expect(provider.keyShapes.length).toBeGreaterThan(0);
    for (const { pattern } of provider.keyShapes) expect(pattern).toMatch(/^\^/);
    expect(provider.keysPage).toMatch(/^https:\/\//);
  });

  test('has a list of its models, or a reason for none', () => {
    expect(provider.modelsPath === undefined).toBe(id in WITHOUT_LIST);
    if (provider.modelsPath === undefined) return;
    expect(provider.modelsPath).toMatch(/^\//);
    expect(provider.modelsFormat).toBeDefined();
    expect(provider.checkPath).toMatch(/^\//);
  });

  test('says whether a browser may call it, and whether an abort ends the bill', () => {
    expect(['open', 'closed', 'unknown']).toContain(provider.browser);
    expect(['stops-billing', 'bills-in-full', 'by-upstream', 'unknown']).toContain(provider.abort);
  });

  test('says what becomes of what it is sent, and who says so', () => {
    if (id === 'custom') return expect(provider.privacy).toBeUndefined();
    expect(provider.privacy?.text).toMatch(/\.$/);
    expect(provider.privacy?.source).toMatch(/^https:\/\//);
  });
});
