import { describe, expect, test } from 'vitest';
import { type CatalogPorts, createCatalog } from './catalog.ts';
import { createMemoryModelLists } from './memory-lists.ts';
import type { ListedModel, ModelList } from './model.ts';
import { createSnapshot, loadSnapshot } from './snapshot.ts';

const snapshot = createSnapshot({
  asOf: '2026-01-01',
  source: 'by hand',
  providers: {
    openai: [
      { id: 'gpt-4o', in: '2.5', out: '10', ctx: 128_000, also: ['gpt-4o-2024-08-06'] },
      { id: 'gone', in: '1', out: '1' },
    ],
    openrouter: [{ id: 'a/stale', in: '1', out: '1' }],
    groq: [{ id: 'llama', in: '0.5', out: '0.8' }],
  },
});

const list = (provider: string, models: readonly ListedModel[], more: Partial<ModelList> = {}): ModelList => ({
  v: 1,
  provider,
  baseUrl: 'https://host.example/v1',
  complete: provider === 'openrouter',
  models,
  fetchedAt: 1_000,
  ...more,
});

async function catalogOf(lists: readonly ModelList[], user?: CatalogPorts['user']) {
  const live = createMemoryModelLists();
  for (const one of lists) await live.write(one);
  return createCatalog({ snapshot: async () => snapshot, live, ...(user && { user }) });
}

const price = { input: '0.1', output: '0.2' };

describe('find', () => {
  test('knows nothing of what nobody lists', async () => {
    const catalog = await catalogOf([]);
    expect(await catalog.find('openai', 'new')).toBeUndefined();
    expect(await catalog.find('custom', 'anything', 'k1')).toBeUndefined();
    expect(await catalog.find('nobody', 'x')).toBeUndefined();
  });

  test('takes the snapshot while there is no list', async () => {
    const catalog = await catalogOf([]);
    expect(await catalog.find('openai', 'gpt-4o')).toMatchObject({
      id: 'gpt-4o',
      provider: 'openai',
      contextTokens: 128_000,
      price: { input: '0.0000025' },
      source: 'snapshot',
    });
  });

  test('a list of ids says what there is, and the snapshot what it costs', async () => {
    const catalog = await catalogOf([list('openai', [{ id: 'gpt-4o', contextTokens: 5 }, { id: 'new' }])]);
    expect(await catalog.find('openai', 'gpt-4o')).toMatchObject({
      contextTokens: 5,
      price: { input: '0.0000025' },
      source: 'live',
      fetchedAt: 1_000,
    });
    expect(await catalog.find('openai', 'new')).toMatchObject({ id: 'new', source: 'live' });
    expect((await catalog.find('openai', 'new'))?.price).toBeUndefined();
    expect(await catalog.find('openai', 'gone')).toMatchObject({ source: 'snapshot' });
  });

  test('a complete list stands alone: an old price is never brought back', async () => {
    const catalog = await catalogOf([list('openrouter', [{ id: 'a/b', price }, { id: 'a/unknown' }])]);
    expect(await catalog.find('openrouter', 'a/stale')).toBeUndefined();
    expect((await catalog.find('openrouter', 'a/unknown'))?.price).toBeUndefined();
    expect((await catalog.find('openrouter', 'a/b'))?.price).toEqual(price);
  });

  test('answers to the name it was asked by', async () => {
    const catalog = await catalogOf([list('openrouter', [{ id: 'a/b', price, aliases: ['a/b-20260101'] }])]);
    expect(await catalog.find('openrouter', 'a/b-20260101')).toMatchObject({ id: 'a/b-20260101', price });
    expect(await catalog.find('openai', 'gpt-4o-2024-08-06')).toMatchObject({
      id: 'gpt-4o-2024-08-06',
      price: { input: '0.0000025' },
    });
  });

  test('takes off routing suffixes, and keeps those that name a model of its own', async () => {
    const catalog = await catalogOf([list('openrouter', [{ id: 'a/b', price }, { id: 'a/c' }, { id: 'a/c:free' }])]);
    for (const id of ['a/b:nitro', 'a/b:floor', 'a/b:exacto', 'a/b:nitro:floor']) {
      expect(await catalog.find('openrouter', id)).toMatchObject({ id, price });
    }
    expect(await catalog.find('openrouter', 'a/c:free:nitro')).toMatchObject({ id: 'a/c:free:nitro' });
    expect(await catalog.find('openrouter', 'a/b:free')).toBeUndefined();
    expect(await catalog.find('openrouter', 'a/b:thinking')).toBeUndefined();
    expect(await catalog.find('openrouter', 'a/b@preset/mine')).toBeUndefined();
    expect(await catalog.find('openrouter', '@preset/mine')).toBeUndefined();
  });

  test('does not know the price of what is searched for besides', async () => {
    const catalog = await catalogOf([list('openrouter', [{ id: 'a/b', price, free: true }])]);
    const online = await catalog.find('openrouter', 'a/b:online');
    expect(online).toMatchObject({ id: 'a/b:online' });
    expect(online).not.toHaveProperty('price');
    expect(online).not.toHaveProperty('free');
  });

  test('leaves colons of other providers alone', async () => {
    const models = [{ id: 'llama3:8b', price }];
    const catalog = await catalogOf([list('ollama', models, { keyId: 'k1' })]);
    expect(await catalog.find('ollama', 'llama3:8b', 'k1')).toMatchObject({ id: 'llama3:8b', price });
    expect(await catalog.find('ollama', 'llama3:nitro', 'k1')).toBeUndefined();
  });

  test('keeps the lists of two custom servers apart', async () => {
    const catalog = await catalogOf([
      list('custom', [{ id: 'mine', contextTokens: 1 }], { keyId: 'k1' }),
      list('custom', [{ id: 'mine', contextTokens: 2 }], { keyId: 'k2', fetchedAt: 2_000 }),
    ]);
    expect(await catalog.find('custom', 'mine', 'k1')).toMatchObject({ contextTokens: 1 });
    expect(await catalog.find('custom', 'mine', 'k2')).toMatchObject({ contextTokens: 2 });
    expect(await catalog.find('custom', 'mine', 'k3')).toBeUndefined();
  });

  test('lends a provider’s newest list to a key that has none yet', async () => {
    const catalog = await catalogOf([
      list('openrouter', [{ id: 'a/b', contextTokens: 1 }], { keyId: 'k1' }),
      list('openrouter', [{ id: 'a/b', contextTokens: 2 }], { keyId: 'k2', fetchedAt: 2_000 }),
    ]);
    expect(await catalog.find('openrouter', 'a/b', 'k1')).toMatchObject({ contextTokens: 1 });
    expect(await catalog.find('openrouter', 'a/b', 'k3')).toMatchObject({ contextTokens: 2 });
    expect(await catalog.find('openrouter', 'a/b')).toMatchObject({ contextTokens: 2 });
  });

  test('prices a custom endpoint at a known address', async () => {
    const at = (baseUrl: string) => list('custom', [{ id: 'llama' }], { keyId: 'k1', baseUrl });
    const groq = await catalogOf([at('https://api.groq.com/openai/v1')]);
    expect((await groq.find('custom', 'llama', 'k1'))?.price?.output).toBe('0.0000008');
    const other = await catalogOf([at('https://api.groq.com.example/openai/v1')]);
    expect((await other.find('custom', 'llama', 'k1'))?.price).toBeUndefined();
  });

  test('puts the user’s word above all, field by field and price as one', async () => {
    const catalog = await catalogOf(
      [list('openrouter', [{ id: 'a/b', price: { ...price, cacheRead: '0.3' }, name: 'B' }])],
      async (provider, model) =>
        provider === 'openrouter' && (model === 'a/b' || model === 'a/mine')
          ? { price: { input: '9', output: '9' } }
          : undefined,
    );
    expect(await catalog.find('openrouter', 'a/b')).toEqual({
      id: 'a/b',
      provider: 'openrouter',
      name: 'B',
      price: { input: '9', output: '9' },
      source: 'user',
      fetchedAt: 1_000,
    });
    expect(await catalog.find('openrouter', 'a/mine')).toMatchObject({ source: 'user', price: { input: '9' } });
    expect((await catalog.find('openrouter', 'a/b:online'))?.price).toEqual({ input: '9', output: '9' });
  });

  test('tells from an id what the provider’s families know', async () => {
    const catalog = await catalogOf([list('openai', [{ id: 'o3-mini' }, { id: 'whisper-1' }, { id: 'gpt-4o' }])]);
    expect(await catalog.find('openai', 'o3-mini')).toMatchObject({
      reasoning: { efforts: ['low', 'medium', 'high'] },
    });
    expect((await catalog.find('openai', 'whisper-1'))?.chat).toBe(false);
    expect((await catalog.find('openai', 'gpt-4o'))?.chat).toBeUndefined();
    expect((await catalog.find('openai', 'gpt-4o'))?.reasoning).toBeUndefined();
  });

  test('a model that searches by itself costs its search with every request, or nobody knows what', async () => {
    const search = { ...price, webSearch: '0.005' };
    const catalog = await catalogOf([
      list('openrouter', [
        { id: 'perplexity/sonar', price: search },
        { id: 'perplexity/sonar-pro', price },
        { id: 'perplexity/sonar-deep-research', price: search },
        { id: 'openai/o3-deep-research', price: search },
        { id: 'a/b', price: search },
      ]),
      list('openai', [{ id: 'gpt-4o-search-preview', price: search }]),
    ]);
    const priceOf = async (provider: string, id: string) => (await catalog.find(provider, id))?.price;
    expect(await priceOf('openrouter', 'perplexity/sonar')).toEqual({ ...search, request: '0.005' });
    expect(await priceOf('openrouter', 'perplexity/sonar-pro')).toBeUndefined();
    expect(await priceOf('openrouter', 'perplexity/sonar-deep-research')).toBeUndefined();
    expect(await priceOf('openrouter', 'openai/o3-deep-research')).toBeUndefined();
    expect(await priceOf('openrouter', 'a/b')).toEqual(search);
    expect(await priceOf('openai', 'gpt-4o-search-preview')).toEqual({ ...search, request: '0.035' });
  });

  test('every answer of Perplexity’s own that has a price has one for its request', async () => {
    const catalog = createCatalog({ snapshot: loadSnapshot, live: createMemoryModelLists() });
    const sonars = (await catalog.list('perplexity')).filter((model) => model.id.startsWith('sonar'));
    expect(sonars.map(({ id, price }) => [id, price?.request])).toEqual([
      ['sonar', '0.012'],
      ['sonar-deep-research', undefined],
      ['sonar-pro', '0.014'],
      ['sonar-pro-search', undefined],
      ['sonar-reasoning', '0.012'],
      ['sonar-reasoning-pro', '0.014'],
    ]);
    expect(sonars.filter(({ price }) => price && price.request === undefined)).toEqual([]);
    // The same under a custom endpoint's name.
    const custom = createMemoryModelLists();
    const models = ['sonar', 'sonar-deep-research'].map((id) => ({ id }));
    await custom.write(list('custom', models, { keyId: 'k1', baseUrl: 'https://api.perplexity.ai' }));
    const own = await createCatalog({ snapshot: loadSnapshot, live: custom }).list('custom', 'k1');
    expect(own.map((model) => model.price?.request)).toEqual(['0.012', undefined]);
    expect(own[1]?.price).toBeUndefined();
  });

  test('has the built-in guide, free and offline', async () => {
    const catalog = await catalogOf([]);
    expect(await catalog.find('guide', 'guide')).toMatchObject({ free: true, price: { input: '0', output: '0' } });
    expect(await catalog.find('guide', 'gpt-4o')).toBeUndefined();
    expect(await catalog.list('guide')).toHaveLength(1);
  });

  test('tries the snapshot again after it failed to load', async () => {
    let calls = 0;
    const catalog = createCatalog({
      live: createMemoryModelLists(),
      snapshot: async () => {
        calls += 1;
        if (calls === 1) throw new Error('chunk missing');
        return snapshot;
      },
    });
    await expect(catalog.find('openai', 'gpt-4o')).rejects.toThrow('chunk missing');
    expect(await catalog.find('openai', 'gpt-4o')).toBeDefined();
    await catalog.find('openai', 'gpt-4o');
    expect(calls).toBe(2);
  });
});

describe('list', () => {
  test('is the snapshot’s before the first list, and the list’s from then on', async () => {
    const before = await catalogOf([]);
    expect((await before.list('openai')).map((model) => model.id)).toEqual(['gpt-4o', 'gone']);
    expect(await before.list('custom', 'k1')).toEqual([]);
    const after = await catalogOf([list('openai', [{ id: 'gpt-4o' }, { id: 'new' }])]);
    expect(await after.list('openai')).toMatchObject([
      { id: 'gpt-4o', source: 'live', price: { input: '0.0000025' } },
      { id: 'new', source: 'live' },
    ]);
  });

  test('sees a list that another window has written', async () => {
    const live = createMemoryModelLists();
    const catalog = createCatalog({ snapshot: async () => snapshot, live });
    expect(await catalog.list('openrouter')).toMatchObject([{ id: 'a/stale' }]);
    await live.write(list('openrouter', [{ id: 'a/b' }]));
    expect(await catalog.list('openrouter')).toMatchObject([{ id: 'a/b' }]);
    await live.write(list('openrouter', [{ id: 'a/c' }], { fetchedAt: 2_000 }));
    expect(await catalog.list('openrouter')).toMatchObject([{ id: 'a/c' }]);
  });
});
