import { describe, expect, test } from 'vitest';
import { rankModels, type Searchable } from './rank.ts';

const models: readonly Searchable[] = [
  {
    provider: 'openrouter',
    providerName: 'OpenRouter',
    id: 'anthropic/claude-sonnet-4',
    name: 'Anthropic: Claude Sonnet 4',
  },
  { provider: 'openrouter', providerName: 'OpenRouter', id: 'openai/gpt-5-mini', name: 'OpenAI: GPT-5 Mini' },
  { provider: 'openrouter', providerName: 'OpenRouter', id: 'openai/gpt-5', name: 'OpenAI: GPT-5' },
  { provider: 'openrouter', providerName: 'OpenRouter', id: 'mistralai/ministral-8b', name: 'Ministral 8B' },
  { provider: 'openai', providerName: 'OpenAI', id: 'gpt-5', name: 'GPT-5' },
  { provider: 'openai', providerName: 'OpenAI', id: 'text-embedding-3', chat: false },
  { provider: 'ollama', providerName: 'Ollama', id: 'llama3.2:3b' },
];
const rank = (query: string, options?: Parameters<typeof rankModels>[3]) =>
  rankModels(query, models, (model) => model, options).map((model) => `${model.provider}/${model.id}`);

describe('rankModels', () => {
  test('without a query keeps the list’s order, and leaves out what does not chat', () => {
    expect(rank('')).toEqual(models.filter((m) => m.chat !== false).map((m) => `${m.provider}/${m.id}`));
    expect(rank('  ')).toHaveLength(6);
  });

  test('puts the closest name first', () => {
    expect(rank('gpt-5')[0]).toBe('openrouter/openai/gpt-5');
    expect(rank('gpt-5')[2]).toBe('openrouter/openai/gpt-5-mini');
    expect(rank('mini')[0]).toBe('openrouter/openai/gpt-5-mini');
    expect(rank('mini')).toContain('openrouter/mistralai/ministral-8b');
  });

  test('needs every word, in any order, whatever the case and punctuation', () => {
    expect(rank('MINI gpt')).toEqual(['openrouter/openai/gpt-5-mini']);
    expect(rank('gpt5 mini')).toEqual(['openrouter/openai/gpt-5-mini']);
    expect(rank('gpt_5.mini')).toEqual(['openrouter/openai/gpt-5-mini']);
    expect(rank('llama3.2')).toEqual(['ollama/llama3.2:3b']);
    expect(rank('gpt sonnet')).toEqual([]);
  });

  test('does not mind accents, in the query or in the name', () => {
    const names = [{ provider: 'custom', id: 'x', name: 'Modèle Éclair' }];
    for (const query of ['modele', 'MODÈLE', 'eclair', 'éclair']) {
      expect(rankModels(query, names, (model) => model)).toEqual(names);
    }
  });

  test('finds by provider and maker', () => {
    expect(rank('openai gpt')[0]).toMatch(/gpt-5/);
    expect(rank('anthropic')).toEqual(['openrouter/anthropic/claude-sonnet-4']);
    expect(rank('ollama')).toEqual(['ollama/llama3.2:3b']);
    expect(rank('gpt', { provider: 'openai' })).toEqual(['openai/gpt-5']);
  });

  test('forgives letters left out, but ranks them last', () => {
    expect(rank('snnt')).toEqual(['openrouter/anthropic/claude-sonnet-4']);
    expect(rank('min')[0]).not.toBe('openrouter/anthropic/claude-sonnet-4');
    expect(rank('zzz')).toEqual([]);
  });

  test('puts pinned models first, in their order, as long as they match', () => {
    const pinned = ['openai/gpt-5', 'openrouter/anthropic/claude-sonnet-4'];
    expect(rank('', { pinned }).slice(0, 2)).toEqual(pinned);
    expect(rank('gpt', { pinned })[0]).toBe('openai/gpt-5');
    expect(rank('gpt', { pinned })).not.toContain('openrouter/anthropic/claude-sonnet-4');
  });

  test('stops at the limit', () => {
    expect(rank('', { limit: 2 })).toHaveLength(2);
  });

  test('looks at each entry once, however long the list', () => {
    let looks = 0;
    const many = Array.from({ length: 1_000 }, (_, index) => ({ provider: 'p', id: `model-${index}` }));
    rankModels('model 9', many, (model) => {
      looks += 1;
      return model;
    });
    expect(looks).toBe(1_000);
  });
});
