import type { ModelList, ModelLists } from './model.ts';

/** Lists for as long as the process lives: tests, and hosts that ask again at every start. */
export function createMemoryModelLists(): ModelLists {
  const lists = new Map<string, ModelList>();
  return {
    read: async (provider) => [...lists.values()].filter((list) => list.provider === provider),
    write: async (list) => {
      lists.set(JSON.stringify([list.provider, list.keyId]), list);
    },
  };
}
