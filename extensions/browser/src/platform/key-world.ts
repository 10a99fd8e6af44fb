import { createDatabase, createIndexedDbLedger } from '@patchbay/stores/indexeddb';
import type { KeyWorld } from '../options/add-key.ts';
import { announceChange } from './changes.ts';
import { createOutside } from './outside.ts';
import { requestOrigin } from './permissions.ts';
import { openVault } from './vault.ts';

/** What a page of ours needs to add a key by itself: no message between pages and background ever carries one. */
export function openKeyWorld() {
  const outside = createOutside();
  return {
    vault: openVault(createIndexedDbLedger(createDatabase({ outside })), outside),
    fetch: (input, init) => fetch(input, init),
    online: () => navigator.onLine,
    requestOrigin,
    announce: announceChange,
  } satisfies KeyWorld;
}
