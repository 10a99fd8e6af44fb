import { type ConversationStore, type MessageRecord, StoreError, type Write } from '@patchbay/core';
import type { StorageStatus } from './storage-status.ts';

/** Final answers that a full disk refused: kept in memory, shown from there, and tried again. */
export interface Unsaved {
  keep(message: MessageRecord, batch: readonly Write[]): void;
  message(id: string): MessageRecord | undefined;
  /** The store takes it for running, but its answer is here. */
  hasRun(runId: string): boolean;
  /** Of one conversation, or all. */
  forget(conversationId?: string): void;
  close(): void;
}

/** After this many tries the process may end: ten minutes at five seconds each. */
const TRIES = 120;

export function createUnsaved(
  store: ConversationStore,
  storage: StorageStatus,
  everyMs: number,
  keepAwake: ((until: Promise<unknown>) => void) | undefined,
): Unsaved {
  const kept = new Map<string, { readonly message: MessageRecord; readonly batch: readonly Write[] }>();
  let trying: Promise<void> | undefined;
  let stop: (() => void) | undefined;
  let closed = false;

  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      stop = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const tryAgain = async () => {
    for (let tries = 0; tries < TRIES && kept.size > 0 && !closed; tries += 1) {
      await pause();
      for (const [id, { batch }] of [...kept]) {
        if (closed || !kept.has(id)) continue;
        try {
          await store.write(batch);
          kept.delete(id);
          storage.worked();
        } catch (error) {
          // Deleted meanwhile: there is nothing left to save it for.
          if (error instanceof StoreError && error.code === 'missing') kept.delete(id);
          else storage.failed(error);
        }
      }
    }
    trying = undefined;
  };

  return {
    keep: (message, batch) => {
      kept.set(message.id, { message, batch });
      if (trying) return;
      trying = tryAgain();
      keepAwake?.(trying);
    },
    message: (id) => kept.get(id)?.message,
    hasRun: (runId) => [...kept.values()].some(({ message }) => message.runId === runId),
    forget: (conversationId) => {
      for (const [id, { message }] of kept) {
        if (conversationId === undefined || message.conversationId === conversationId) kept.delete(id);
      }
    },
    close: () => {
      closed = true;
      stop?.();
    },
  };
}
