import type { Vault, VaultPorts } from '@patchbay/core';
import { IDBFactory } from 'fake-indexeddb';
import { createDatabase, result } from '../indexeddb/database.ts';
import { META, migrations, STORES, VAULT_DATABASE } from './schema.ts';
import { createMemorySessionArea, type SessionArea } from './session-area.ts';
import { createWebCryptoVault, type WebCryptoVaultOptions } from './vault.ts';

/** PBKDF2 at its full strength takes a sixth of a second each time; a test in `seal.test.ts` goes the whole way. */
export const QUICK = 1_000;

/** One browser profile: a disk, and what is gone when the browser closes. */
export interface Profile {
  readonly factory: IDBFactory;
  readonly session: SessionArea;
  /** What stands in the session area, as text. */
  sessionText(): string;
  open(more?: Partial<WebCryptoVaultOptions>): Vault;
  restartBrowser(): void;
  /** Every row as it lies on the disk. */
  rows(): Promise<{ meta: unknown; keys: Record<string, unknown>[] }>;
  /** Changes a row behind the vault's back. */
  tamper(change: (row: Record<string, unknown>) => Record<string, unknown>): Promise<void>;
  tamperMeta(change: (row: Record<string, unknown>) => unknown): Promise<void>;
}

export function createProfile(ports?: Partial<VaultPorts>): Profile {
  const factory = new IDBFactory();
  const held = new Map<string, string>();
  let area = createMemorySessionArea();
  const session: SessionArea = {
    get: (key) => area.get(key),
    set: async (key, value) => {
      held.set(key, JSON.stringify(value));
      await area.set(key, value);
    },
    remove: async (key) => {
      held.delete(key);
      await area.remove(key);
    },
  };
  let ids = 0;
  const versions = new Map<string, number>();
  const all: VaultPorts = {
    now: () => Date.UTC(2026, 7, 19),
    newId: () => `id-${++ids}`,
    raisePolicy: async (account, atLeast) => {
      const version = Math.max((versions.get(account) ?? 0) + 1, atLeast);
      versions.set(account, version);
      return version;
    },
    ...ports,
  };
  const raw = createDatabase({ name: VAULT_DATABASE, factory, migrations });
  const both = [STORES.meta, STORES.keys];

  return {
    factory,
    session,
    sessionText: () => [...held.values()].join('\n'),
    open: (more) => createWebCryptoVault({ ...all, factory, session, iterations: QUICK, ...more }),
    restartBrowser: () => {
      held.clear();
      area = createMemorySessionArea();
    },
    rows: () =>
      raw.transaction({ stores: both, mode: 'readonly' }, async (transaction) => ({
        meta: await result<unknown>(transaction.objectStore(STORES.meta).get(META)),
        keys: await result<Record<string, unknown>[]>(transaction.objectStore(STORES.keys).getAll()),
      })),
    tamper: (change) =>
      raw.transaction({ stores: both, mode: 'readwrite' }, async (transaction) => {
        const keys = transaction.objectStore(STORES.keys);
        for (const row of await result<Record<string, unknown>[]>(keys.getAll())) await result(keys.put(change(row)));
      }),
    tamperMeta: (change) =>
      raw.transaction({ stores: both, mode: 'readwrite' }, async (transaction) => {
        const meta = transaction.objectStore(STORES.meta);
        await result(meta.put(change(await result<Record<string, unknown>>(meta.get(META))), META));
      }),
  };
}

/** Every byte and letter that a value holds, so that nothing hides in a buffer. Keys that cannot be exported say so. */
export function everythingIn(value: unknown): string {
  if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value);
  if (ArrayBuffer.isView(value))
    return everythingIn(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
  if (value instanceof CryptoKey) return `CryptoKey extractable:${value.extractable}`;
  if (Array.isArray(value)) return value.map(everythingIn).join('\n');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([key, field]) => `${key}: ${everythingIn(field)}`)
      .join('\n');
  }
  return String(value);
}
