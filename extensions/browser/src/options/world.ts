import type { Cap, Vault } from '@patchbay/core';
import type { KeyWorld } from './add-key.ts';

/** A keyboard shortcut of the extension and the keys it is bound to; '' where the browser gave it none. */
export interface Shortcut {
  readonly description: string;
  readonly keys: string;
}

/** What the options page needs of the platform. */
export interface OptionsWorld extends KeyWorld {
  readonly vault: Omit<Vault, 'open'>;
  /** Takes back the permission to read answers from there; no error where there is none. */
  readonly revokeOrigin: (origin: string) => Promise<void>;
  readonly shortcuts: () => Promise<readonly Shortcut[]>;
  /** Opens the browser's own page for shortcuts. */
  readonly openShortcuts: () => Promise<void>;
  readonly openPanelAsTab: () => Promise<void>;
  readonly version: string;
}

/** Sets a key's caps; whatever else its policy says stays. */
export async function setCaps(world: OptionsWorld, keyId: string, caps: readonly Cap[]): Promise<void> {
  const key = (await world.vault.list()).find((candidate) => candidate.id === keyId);
  if (!key) throw new Error('This key was deleted meanwhile.');
  await world.vault.setPolicy(keyId, { ...key.policy, caps });
  world.announce();
}

export async function renameKey(world: OptionsWorld, keyId: string, label: string): Promise<void> {
  await world.vault.rename(keyId, label);
  world.announce();
}

/** Deletes a key, and takes back the permission to read its origin where no other key needs it. */
export async function deleteKey(world: OptionsWorld, keyId: string): Promise<void> {
  const keys = await world.vault.list();
  const gone = keys.find((key) => key.id === keyId);
  await world.vault.remove(keyId);
  world.announce();
  if (gone && !keys.some((key) => key.id !== keyId && key.origin === gone.origin))
    await world.revokeOrigin(gone.origin);
}
