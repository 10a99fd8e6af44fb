import type { Ledger, Vault } from '@patchbay/core';
import type { Outside } from '@patchbay/stores/indexeddb';
import { createWebCryptoVault } from '@patchbay/stores/vault-webcrypto';
import { browser } from './browser.ts';

/**
 * The vault of this browser profile. The background and the options page each open one; what they share (the sealed
 * records, and what is unlocked until the browser closes) lies in storage that both see.
 */
export function openVault(ledger: Pick<Ledger, 'raisePolicy'>, outside: Outside): Vault {
  const { session } = browser.storage;
  return createWebCryptoVault({
    raisePolicy: ledger.raisePolicy,
    outside,
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    session: {
      get: async (key) => (await session.get(key))[key],
      set: (key, value) => session.set({ [key]: value }),
      remove: (key) => session.remove(key),
    },
  });
}

/** Keeps everything but our own pages and background out of the extension's storage, where the browser offers that. */
export async function closeStorage(): Promise<void> {
  const { local, session } = browser.storage;
  await Promise.all(
    [local, session].map((area) => area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' })?.catch(() => undefined)),
  );
}
