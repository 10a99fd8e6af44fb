import type { ConversationStore } from '@patchbay/core';
import { CONTRACT_VERSION, type HostState } from '../contract/views.ts';
import type { Accounts } from './accounts.ts';
import { DEFAULT_SETTINGS } from './conversations.ts';
import type { StorageStatus } from './storage-status.ts';

/** Puts together what every panel knows about its host. A store that cannot be read leaves the defaults, and says so. */
export async function stateOf(
  accounts: Accounts,
  store: Pick<ConversationStore, 'settings'>,
  storage: StorageStatus,
): Promise<HostState> {
  const view = await accounts.view();
  const settings = await store.settings().catch((error: unknown) => {
    storage.failed(error);
    return undefined;
  });
  const trouble = storage.current();
  return {
    contractVersion: CONTRACT_VERSION,
    ...view,
    settings: settings ?? DEFAULT_SETTINGS,
    ...(trouble && { storage: trouble }),
  };
}
