import { type Key, leftAlone, lockedError, notFoundError } from '@patchbay/core';
import { Overtaken, type VaultDatabase } from './database.ts';
import { type Entry, openEntry, openKey } from './envelopes.ts';
import { type KeyRecord, type MetaRecord, RECORD_VERSION } from './schema.ts';
import { createDeviceKey, importDataKey, unseal } from './seal.ts';
import type { SessionContents, SessionState } from './session-state.ts';

/** A vault that is open: where its entries are, and what opens them. */
export type Opened =
  | {
      readonly kind: 'sealed';
      readonly meta: MetaRecord;
      readonly dataKey: CryptoKey;
      readonly records: readonly KeyRecord[];
    }
  | { readonly kind: 'session'; readonly meta: MetaRecord; readonly contents: SessionContents };

/** How one looks into the vault, whatever its mode. */
export interface Access {
  /**
   * Undefined in a vault that nothing was ever stored in. Throws `locked`.
   * @param id only this record, where one is enough
   */
  look(id?: string): Promise<Opened | undefined>;
  /** The same, counted as a use of the vault: it does not lock itself for a while. */
  use(id?: string): Promise<Opened | undefined>;
  /** For a change: makes the vault where there is none yet. */
  begin(): Promise<Opened>;
  /** Of a passphrase vault; undefined while it is locked, or was left alone for too long. */
  unlockedKey(meta: MetaRecord): Promise<CryptoKey | undefined>;
}

export const NOTHING: SessionContents = { entries: [] };

export const LEDGER_BOUND = ['ledger-id'];

export function createAccess(
  database: VaultDatabase,
  session: SessionState,
  { now, newId }: { readonly now: () => number; readonly newId: () => string },
): Access {
  const unlockedKey: Access['unlockedKey'] = async ({ generation, autoLockMinutes }) => {
    const bytes = await session.unlocked(generation);
    if (!bytes) return undefined;
    if (leftAlone(await session.usedAt(), autoLockMinutes, now())) {
      await session.lock();
      return undefined;
    }
    return importDataKey(bytes);
  };

  const look: Access['look'] = async (id) => {
    for (;;) {
      const { meta, records } = await database.read(id);
      if (!meta) return undefined;
      if (meta.mode === 'device') return { kind: 'sealed', meta, records, dataKey: meta.deviceKey as CryptoKey };
      const dataKey = meta.mode === 'passphrase' ? await unlockedKey(meta) : undefined;
      if (dataKey) return { kind: 'sealed', meta, records, dataKey };
      const contents = meta.mode === 'session' ? await session.contents(meta.generation) : undefined;
      if (contents) return { kind: 'session', meta, contents };
      // Sealed anew between the two reads? Then what is missing belongs to the past.
      if ((await database.meta())?.generation !== meta.generation) continue;
      if (meta.mode === 'passphrase') throw lockedError();
      return { kind: 'session', meta, contents: NOTHING };
    }
  };

  const use: Access['use'] = async (id) => {
    const opened = await look(id);
    if (opened?.meta.autoLockMinutes !== undefined) await session.use(now());
    return opened;
  };

  return {
    look,
    use,
    unlockedKey,
    begin: async () => {
      if (!(await database.meta())) {
        const deviceKey = await createDeviceKey();
        await database.begin({ v: RECORD_VERSION, mode: 'device', generation: newId(), revision: 0, deviceKey });
      }
      const opened = await use();
      // Wiped elsewhere in this very moment.
      if (!opened) throw new Overtaken();
      return opened;
    },
  };
}

/** Oldest first. */
export async function keysOf(opened: Opened | undefined): Promise<readonly Key[]> {
  if (!opened) return [];
  if (opened.kind === 'session') return opened.contents.entries.map((entry) => entry.key);
  const keys = await Promise.all(opened.records.map((record) => openKey(opened.dataKey, record)));
  return keys.sort((a, b) => a.createdAt - b.createdAt);
}

/** Throws `not-found`, and what `openEntry` throws. */
export async function entryOf(opened: Opened | undefined, id: string): Promise<Entry> {
  if (opened?.kind === 'sealed') return openEntry(opened.dataKey, recordOf(opened.records, id));
  const entry = opened?.contents.entries.find((one) => one.key.id === id);
  if (!entry) throw notFoundError();
  return entry;
}

export function recordOf(records: readonly KeyRecord[], id: string): KeyRecord {
  const record = records.find((one) => one.id === id);
  if (!record) throw notFoundError();
  return record;
}

export async function ledgerIdOf(opened: Opened | undefined): Promise<string | undefined> {
  if (opened?.kind !== 'sealed') return opened?.contents.ledgerId;
  return opened.meta.ledgerId && unseal(opened.dataKey, opened.meta.ledgerId, LEDGER_BOUND);
}
