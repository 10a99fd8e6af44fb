import { type Failure, type Key, type ModelList, refreshModels, resolveProvider, type Vault } from '@patchbay/core';
import type { StoredModelLists } from './model-lists.ts';

export interface ModelRefreshPorts {
  readonly vault: Pick<Vault, 'status' | 'list' | 'open'>;
  readonly lists: StoredModelLists;
  readonly fetch: typeof fetch;
  /** ms since epoch. */
  readonly now: () => number;
}

export interface ModelRefresh {
  /** Asks the key's provider for its models and keeps the list; what went wrong where that did not work. */
  refresh(key: Key): Promise<Failure | undefined>;
  /**
   * The same for every key whose list is missing or old, and forgets lists of deleted keys. Quiet about failures: whoever
   * opens the picker asks again and is told.
   * @returns whether any list changed
   */
  refreshStale(): Promise<boolean>;
}

/** Prices move rarely, and the hard limits that go along with a request catch those that do. */
const OLD_MS = 24 * 3_600_000;
/** A provider that did not answer is left alone for a while. */
const PAUSE_MS = 10 * 60_000;

export function createModelRefresh({ vault, lists, fetch, now }: ModelRefreshPorts): ModelRefresh {
  const tried = new Map<string, number>();

  const refresh = async (key: Key): Promise<Failure | undefined> => {
    tried.set(key.id, now());
    const { secret } = await vault.open(key.id);
    const outcome = await refreshModels({ provider: resolveProvider(key), keyId: key.id, secret, fetch, now });
    if (!outcome.ok) return outcome.failure;
    await lists.write(outcome.list);
    return undefined;
  };

  const isStale = (key: Key, list: ModelList | undefined) => {
    // What a clock that ran ahead has dated is as old as nobody knows: else its prices would stay for as long.
    const isOlder = (at: number, than: number) => Math.abs(now() - at) > than;
    const last = tried.get(key.id);
    if (last !== undefined && !isOlder(last, PAUSE_MS)) return false;
    return list === undefined || list.baseUrl !== resolveProvider(key).baseUrl || isOlder(list.fetchedAt, OLD_MS);
  };

  return {
    refresh,
    refreshStale: async () => {
      if ((await vault.status()).locked) return false;
      const keys = await vault.list();
      await lists.keepOnly(new Set(keys.map((key) => key.id)));
      const outcomes = await Promise.all(
        keys.map(async (key) => {
          if (!isStale(key, await lists.ofKey(key.id))) return false;
          return (await refresh(key)) === undefined;
        }),
      );
      return outcomes.includes(true);
    },
  };
}
