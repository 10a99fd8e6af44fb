import { createHost, createModelRefresh, createStoredModelLists, worstCaseFrom } from '@patchbay/chat/host';
import { createCatalog, createGateway, loadSnapshot } from '@patchbay/core';
import {
  createBlobStore,
  createConversationStore,
  createDatabase,
  createIndexedDbLedger,
} from '@patchbay/stores/indexeddb';
import { browser } from './browser.ts';
import { announceStart, onChange } from './changes.ts';
import { createKeepAwake } from './keep-awake.ts';
import { createOutside } from './outside.ts';
import { openOptions, openPanelOnClick } from './panel.ts';
import { acceptPanels } from './ports.ts';
import { closeStorage, openVault } from './vault.ts';

/** A background that was stopped leaves its reservations to whoever comes after it, this long after its last sign of life. */
const LEASE_MS = 30_000;

/**
 * Puts the product together and starts it. Listeners are registered in the first turn, as browsers demand of a background
 * that they start for an event.
 */
export function startBackground(): void {
  const now = () => Date.now();
  const newId = () => crypto.randomUUID();
  const ownerId = newId();
  const request: typeof fetch = (input, init) => fetch(input, init);
  const keepAwake = createKeepAwake(() => browser.runtime.getPlatformInfo());

  const outside = createOutside();
  const database = createDatabase({ outside });
  const conversations = createConversationStore(database);
  const blobs = createBlobStore(database);
  const ledger = createIndexedDbLedger(database, { now });
  const vault = openVault(ledger, outside);

  const lists = createStoredModelLists(browser.storage.local);
  const catalog = createCatalog({ snapshot: loadSnapshot, live: lists });
  const models = createModelRefresh({ vault, lists, fetch: request, now });

  const gateway = createGateway({
    wholeOnly: lists.wholeOnly,
    fetch: request,
    vault,
    ledger,
    catalog,
    blob: async (id) => (await blobs.get(id))?.bytes,
    worstCase: worstCaseFrom(conversations),
    online: () => navigator.onLine,
    owner: { id: ownerId, leaseMs: LEASE_MS },
    keepAwake,
    corrected: (correction) => host.corrected(correction),
    now,
    newId,
  });
  const host = createHost({
    gateway,
    conversations,
    blobs,
    vault,
    ledger,
    catalog,
    refreshModels: models.refresh,
    openKeys: ({ keyId, reason }) => openOptions(reason ?? 'keys', keyId),
    keepAwake,
    ownerId,
    soleOwner: true,
    now,
    newId,
  });

  const catchUp = async () => {
    if (await models.refreshStale()) host.changed();
  };
  openPanelOnClick();
  acceptPanels((port) => {
    host.connect(port);
    keepAwake(catchUp().catch(() => undefined));
  });
  onChange(() => {
    host.changed();
    keepAwake(catchUp().catch(() => undefined));
  });
  announceStart();
  void closeStorage();
  // Bills that an earlier background could not see to the end.
  keepAwake(gateway.repair().catch(() => 0));
}
