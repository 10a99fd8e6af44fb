import { createDatabase, createIndexedDbLedger } from '@patchbay/stores/indexeddb';
import type { KeyWorld } from '../options/add-key.ts';
import { announceChange } from './changes.ts';
import { requestOrigin } from './permissions.ts';
import { openVault } from './vault.ts';

/** What a page of ours needs to add a key by itself: no message between pages and background ever carries one. */
export function openKeyWorld() {
  return {
    vault: openVault(createIndexedDbLedger(createDatabase())),
    fetch: (input, init) => fetch(input, init),
    online: () => navigator.onLine,
    requestOrigin,
    announce: announceChange,
  } satisfies KeyWorld;
}
