import { VaultError } from '@patchbay/core';
import { createDatabase, type Database, type Outside, result } from '../indexeddb/database.ts';
import { unreadable, vaultError } from './errors.ts';
import { type KeyRecord, META, type MetaRecord, migrations, RECORD_VERSION, STORES, VAULT_DATABASE } from './schema.ts';

/** Somebody else wrote since one looked; the work is done again from its beginning. */
export class Overtaken extends Error {}

/** What one moment of the database held. */
export interface VaultRows {
  /** Undefined in a vault that nothing was ever stored in. */
  readonly meta: MetaRecord | undefined;
  readonly records: readonly KeyRecord[];
}

/** The vault's rows. Every method is one transaction; writes are on disk when they resolve. */
export interface VaultDatabase {
  meta(): Promise<MetaRecord | undefined>;
  /** Everything, or one record beside the meta record. */
  read(id?: string): Promise<VaultRows>;
  count(): Promise<number>;
  /** Writes the first meta record, unless another got there before; returns the one in force. */
  begin(meta: MetaRecord): Promise<MetaRecord>;
  /** Throws `Overtaken` where anything was written since `seen` was read. */
  write(
    seen: MetaRecord,
    change: { readonly meta?: MetaRecord; readonly put?: KeyRecord; readonly remove?: string },
  ): Promise<void>;
  /** Everything sealed anew, all or nothing. Throws `Overtaken` likewise. */
  replace(seen: MetaRecord, meta: MetaRecord, records: readonly KeyRecord[]): Promise<void>;
  /** Leaves nothing, even of a database that cannot be read. */
  erase(): Promise<void>;
}

export interface VaultDatabaseOptions {
  readonly name?: string;
  readonly factory?: IDBFactory;
  /** As for the database beside it. */
  readonly outside?: Outside;
}

const BOTH = [STORES.meta, STORES.keys];

export function createVaultDatabase({ name = VAULT_DATABASE, ...options }: VaultDatabaseOptions): VaultDatabase {
  const database = createDatabase({ name, migrations, ...options });

  const run: Database['transaction'] = async (options, body) => {
    try {
      return await database.transaction({ durability: 'strict', ...options }, body);
    } catch (error) {
      throw vaultError(error);
    }
  };
  const metaOf = async (transaction: IDBTransaction): Promise<MetaRecord | undefined> =>
    checked(await result<unknown>(transaction.objectStore(STORES.meta).get(META)));
  const unchanged = async (transaction: IDBTransaction, seen: MetaRecord): Promise<void> => {
    const present = await metaOf(transaction);
    if (present?.generation !== seen.generation || present.revision !== seen.revision) throw new Overtaken();
  };

  return {
    meta: () => run({ stores: [STORES.meta], mode: 'readonly' }, metaOf),

    read: (id) =>
      run({ stores: BOTH, mode: 'readonly' }, async (transaction) => {
        const keys = transaction.objectStore(STORES.keys);
        const meta = await metaOf(transaction);
        if (id === undefined) return { meta, records: await result<KeyRecord[]>(keys.getAll()) };
        const record = await result<KeyRecord | undefined>(keys.get(id));
        return { meta, records: record ? [record] : [] };
      }),

    count: () =>
      run({ stores: [STORES.keys], mode: 'readonly' }, (transaction) =>
        result(transaction.objectStore(STORES.keys).count()),
      ),

    begin: (meta) =>
      run({ stores: [STORES.meta], mode: 'readwrite' }, async (transaction) => {
        const present = await metaOf(transaction);
        if (!present) await result(transaction.objectStore(STORES.meta).put(meta, META));
        return present ?? meta;
      }),

    write: (seen, change) =>
      run({ stores: BOTH, mode: 'readwrite' }, async (transaction) => {
        await unchanged(transaction, seen);
        const meta: MetaRecord = { ...(change.meta ?? seen), revision: seen.revision + 1 };
        await result(transaction.objectStore(STORES.meta).put(meta, META));
        if (change.put) await result(transaction.objectStore(STORES.keys).put(change.put));
        if (change.remove !== undefined) await result(transaction.objectStore(STORES.keys).delete(change.remove));
      }),

    replace: (seen, meta, records) =>
      run({ stores: BOTH, mode: 'readwrite' }, async (transaction) => {
        await unchanged(transaction, seen);
        await result(transaction.objectStore(STORES.meta).put(meta, META));
        await result(transaction.objectStore(STORES.keys).clear());
        for (const record of records) await result(transaction.objectStore(STORES.keys).put(record));
      }),

    erase: async () => {
      try {
        await run({ stores: BOTH, mode: 'readwrite' }, async (transaction) => {
          await result(transaction.objectStore(STORES.meta).clear());
          await result(transaction.objectStore(STORES.keys).clear());
        });
      } catch {
        // Newer, damaged, or on a full disk: then the whole database goes.
        await remove(options.factory ?? indexedDB, name);
      }
    },
  };
}

function checked(value: unknown): MetaRecord | undefined {
  if (value === undefined) return undefined;
  const meta = value as Partial<MetaRecord>;
  if (typeof meta.v === 'number' && meta.v > RECORD_VERSION) {
    throw new VaultError('newer', 'Your keys were stored by a newer version of Patchbay. Update Patchbay.');
  }
  const whole =
    meta.v === RECORD_VERSION &&
    typeof meta.generation === 'string' &&
    typeof meta.revision === 'number' &&
    ((meta.mode === 'device' && meta.deviceKey !== undefined) ||
      (meta.mode === 'passphrase' && meta.wrapped !== undefined) ||
      meta.mode === 'session');
  if (!whole) throw unreadable('The record that your keys are sealed with is damaged.');
  return meta as MetaRecord;
}

function remove(factory: IDBFactory, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = factory.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(unreadable('Your keys could not be deleted.'));
  });
}
