import type { Json } from '@patchbay/core';

/**
 * Storage that every context of the extension sees and that is gone when the browser closes (`storage.session`). Values
 * are JSON; a `set` is atomic.
 */
export interface SessionArea {
  get(key: string): Promise<unknown>;
  set(key: string, value: Json): Promise<void>;
  remove(key: string): Promise<void>;
}

/** For hosts of one process, and for tests: gone with the process. */
export function createMemorySessionArea(): SessionArea {
  const values = new Map<string, string>();
  return {
    get: async (key) => {
      const value = values.get(key);
      return value === undefined ? undefined : (JSON.parse(value) as unknown);
    },
    set: async (key, value) => {
      values.set(key, JSON.stringify(value));
    },
    remove: async (key) => {
      values.delete(key);
    },
  };
}
