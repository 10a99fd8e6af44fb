import type { GatewayPorts, ModelChoice, ModelList, ModelLists } from '@patchbay/core';
import { isStoredList } from './stored-list.ts';

/** Where a product keeps the lists: names and JSON. `storage.local` of a browser is one. */
export interface ListArea {
  get(keys: null): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
  remove(keys: string[]): Promise<void>;
}

export interface StoredModelLists extends ModelLists {
  /** The list that was asked for with this key. */
  ofKey(keyId: string): Promise<ModelList | undefined>;
  /**
   * Models that were found not to stream. Forgotten with the next list of their key, a day later: a model may begin to
   * stream, an account may be verified, and to find out again costs nothing.
   */
  readonly wholeOnly: NonNullable<GatewayPorts['wholeOnly']>;
  /** Forgets the lists of keys that are no more. */
  keepOnly(keyIds: ReadonlySet<string>): Promise<void>;
}

const PREFIX = 'models:';
const WHOLE = 'whole:';
const wholeName = ({ provider, keyId = '' }: Pick<ModelChoice, 'provider' | 'keyId'>) =>
  `${WHOLE}${JSON.stringify([provider, keyId])}`;
const nameOf = (provider: string, keyId: string | undefined) => `${PREFIX}${JSON.stringify([provider, keyId ?? ''])}`;

/**
 * Providers' lists of models, kept across restarts. Public knowledge, so it lies in clear. Read once and then from
 * memory: the background alone uses it, and a list that is the same object keeps its index in the catalogue.
 */
export function createStoredModelLists(area: ListArea): StoredModelLists {
  let loading: Promise<Map<string, ModelList>> | undefined;
  /** Models by key, filled with the lists. */
  const whole = new Map<string, readonly string[]>();
  const load = async (): Promise<Map<string, ModelList>> => {
    const lists = new Map<string, ModelList>();
    for (const [name, value] of Object.entries(await area.get(null))) {
      if (name.startsWith(PREFIX) && isStoredList(value)) lists.set(name, value);
      if (name.startsWith(WHOLE) && Array.isArray(value))
        whole.set(
          name,
          value.filter((model) => typeof model === 'string'),
        );
    }
    return lists;
  };
  const forgetWhole = async ({ provider, keyId = '' }: ModelList) => {
    const name = wholeName({ provider, keyId });
    if (whole.delete(name)) await area.remove([name]);
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
      await forgetWhole(list);
    },
    wholeOnly: {
      has: async (choice) => {
        await all();
        return whole.get(wholeName(choice))?.includes(choice.model) ?? false;
      },
      add: async (choice) => {
        await all();
        const name = wholeName(choice);
        const models = [...new Set([...(whole.get(name) ?? []), choice.model])];
        whole.set(name, models);
        await area.set({ [name]: models });
      },
    },
    ofKey: async (keyId) => [...(await all()).values()].find((list) => list.keyId === keyId),
    keepOnly: async (keyIds) => {
      const lists = await all();
      const stale = [...lists].flatMap(([name, { keyId }]) =>
        keyId !== undefined && !keyIds.has(keyId) ? [name] : [],
      );
      for (const name of stale) {
        const list = lists.get(name);
        lists.delete(name);
        if (list) await forgetWhole(list);
      }
      if (stale.length > 0) await area.remove(stale);
    },
  };
}
