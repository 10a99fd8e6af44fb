import type { Key } from '@patchbay/core';
import { expect, it } from 'vitest';
import { createStoredModelLists } from './model-lists.ts';
import { createModelRefresh } from './model-refresh.ts';

const key = (id: string): Key => ({
  id,
  label: id,
  provider: 'openrouter',
  origin: 'https://openrouter.ai',
  baseUrl: 'https://openrouter.ai/api/v1',
  lastFour: 'abcd',
  fingerprint: id,
  policy: { version: 1, caps: [] },
  createdAt: 0,
});

function world() {
  const stored = new Map<string, unknown>();
  const lists = createStoredModelLists({
    get: async () => Object.fromEntries(stored),
    set: async (items) => {
      for (const [name, value] of Object.entries(items)) stored.set(name, value);
    },
    remove: async (names) => {
      for (const name of names) stored.delete(name);
    },
  });
  const state = { now: 1_000_000_000, locked: false, keys: [key('a')], status: 200, asked: [] as string[] };
  const models = createModelRefresh({
    vault: {
      status: async () => ({ mode: 'device', locked: state.locked, keyCount: state.keys.length }),
      list: async () => state.keys,
      open: async (id) => ({ key: key(id), secret: `secret of ${id}` }),
    },
    lists,
    fetch: (async (_url: unknown, init?: RequestInit) => {
      state.asked.push(new Headers(init?.headers).get('authorization') ?? '');
      return new Response(JSON.stringify({ data: [{ id: 'a/b', pricing: { prompt: '0', completion: '0' } }] }), {
        status: state.status,
      });
    }) as typeof fetch,
    now: () => state.now,
  });
  return { lists, models, state };
}

it('fetches what is missing, and again after a day', async () => {
  const { lists, models, state } = world();
  expect(await models.refreshStale()).toBe(true);
  expect((await lists.ofKey('a'))?.models[0]?.id).toBe('a/b');
  expect(state.asked).toEqual(['Bearer secret of a']);
  state.now += 23 * 3_600_000;
  expect(await models.refreshStale()).toBe(false);
  state.now += 2 * 3_600_000;
  expect(await models.refreshStale()).toBe(true);
  expect(state.asked).toHaveLength(2);
});

it('fetches again what a clock that ran ahead has dated', async () => {
  const { lists, models, state } = world();
  const right = state.now;
  state.now += 73 * 365 * 24 * 3_600_000;
  expect(await models.refreshStale()).toBe(true);
  state.now = right;
  expect(await models.refreshStale()).toBe(true);
  expect((await lists.ofKey('a'))?.fetchedAt).toBe(right);
  expect(await models.refreshStale()).toBe(false);
});

it('leaves a provider alone that just failed, but asks when told to', async () => {
  const { models, state } = world();
  state.status = 503;
  expect(await models.refreshStale()).toBe(false);
  expect(await models.refreshStale()).toBe(false);
  expect(state.asked).toHaveLength(1);
  expect((await models.refresh(key('a')))?.kind).toBe('unavailable');
  state.now += 11 * 60_000;
  state.status = 200;
  expect(await models.refreshStale()).toBe(true);
});

it('asks nothing while the vault is locked, and forgets the lists of deleted keys', async () => {
  const { lists, models, state } = world();
  state.locked = true;
  expect(await models.refreshStale()).toBe(false);
  expect(state.asked).toEqual([]);
  state.locked = false;
  await models.refreshStale();
  state.keys = [];
  await models.refreshStale();
  expect(await lists.ofKey('a')).toBeUndefined();
});
