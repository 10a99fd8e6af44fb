import { type ConversationStore, StoreError } from '@patchbay/core';
import type { HostState } from '../contract/views.ts';

export type StorageView = HostState['storage'];

/** Whether conversations can be saved, as far as the host has tried. */
export interface StorageStatus {
  current(): StorageView;
  /** A read or write failed. */
  failed(error: unknown): void;
  /** A write went through. */
  worked(): void;
  /** Asks the store. */
  check(store: ConversationStore): Promise<void>;
}

/** @param onChange called when what panels should be told changes */
export function createStorageStatus(onChange: () => void): StorageStatus {
  let current: StorageView;
  const set = (next: StorageView) => {
    if (next?.state === current?.state && next?.message === current?.message) return;
    current = next;
    onChange();
  };
  return {
    current: () => current,
    failed: (error) => {
      // What is wrong with one record says nothing about the store.
      if (!(error instanceof StoreError) || error.code === 'missing' || error.code === 'conflict') return;
      set({ state: error.code, message: error.message });
    },
    worked: () => set(undefined),
    check: async (store) => {
      const health = await store.health();
      set(health.state === 'ready' ? undefined : health);
    },
  };
}
