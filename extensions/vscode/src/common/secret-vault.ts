import {
  checkAutoLock,
  checkMode,
  checkOrigin,
  checkPolicy,
  draftKey,
  type Key,
  notFoundError,
  type Policy,
  policyFromJson,
  policyToJson,
  refuseDuplicate,
  tidyLabel,
  type Vault,
  VaultError,
  type VaultPorts,
} from '@patchbay/core';

/** VS Code's `SecretStorage`, as far as it is needed here: the editor encrypts it with the system's keyring. */
export interface Secrets {
  keys(): PromiseLike<readonly string[]>;
  get(name: string): PromiseLike<string | undefined>;
  store(name: string, value: string): PromiseLike<void>;
  delete(name: string): PromiseLike<void>;
}

const KEY = 'key:';
const LEDGER = 'ledger';
const RECORD_VERSION = 1;

interface Entry {
  readonly key: Key;
  readonly secret: string;
}

/**
 * The vault in VS Code's secret storage: one entry for each key, with its secret and its policy, so that two windows that
 * change two keys never undo each other. Nothing is cached between calls. The keyring is unlocked together with the
 * user's session, so this vault has the one mode `device`.
 */
export function createSecretVault(secrets: Secrets, ports: VaultPorts): Vault {
  let queue: Promise<unknown> = Promise.resolve();
  /** One change after the other within this window. */
  const mutate = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };

  const names = async () => (await asked(secrets.keys())).filter((name) => name.startsWith(KEY));
  const read = async (id: string): Promise<Entry> => {
    const text = await asked(secrets.get(KEY + id));
    if (text === undefined) throw notFoundError();
    return readEntry(id, text);
  };
  const list = async (): Promise<Key[]> => {
    const texts = await Promise.all(
      (await names()).map(async (name) => [name, await asked(secrets.get(name))] as const),
    );
    return texts
      .flatMap(([name, text]) => (text === undefined ? [] : [listed(name.slice(KEY.length), text)]))
      .sort((a, b) => a.createdAt - b.createdAt);
  };
  /** Reads back what was stored: a keyring that is missing swallows it without a word. */
  const store = async (name: string, value: string): Promise<void> => {
    await asked(secrets.store(name, value));
    if ((await asked(secrets.get(name))) !== value) throw notKept();
  };
  const replace = async ({ key, secret }: Entry, changes: Partial<Key>): Promise<Key> => {
    const changed = { ...key, ...changes };
    await store(KEY + key.id, writeEntry({ key: changed, secret }));
    return changed;
  };

  return {
    status: async () => ({ mode: 'device', locked: false, keyCount: (await names()).length }),
    list,
    add: (input) =>
      mutate(async () => {
        const draft = await draftKey(input);
        refuseDuplicate(await list(), draft);
        const policy = checkPolicy({ version: 1, caps: input.caps ?? [], ...(input.scope && { scope: input.scope }) });
        const version = await ports.raisePolicy(draft.key.fingerprint, 1);
        const key: Key = { ...draft.key, id: ports.newId(), policy: { ...policy, version }, createdAt: ports.now() };
        await store(KEY + key.id, writeEntry({ key, secret: draft.secret }));
        return key;
      }),
    rename: (id, label) =>
      mutate(async () => {
        const entry = await read(id);
        return replace(entry, { label: tidyLabel(label) || entry.key.label });
      }),
    setPolicy: (id, policy: Policy) =>
      mutate(async () => {
        const entry = await read(id);
        const checked = checkPolicy({ ...policy, version: entry.key.policy.version });
        const version = await ports.raisePolicy(entry.key.fingerprint, entry.key.policy.version + 1);
        return replace(entry, { policy: { ...checked, version } });
      }),
    remove: (id) =>
      mutate(async () => {
        if ((await asked(secrets.get(KEY + id))) === undefined) throw notFoundError();
        await asked(secrets.delete(KEY + id));
      }),
    open: async (id) => {
      const entry = await read(id);
      checkOrigin(entry.key);
      return entry;
    },
    ledgerId: async () => asked(secrets.get(LEDGER)),
    setLedgerId: (id) => mutate(() => store(LEDGER, id)),
    setMode: async (mode, options = {}) => {
      checkMode(mode);
      checkAutoLock(options.autoLockMinutes);
      if (mode !== 'device') {
        throw new VaultError(
          'invalid',
          'In VS Code, keys are kept by the system’s keyring, which locks them with your session.',
        );
      }
    },
    unlock: async () => undefined,
    lock: async () => undefined,
    wipe: () =>
      mutate(async () => {
        for (const name of [...(await names()), LEDGER]) await asked(secrets.delete(name));
      }),
  };
}

/** The entry's text; the one place where a secret is written. */
function writeEntry({ key, secret }: Entry): string {
  return JSON.stringify({ v: RECORD_VERSION, ...key, policy: policyToJson(key.policy), secret });
}

function readEntry(id: string, text: string): Entry {
  const record = parse(text);
  if (record && Number(record.v) > RECORD_VERSION) {
    throw new VaultError('newer', 'This key was stored by a newer version of Patchbay. Reload this window to use it.');
  }
  const policy = policyFromJson(record?.policy);
  if (record?.v !== RECORD_VERSION || record.id !== id || !policy || typeof record.secret !== 'string') {
    throw damaged(typeof record?.label === 'string' ? record.label : id);
  }
  const { v: _, secret, policy: __, ...open } = record;
  return { key: { ...(open as unknown as Omit<Key, 'policy'>), policy }, secret };
}

/** A key that cannot be read is listed all the same, so that it can be deleted; its policy allows nothing. */
function listed(id: string, text: string): Key {
  try {
    return readEntry(id, text).key;
  } catch {
    const record = parse(text);
    const word = (value: unknown) => (typeof value === 'string' ? value : '');
    return {
      id,
      label: word(record?.label) || id,
      provider: word(record?.provider),
      origin: word(record?.origin),
      baseUrl: word(record?.baseUrl),
      lastFour: word(record?.lastFour),
      fingerprint: word(record?.fingerprint),
      policy: { version: 0, caps: [{ limit: 0n, window: 'total' }], scope: { models: [] } },
      createdAt: typeof record?.createdAt === 'number' ? record.createdAt : 0,
      damaged: true,
    };
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The keyring's own words may hold what was to be stored: they are not passed on. */
async function asked<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work;
  } catch {
    throw new VaultError(
      'unreadable',
      'The system’s keyring does not answer. Unlock it, or restart VS Code, and try again.',
    );
  }
}

function notKept(): VaultError {
  return new VaultError(
    'unreadable',
    'The system’s keyring did not keep the key, so it was not added. On Linux, install and unlock a keyring such as gnome-keyring, then restart VS Code.',
  );
}

function damaged(label: string): VaultError {
  return new VaultError(
    'unreadable',
    `What is stored of “${label}” is damaged. Delete this key and add it again. What it has spent stays counted.`,
  );
}
