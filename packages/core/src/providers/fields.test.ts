import { describe, expect, test } from 'vitest';
import { dialectOf } from '../dialects/lookup.ts';
import { pageUrl } from '../transport/endpoint-url.ts';
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
  aws: 'lists them at another address, which its bearer keys do not open',
};

/** Whose documentation does not say that the list is refused to a wrong key, so that it is no check of one. */
const UNCHECKED = new Set(['github']);

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
    const base = provider.baseUrl === '' ? 'https://host.example/v1' : provider.baseUrl;
    expect(pageUrl(base, provider.modelsPath)).toBeDefined();
    expect(provider.modelsFormat).toBeDefined();
    expect(provider.checkPath === undefined).toBe(UNCHECKED.has(id));
    if (provider.checkPath !== undefined) expect(pageUrl(base, provider.checkPath)).toBeDefined();
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
