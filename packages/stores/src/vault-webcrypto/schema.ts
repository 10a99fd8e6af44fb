import type { Key, VaultMode } from '@patchbay/core';
import type { Migration } from '../indexeddb/migrations.ts';
import type { Sealed, WrappedKey } from './seal.ts';

/** A database of its own, so that "delete all conversations" can never touch it, nor a vault's repair anything else. */
export const VAULT_DATABASE = 'patchbay-vault';

export const STORES = { meta: 'meta', keys: 'keys' } as const;

/** The one record of `meta` is stored under this key. */
export const META = 'vault';

export const RECORD_VERSION = 1;

export interface MetaRecord {
  readonly v: typeof RECORD_VERSION;
  readonly mode: VaultMode;
  /** Changes each time everything is sealed anew. */
  readonly generation: string;
  /** Counts the writes since then: one that rests on an older look is refused. */
  readonly revision: number;
  readonly autoLockMinutes?: number;
  /** Mode `device`: not exportable. */
  readonly deviceKey?: CryptoKey;
  /** Mode `passphrase`. */
  readonly wrapped?: WrappedKey;
  readonly ledgerId?: Sealed;
}

/** What may be seen without a key, and two envelopes. Modes `device` and `passphrase` only. */
export interface KeyRecord extends Omit<Key, 'policy'> {
  readonly v: typeof RECORD_VERSION;
  /** Of the sealed policy. */
  readonly policyVersion: number;
  readonly secret: Sealed;
  readonly policy: Sealed;
}

export const migrations: readonly Migration[] = [
  (db) => {
    db.createObjectStore(STORES.meta);
    db.createObjectStore(STORES.keys, { keyPath: 'id' });
  },
];
