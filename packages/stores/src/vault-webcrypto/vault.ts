import {
  checkAutoLock,
  checkMode,
  checkOrigin,
  checkPolicy,
  draftKey,
  type Key,
  notFoundError,
  refuseDuplicate,
  tidyLabel,
  tidyPassphrase,
  type Vault,
  type VaultPorts,
  wrongPassphraseError,
} from '@patchbay/core';
import { createAccess, entryOf, keysOf, LEDGER_BOUND, ledgerIdOf, NOTHING, type Opened, recordOf } from './access.ts';
import { createVaultDatabase, Overtaken, type VaultDatabaseOptions } from './database.ts';
import { type Entry, openKey, sealEntry, sealPolicy } from './envelopes.ts';
import { unreadable } from './errors.ts';
import { reseal } from './reseal.ts';
import { type KeyRecord, VAULT_DATABASE } from './schema.ts';
import { ITERATIONS, seal, unwrapDataKey } from './seal.ts';
import type { SessionArea } from './session-area.ts';
import { createSessionState } from './session-state.ts';

/** The part of `navigator.locks` that is needed: one holder of a name at a time, across every context of the origin. */
export interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export interface WebCryptoVaultOptions extends VaultPorts, VaultDatabaseOptions {
  /** `storage.session` of the browser. */
  readonly session: SessionArea;
  /** Default `navigator.locks`. */
  readonly locks?: Locks;
  /** Of PBKDF2, for passphrases set from now on. Default 600,000; lower only in tests. */
  readonly iterations?: number;
}

/** How often a change is begun again that another overtook, where the platform's locks did not keep them apart. */
const TRIES = 100;

/**
 * The browser's vault. Modes `device` and `passphrase` keep sealed records in a database of its own, mode `session` keeps
 * everything in the session area. Nothing is cached between calls, so that any number of instances (options page,
 * background) on one database and session agree, and a lock in one is a lock in all.
 */
export function createWebCryptoVault(options: WebCryptoVaultOptions): Vault {
  const { now, newId, raisePolicy } = options;
  const database = createVaultDatabase(options);
  const session = createSessionState(options.session);
  const access = createAccess(database, session, options);
  const name = `patchbay:${options.name ?? VAULT_DATABASE}`;
  const locks: Locks = options.locks ?? (navigator.locks as Locks);
  const exclusive = <T>(work: () => Promise<T>) => locks.request(name, work);
  /**
   * Held around raising a policy's version and storing that policy, outside of `exclusive`: the ledger that raises it may
   * itself want to write its id into this vault.
   */
  const onePolicyAtATime = <T>(work: () => Promise<T>) => locks.request(`${name}:policy`, work);

  const change = <T>(work: () => Promise<T>): Promise<T> =>
    exclusive(async () => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof Overtaken)) throw error;
          if (tries === TRIES) throw unreadable('Your keys are being changed elsewhere all the time.');
        }
      }
    });

  const keep = async (opened: Opened, entry: Entry): Promise<void> => {
    if (opened.kind === 'sealed') {
      await database.write(opened.meta, { put: await sealEntry(opened.dataKey, entry) });
      return;
    }
    const { meta, contents } = opened;
    const others = contents.entries.filter((one) => one.key.id !== entry.key.id);
    const at = contents.entries.findIndex((one) => one.key.id === entry.key.id);
    const entries = at === -1 ? [...others, entry] : contents.entries.with(at, entry);
    await session.keep(meta.generation, { ...contents, entries });
  };

  return {
    status: async () => {
      const meta = await database.meta();
      if (!meta) return { mode: 'device', locked: false, keyCount: 0 };
      const inSession = meta.mode === 'session' ? ((await session.contents(meta.generation)) ?? NOTHING) : undefined;
      return {
        mode: meta.mode,
        locked: meta.mode === 'passphrase' && (await access.unlockedKey(meta)) === undefined,
        keyCount: inSession ? inSession.entries.length : await database.count(),
        ...(meta.autoLockMinutes !== undefined && { autoLockMinutes: meta.autoLockMinutes }),
      };
    },

    list: async () => keysOf(await access.look()),

    add: (input) =>
      onePolicyAtATime(async () => {
        // Locked comes before everything else, and a key stored twice before its version is raised.
        const present = await keysOf(await access.use());
        const draft = await draftKey(input);
        refuseDuplicate(present, draft);
        const policy = checkPolicy({ version: 1, caps: input.caps ?? [], ...(input.scope && { scope: input.scope }) });
        const version = await raisePolicy(draft.key.fingerprint, 1);
        const key: Key = { ...draft.key, id: newId(), policy: { ...policy, version }, createdAt: now() };
        await change(async () => keep(await access.begin(), { key, secret: draft.secret }));
        return key;
      }),

    rename: (id, label) =>
      change(async () => {
        const opened = await access.use(id);
        if (opened?.kind !== 'sealed') {
          const { key, secret } = await entryOf(opened, id);
          const renamed = { ...key, label: tidyLabel(label) || key.label };
          await keep(opened as Opened, { key: renamed, secret });
          return renamed;
        }
        const record = recordOf(opened.records, id);
        const put: KeyRecord = { ...record, label: tidyLabel(label) || record.label };
        await database.write(opened.meta, { put });
        return openKey(opened.dataKey, put);
      }),

    setPolicy: (id, policy) =>
      onePolicyAtATime(async () => {
        const before = await entryOf(await access.use(id), id);
        const checked = checkPolicy({ ...policy, version: before.key.policy.version });
        const version = await raisePolicy(before.key.fingerprint, before.key.policy.version + 1);
        const raised = { ...checked, version };
        return change(async () => {
          const opened = await access.look(id);
          const { key, secret } = await entryOf(opened, id);
          const changed = { ...key, policy: raised };
          if (opened?.kind !== 'sealed') await keep(opened as Opened, { key: changed, secret });
          else {
            const record = recordOf(opened.records, id);
            const sealed = await sealPolicy(opened.dataKey, key, raised);
            const put: KeyRecord = { ...record, policyVersion: version, policy: sealed };
            await database.write(opened.meta, { put });
          }
          return changed;
        });
      }),

    remove: (id) =>
      change(async () => {
        const opened = await access.use(id);
        if (!opened) throw notFoundError();
        if (opened.kind === 'sealed') {
          recordOf(opened.records, id);
          return database.write(opened.meta, { remove: id });
        }
        const { meta, contents } = opened;
        const { key } = await entryOf(opened, id);
        const entries = contents.entries.filter((entry) => entry.key !== key);
        return session.keep(meta.generation, { ...contents, entries });
      }),

    open: async (id) => {
      const entry = await entryOf(await access.use(id), id);
      checkOrigin(entry.key);
      return entry;
    },

    ledgerId: async () => {
      const opened = await access.look('');
      const id = await ledgerIdOf(opened);
      if (id === undefined && opened?.meta.ledgerId) throw unreadable('The record of your keys’ ledger is damaged.');
      return id;
    },

    setLedgerId: (id) =>
      change(async () => {
        const opened = await access.begin();
        const { meta } = opened;
        if (opened.kind === 'session') return session.keep(meta.generation, { ...opened.contents, ledgerId: id });
        const ledgerId = await seal(opened.dataKey, id, LEDGER_BOUND);
        return database.write(meta, { meta: { ...meta, ledgerId } });
      }),

    setMode: (mode, { passphrase, autoLockMinutes } = {}) =>
      change(async () => {
        checkMode(mode);
        checkAutoLock(autoLockMinutes);
        const opened = await access.begin();
        const { autoLockMinutes: _, ...meta } = opened.meta;
        if (mode === 'session' && meta.mode === 'session') return;
        if (mode === 'passphrase' && meta.mode === 'passphrase' && passphrase === undefined) {
          await session.use(now());
          const changed = { ...meta, ...(autoLockMinutes !== undefined && { autoLockMinutes }) };
          return database.write(opened.meta, { meta: changed });
        }
        const to =
          mode === 'passphrase'
            ? {
                mode,
                passphrase: tidyPassphrase(passphrase),
                iterations: options.iterations ?? ITERATIONS,
                autoLockMinutes,
              }
            : { mode };
        await reseal(database, session, opened, to, newId(), now());
      }),

    unlock: (passphrase) =>
      change(async () => {
        const meta = await database.meta();
        if (!meta?.wrapped) return;
        const bytes = await unwrapDataKey(meta.wrapped, passphrase.normalize('NFKC'));
        if (!bytes) throw wrongPassphraseError();
        await session.use(now());
        await session.unlock(meta.generation, bytes);
        bytes.fill(0);
      }),

    lock: async () => {
      const meta = await database.meta();
      await session.lock();
      // Secrets that an interrupted change of mode left behind.
      if (meta?.mode !== 'session') await session.drop();
    },

    wipe: () =>
      exclusive(async () => {
        await session.lock();
        await session.drop();
        await database.erase();
      }),
  };
}
