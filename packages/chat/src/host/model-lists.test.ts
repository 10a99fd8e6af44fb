import type { ModelList } from '@patchbay/core';
import { expect, it } from 'vitest';
import { createStoredModelLists, type ListArea } from './model-lists.ts';

function area(): ListArea & { readonly items: Map<string, unknown> } {
  const items = new Map<string, unknown>();
  return {
    items,
    get: async () => structuredClone(Object.fromEntries(items)),
    set: async (added) => {
      for (const [name, value] of Object.entries(added)) items.set(name, structuredClone(value));
    },
    remove: async (names) => {
      for (const name of names) items.delete(name);
    },
  };
}

const list = (provider: string, keyId?: string): ModelList => ({
  v: 1,
  provider,
  ...(keyId !== undefined && { keyId }),
  baseUrl: 'https://example.com/v1',
  complete: false,
  models: [{ id: `${provider} of ${keyId ?? 'nobody'}` }],
  fetchedAt: 1,
});

it('keeps one list for each provider and key, across restarts', async () => {
  const on = area();
  const first = createStoredModelLists(on);
  await first.write(list('openai', 'a'));
  await first.write(list('openai', 'b'));
  await first.write(list('custom', 'a'));
  await first.write({ ...list('openai', 'a'), fetchedAt: 2 });

  const again = createStoredModelLists(on);
  const read = await again.read('openai');
  expect(read.map((one) => [one.keyId, one.fetchedAt])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
  // The same objects each time: the catalogue keeps an index by identity.
  expect((await again.read('openai'))[0]).toBe(read[0]);
  expect((await again.ofKey('b'))?.provider).toBe('openai');
});

it('forgets the lists of keys that are gone, and those alone', async () => {
  const on = area();
  on.items.set('something else', 1);
  const lists = createStoredModelLists(on);
  await lists.write(list('openai', 'a'));
  await lists.write(list('openai', 'b'));
  await lists.write(list('ollama'));
  await lists.keepOnly(new Set(['b']));
  expect((await lists.read('openai')).map((one) => one.keyId)).toEqual(['b']);
  expect((await createStoredModelLists(on).read('openai')).map((one) => one.keyId)).toEqual(['b']);
  expect(await lists.read('ollama')).toHaveLength(1);
  expect(on.items.has('something else')).toBe(true);
});

it('takes what it cannot read for missing', async () => {
  const on = area();
  on.items.set('models:["openai","a"]', { v: 2, models: [] });
  on.items.set('models:["openai","b"]', 'nonsense');
  expect(await createStoredModelLists(on).read('openai')).toEqual([]);
});

it('remembers which models do not stream, across restarts and until the next list of their key', async () => {
  const on = area();
  const first = createStoredModelLists(on);
  const of = (model: string, keyId = 'a') => ({ provider: 'openai', model, keyId });
  expect(await first.wholeOnly.has(of('o3-pro'))).toBe(false);
  await first.write(list('openai', 'a'));
  await first.wholeOnly.add(of('o3-pro'));
  await first.wholeOnly.add(of('o1-pro'));
  const again = createStoredModelLists(on).wholeOnly;
  expect(await Promise.all([of('o3-pro'), of('o1-pro'), of('gpt-5'), of('o3-pro', 'b')].map(again.has))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  await first.write({ ...list('openai', 'a'), fetchedAt: 2 });
  expect(await first.wholeOnly.has(of('o3-pro'))).toBe(false);
  await first.wholeOnly.add(of('o3-pro'));
  await first.keepOnly(new Set());
  expect(on.items.size).toBe(0);
});

it('takes what something else wrote to its place for no list', async () => {
  const price = { input: '0.1', output: '0.2', tiers: [{ abovePromptTokens: 5, input: '0.3' }] };
  const whole = { ...list('openai', 'a'), models: [{ id: 'm', name: 'M', price, reasoning: {}, later: 1 }] };
  const broken = [
    null,
    'list',
    [],
    { ...whole, v: 2 },
    { ...whole, provider: 5 },
    { ...whole, models: 5 },
    { ...whole, models: [null] },
    { ...whole, models: [{ name: 'no id' }] },
    { ...whole, models: [{ id: 'm', price: { input: 0.1, output: 0.2 } }] },
    { ...whole, models: [{ id: 'm', price: 'free' }] },
    { ...whole, models: [{ id: 'm', price: { ...price, tiers: [{ input: 1 }] } }] },
    { ...whole, models: [{ id: 'm', parameters: 'tools' }] },
    { ...whole, models: [{ id: 'm', aliases: {} }] },
    { ...whole, baseUrl: undefined },
    { ...whole, fetchedAt: 'today' },
  ];
  const on = area();
  await on.set({ 'models:whole': whole, 'whole:["openai","a"]': ['m', 5, null] });
  await on.set(Object.fromEntries(broken.map((value, index) => [`models:${index}`, value])));
  const lists = createStoredModelLists(on);
  expect(await lists.read('openai')).toEqual([whole]);
  expect(await lists.wholeOnly.has({ provider: 'openai', keyId: 'a', model: 'm' })).toBe(true);
});
