import type { ModelList, ModelLists } from '@patchbay/core';

/** Where a product keeps the lists: names and JSON. `storage.local` of a browser is one. */
export interface ListArea {
  get(keys: null): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
  remove(keys: string[]): Promise<void>;
}

export interface StoredModelLists extends ModelLists {
  /** The list that was asked for with this key. */
  ofKey(keyId: string): Promise<ModelList | undefined>;
  /** Forgets the lists of keys that are no more. */
  keepOnly(keyIds: ReadonlySet<string>): Promise<void>;
}

const PREFIX = 'models:';
const nameOf = (provider: string, keyId: string | undefined) => `${PREFIX}${JSON.stringify([provider, keyId ?? ''])}`;

/**
 * Providers' lists of models, kept across restarts. Public knowledge, so it lies in clear. Read once and then from
 * memory: the background alone uses it, and a list that is the same object keeps its index in the catalogue.
 */
export function createStoredModelLists(area: ListArea): StoredModelLists {
  let loading: Promise<Map<string, ModelList>> | undefined;
  const load = async (): Promise<Map<string, ModelList>> => {
    const lists = new Map<string, ModelList>();
    for (const [name, value] of Object.entries(await area.get(null))) {
      if (name.startsWith(PREFIX) && isList(value)) lists.set(name, value);
    }
    return lists;
  };
  const all = () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    read: async (provider) => [...(await all()).values()].filter((list) => list.provider === provider),
    write: async (list) => {
      const name = nameOf(list.provider, list.keyId);
      (await all()).set(name, list);
      await area.set({ [name]: list });
    },
    ofKey: async (keyId) => [...(await all()).values()].find((list) => list.keyId === keyId),
    keepOnly: async (keyIds) => {
      const lists = await all();
      const stale = [...lists].flatMap(([name, { keyId }]) =>
        keyId !== undefined && !keyIds.has(keyId) ? [name] : [],
      );
      for (const name of stale) lists.delete(name);
      if (stale.length > 0) await area.remove(stale);
    },
  };
}

/** A list of another version, or something else entirely, is asked for again. */
function isList(value: unknown): value is ModelList {
  return typeof value === 'object' && value !== null && 'v' in value && value.v === 1 && 'models' in value;
}
