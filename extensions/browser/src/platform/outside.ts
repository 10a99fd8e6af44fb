import type { Outside } from '@patchbay/stores/indexeddb';
import { browser } from './browser.ts';

const STARTED = 'databases-started';
const MADE = 'databases-made';

/**
 * What our databases remember in the extension's own storage, which lies beside theirs and not in it. The background and
 * each page have one of their own; a lock of the browser's keeps them from doing the same work twice.
 */
export function createOutside(
  storage: Pick<typeof browser.storage, 'local' | 'session'> = browser.storage,
  locks: Pick<LockManager, 'request'> = navigator.locks,
): Outside {
  const { local, session } = storage;
  const made = async (): Promise<readonly string[]> => {
    const names: unknown = (await local.get(MADE))[MADE];
    return Array.isArray(names) ? names : [];
  };
  let started: Promise<void> | undefined;
  return {
    afterStart: (work) => {
      // The session area is emptied when the browser ends.
      started ??= locks.request(STARTED, async () => {
        if ((await session.get(STARTED))[STARTED] === true) return;
        await work();
        await session.set({ [STARTED]: true });
      });
      started.catch(() => {
        started = undefined;
      });
      return started;
    },
    wasMade: async (name) => (await made()).includes(name),
    made: (name) =>
      locks.request(MADE, async () => {
        const names = await made();
        if (!names.includes(name)) await local.set({ [MADE]: [...names, name] });
      }),
  };
}
