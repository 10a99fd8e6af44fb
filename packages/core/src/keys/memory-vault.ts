import type { Policy } from '../spending/ledger.ts';
import { leftAlone } from './auto-lock.ts';
import {
  checkAutoLock,
  checkMode,
  checkOrigin,
  checkPolicy,
  draftKey,
  lockedError,
  notFoundError,
  refuseDuplicate,
  tidyLabel,
  tidyPassphrase,
  wrongPassphraseError,
} from './draft-key.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Key, Vault, VaultMode, VaultPorts } from './key.ts';

/** What several memory vaults share; `session` is what a restart of the browser takes away. */
export interface MemoryVaultStorage {
  mode: VaultMode;
  autoLockMinutes?: number | undefined;
  ledgerId?: string | undefined;
  /** Hash of the passphrase. */
  passphrase?: string | undefined;
  entries: Map<string, Entry>;
  session: { unlocked: boolean; usedAt: number; entries: Map<string, Entry> };
}

interface Entry {
  readonly key: Key;
  readonly secret: string;
}

export function createMemoryVaultStorage(): MemoryVaultStorage {
  return { mode: 'device', entries: new Map(), session: { unlocked: false, usedAt: 0, entries: new Map() } };
}

/** A vault that lives as long as the process, secrets in clear: for tests and for trying things out. */
export function createMemoryVault(ports: VaultPorts, storage = createMemoryVaultStorage()): Vault {
  const { session } = storage;
  const entries = () => (storage.mode === 'session' ? session.entries : storage.entries);

  const isLocked = () => {
    if (storage.mode !== 'passphrase') return false;
    if (session.unlocked && leftAlone(session.usedAt, storage.autoLockMinutes, ports.now())) session.unlocked = false;
    return !session.unlocked;
  };
  const mustBeOpen = () => {
    if (isLocked()) throw lockedError();
  };
  const use = () => {
    mustBeOpen();
    session.usedAt = ports.now();
  };
  const entryOf = (id: string): Entry => {
    use();
    const entry = entries().get(id);
    if (!entry) throw notFoundError();
    return entry;
  };
  const replace = (entry: Entry, changes: Partial<Key>): Key => {
    const key = { ...entry.key, ...changes };
    entries().set(key.id, { ...entry, key });
    return key;
  };

  return {
    status: async () => ({
      mode: storage.mode,
      locked: isLocked(),
      keyCount: entries().size,
      ...(storage.autoLockMinutes !== undefined && { autoLockMinutes: storage.autoLockMinutes }),
    }),

    list: async () => {
      mustBeOpen();
      return [...entries().values()].map((entry) => entry.key);
    },

    add: async (input) => {
      use();
      const draft = await draftKey(input);
      refuseDuplicate(
        [...entries().values()].map((entry) => entry.key),
        draft,
      );
      const policy = checkPolicy({ version: 1, caps: input.caps ?? [], ...(input.scope && { scope: input.scope }) });
      const version = await ports.raisePolicy(draft.key.fingerprint, 1);
      const key: Key = {
        ...draft.key,
        id: ports.newId(),
        policy: { ...policy, version },
        createdAt: ports.now(),
      };
      entries().set(key.id, { key, secret: draft.secret });
      return key;
    },

    rename: async (id, label) => {
      const entry = entryOf(id);
      return replace(entry, { label: tidyLabel(label) || entry.key.label });
    },

    setPolicy: async (id, policy: Policy) => {
      const entry = entryOf(id);
      const checked = checkPolicy({ ...policy, version: entry.key.policy.version });
      const version = await ports.raisePolicy(entry.key.fingerprint, entry.key.policy.version + 1);
      return replace(entry, { policy: { ...checked, version } });
    },

    remove: async (id) => {
      entryOf(id);
      entries().delete(id);
    },

    open: async (id) => {
      const entry = entryOf(id);
      checkOrigin(entry.key);
      return entry;
    },

    ledgerId: async () => {
      mustBeOpen();
      return storage.ledgerId;
    },

    setLedgerId: async (id) => {
      mustBeOpen();
      storage.ledgerId = id;
    },

    setMode: async (mode, options = {}) => {
      use();
      checkMode(mode);
      checkAutoLock(options.autoLockMinutes);
      if (mode === 'passphrase' && !(storage.mode === 'passphrase' && options.passphrase === undefined)) {
        storage.passphrase = await fingerprintOf('', tidyPassphrase(options.passphrase));
      }
      const kept = new Map(entries());
      storage.mode = mode;
      storage.autoLockMinutes = mode === 'passphrase' ? options.autoLockMinutes : undefined;
      session.unlocked = mode === 'passphrase';
      storage.entries = mode === 'session' ? new Map() : kept;
      session.entries = mode === 'session' ? kept : new Map();
    },

    unlock: async (passphrase) => {
      if (storage.mode !== 'passphrase') return;
      if ((await fingerprintOf('', passphrase.normalize('NFKC'))) !== storage.passphrase) throw wrongPassphraseError();
      session.unlocked = true;
      session.usedAt = ports.now();
    },

    lock: async () => {
      session.unlocked = false;
    },

    wipe: async () => {
      Object.assign(storage, createMemoryVaultStorage(), { session });
      storage.passphrase = undefined;
      storage.ledgerId = undefined;
      storage.autoLockMinutes = undefined;
      session.unlocked = false;
      session.entries = new Map();
    },
  };
}
