import { describe, expect, test } from 'vitest';
import { normalizeBaseUrl } from './base-url.ts';
import { foreignKeys } from './foreign-keys.ts';
import type { ProviderFlags } from './provider.ts';
import {
  abortStopsBilling,
  authHeaders,
  familyOf,
  providerFor,
  providerOf,
  providers,
  resolveProvider,
  runsLocally,
} from './registry.ts';

describe('the provider data', () => {
  test('is consistent', () => {
    expect(new Set(providers.map((provider) => provider.id)).size).toBe(providers.length);
    for (const provider of providers) {
      expect(providerOf(provider.id)).toBe(provider);
      if (provider.baseUrl !== '') {
        expect(normalizeBaseUrl(provider.baseUrl), provider.id).toMatchObject({ ok: true, baseUrl: provider.baseUrl });
      }
      for (const shape of provider.keyShapes) expect(() => new RegExp(shape.pattern)).not.toThrow();
      for (const family of provider.families ?? []) expect(() => new RegExp(family.pattern)).not.toThrow();
      expect(provider.abort === 'by-upstream').toBe(provider.abortStopsAt !== undefined);
      expect(provider.modelsPath === undefined).toBe(provider.modelsFormat === undefined);
      if (provider.id !== 'custom') expect(provider.privacy?.source, provider.id).toBeTruthy();
    }
    for (const foreign of foreignKeys) {
      if (foreign.baseUrl !== undefined) {
        expect(normalizeBaseUrl(foreign.baseUrl)).toMatchObject({ ok: true, baseUrl: foreign.baseUrl });
      }
    }
  });

  test('gives every unique key shape to one provider alone', () => {
    const samples = [`sk-or-v1-${'0'.repeat(64)}`, 'sk-proj-abcdefgh', 'sk-svcacct-abcdefgh'];
    for (const sample of samples) {
      const owners = providers.filter((one) =>
        one.keyShapes.some((s) => s.unique && new RegExp(s.pattern).test(sample)),
      );
      expect(owners).toHaveLength(1);
    }
  });

  test('knows no provider by another name', () => {
    expect(providerOf('nobody')).toBeUndefined();
    expect(providerOf('constructor')).toBeUndefined();
  });
});

describe('resolveProvider', () => {
  test('lays a key’s own address over the provider’s', () => {
    const resolved = resolveProvider({ provider: 'openrouter', baseUrl: 'https://eu.openrouter.ai/api/v1' });
    expect(resolved).toMatchObject({
      id: 'openrouter',
      baseUrl: 'https://eu.openrouter.ai/api/v1',
      modelsFormat: 'openrouter',
    });
  });

  test('lets a custom endpoint set every flag, and keeps the rest', () => {
    const flags: Required<ProviderFlags> = {
      maxTokensField: 'max_completion_tokens',
      thinkingApart: { slack: 10 },
      streamOptions: false,
      systemRole: 'developer',
      assistantContentNeverNull: true,
      toolsWithToolHistory: true,
      reasoning: 'none',
      reasoningReplay: 'reasoning_content',
      sendsMaxPrice: true,
      reportsCost: true,
      toolCallIdMax: 9,
      reasoningModelsRejectSampling: true,
      minOutputTokens: 16,
      maxStopStrings: 1,
      unsignedThinking: true,
      requiredToolWord: 'any',
      seedField: 'none',
      plainSchemas: true,
      files: 'none',
      jsonSchema: false,
      toolChoice: false,
      sessionField: 'session_id',
      sessionHeader: 'x-affinity',
      thinkTags: 'tagged',
      prefill: { message: { prefix: true } },
      transcript: { merge: true },
    };
    const base = { provider: 'custom', baseUrl: 'https://host.example/v1' };
    for (const flag of Object.keys(flags) as (keyof ProviderFlags)[]) {
      const resolved = resolveProvider({ ...base, overrides: { flags: { [flag]: flags[flag] } } });
      expect(resolved.flags).toEqual({ ...providerOf('custom')?.flags, [flag]: flags[flag] });
    }
    const resolved = resolveProvider({
      ...base,
      overrides: { name: 'Mine', auth: { header: 'x-api-key' }, modelsPath: '', abort: 'bills-in-full' },
    });
    expect(resolved).toMatchObject({
      id: 'custom',
      name: 'Mine',
      auth: { header: 'x-api-key' },
      modelsPath: '',
      abort: 'bills-in-full',
    });
  });

  test('treats a provider it does not know as a custom endpoint of that name', () => {
    const resolved = resolveProvider({ provider: 'newcomer', baseUrl: 'https://api.newcomer.example/v1' });
    expect(resolved).toMatchObject({
      id: 'newcomer',
      dialect: 'openai-chat',
      baseUrl: 'https://api.newcomer.example/v1',
    });
  });

  test('calls a local server free only while it is on the user’s own network', () => {
    const here = resolveProvider({ provider: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1' });
    expect(runsLocally(here, 'llama3.2')).toBe(true);
    expect(runsLocally(here, 'gpt-oss:120b-cloud')).toBe(false);
    const there = resolveProvider({ provider: 'ollama', baseUrl: 'https://ollama.com/v1' });
    expect(runsLocally(there, 'llama3.2')).toBe(false);
    const custom = resolveProvider({ provider: 'custom', baseUrl: 'http://127.0.0.1:4000/v1' });
    expect(runsLocally(custom, 'gpt-4o')).toBe(false);
    expect(runsLocally(resolveProvider({ provider: 'guide', baseUrl: '' }), 'guide')).toBe(true);
  });
});

test('authHeaders carries the secret the provider’s way, and nothing where there is none', () => {
  const openai = resolveProvider({ provider: 'openai', baseUrl: '' });
  expect(authHeaders(openai, 'sk-1')).toEqual({ authorization: 'Bearer sk-1' });
  expect(authHeaders(openai, '')).toEqual({});
  expect(authHeaders({ ...openai, auth: { header: 'x-api-key' } }, 'k')).toEqual({ 'x-api-key': 'k' });
  expect(authHeaders({ ...openai, auth: 'none' }, 'k')).toEqual({});
});

test('abortStopsBilling is true only where that is known', () => {
  const openrouter = resolveProvider({ provider: 'openrouter', baseUrl: '' });
  expect(abortStopsBilling(openrouter, 'Anthropic')).toBe(true);
  expect(abortStopsBilling(openrouter, 'deepinfra')).toBe(true);
  expect(abortStopsBilling(openrouter, 'SF Compute')).toBe(true);
  expect(abortStopsBilling(openrouter, 'Amazon Bedrock')).toBe(false);
  expect(abortStopsBilling(openrouter, 'Google')).toBe(false);
  expect(abortStopsBilling(openrouter, 'Somebody New')).toBe(false);
  expect(abortStopsBilling(openrouter)).toBe(false);
  expect(abortStopsBilling(resolveProvider({ provider: 'openai', baseUrl: '' }))).toBe(true);
  expect(abortStopsBilling(resolveProvider({ provider: 'custom', baseUrl: 'https://h.example' }))).toBe(false);
});

describe('familyOf (quirk 50)', () => {
  const openai = resolveProvider({ provider: 'openai', baseUrl: '' });
  test.each([
    ['o1', true],
    ['o3-mini', true],
    ['o4-mini-2025-04-16', true],
    ['gpt-5', true],
    ['gpt-5-mini', true],
    ['gpt-5.2', true],
    ['gpt-5-chat-latest', false],
    ['gpt-5.1-chat-latest', false],
    ['gpt-4o', false],
    ['gpt-4.1-nano', false],
    ['gpt-3.5-turbo', false],
    ['gpt-4o-search-preview', false],
    ['gpt-oss-120b', undefined],
    ['something-new', undefined],
  ])('%s reasons: %s', (id, reasoning) => {
    expect(familyOf(openai, id)?.reasoning).toBe(reasoning);
    expect(familyOf(openai, id)?.chat).toBeUndefined();
  });

  test.each([
    'text-embedding-3-small',
    'whisper-1',
    'dall-e-3',
    'gpt-image-1',
    'gpt-4o-transcribe',
    'tts-1',
    'gpt-realtime',
    'gpt-4o-realtime-preview',
    'o3-deep-research',
  ])('%s does not chat here', (id) => {
    expect(familyOf(openai, id)?.chat).toBe(false);
  });
});

describe('providerFor', () => {
  const key = { provider: 'openai', baseUrl: 'https://api.openai.com/v1' };

  test.each(['gpt-6-astra', 'gpt-6-luna', 'gpt-5.4', 'gpt-5-mini', 'o3', 'o1-pro', 'gpt-5-pro', 'gpt-5.2-codex'])(
    'asks %s over Responses (quirk 69)',
    (model) => {
      expect(providerFor(key, model).dialect).toBe('openai-responses');
    },
  );

  test.each(['gpt-4.1', 'gpt-5-chat-latest', 'gpt-4o-search-preview', 'unknown'])(
    'asks %s over Chat Completions',
    (model) => {
      expect(providerFor(key, model).dialect).toBe('openai-chat');
    },
  );

  test('leaves it to the key, and to servers of others', () => {
    expect(providerFor({ ...key, overrides: { dialect: 'openai-chat' } }, 'gpt-5.4').dialect).toBe('openai-chat');
    expect(providerFor({ ...key, baseUrl: 'https://proxy.example/v1' }, 'gpt-5.4').dialect).toBe('openai-chat');
  });
});
