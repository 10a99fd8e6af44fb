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
const POLICY = 'policy:';
const LEDGER = 'ledger';
const RECORD_VERSION = 1;

interface Entry {
  readonly key: Key;
  readonly secret: string;
}

/** The last change of each storage: those of one window follow each other. */
const queues = new WeakMap<Secrets, Promise<unknown>>();

/**
 * The vault in VS Code's secret storage: two entries for each key, one with its secret and one with its policy, so that
 * windows that change different things never undo each other. Nothing is cached between calls. The keyring is unlocked
 * together with the user's session, so this vault has the one mode `device`.
 */
export function createSecretVault(secrets: Secrets, ports: VaultPorts): Vault {
  const mutate = <T>(work: () => Promise<T>): Promise<T> => {
    const done = (queues.get(secrets) ?? Promise.resolve()).then(work);
    const quiet = done.catch(() => undefined);
    queues.set(secrets, quiet);
    return done;
  };

  const names = async () => (await asked(secrets.keys())).filter((name) => name.startsWith(KEY));
  const texts = async (id: string) => {
    const [key, policy] = await Promise.all([asked(secrets.get(KEY + id)), asked(secrets.get(POLICY + id))]);
    return key === undefined ? undefined : { key, policy };
  };
  const read = async (id: string): Promise<Entry> => {
    const found = await texts(id);
    if (!found) throw notFoundError();
    return readEntry(id, found.key, found.policy);
  };
  const list = async (): Promise<Key[]> => {
    const ids = (await names()).map((name) => name.slice(KEY.length));
    const found = await Promise.all(ids.map(async (id) => ({ id, entry: await texts(id) })));
    return found
      .flatMap(({ id, entry }) => (entry ? [listed(id, entry.key, entry.policy)] : []))
      .sort((a, b) => a.createdAt - b.createdAt);
  };
  /** Reads back what was stored: a keyring that is missing swallows it without a word. */
  const store = async (name: string, value: string): Promise<void> => {
    await asked(secrets.store(name, value));
    if ((await asked(secrets.get(name))) !== value) throw notKept();
  };
  const storePolicy = (id: string, policy: Policy) => store(POLICY + id, JSON.stringify(policyToJson(policy)));

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
        // The policy first: a key without one is damaged, and a policy without a key is nothing.
        await storePolicy(key.id, key.policy);
        await store(KEY + key.id, writeEntry({ key, secret: draft.secret }));
        return key;
      }),
    rename: (id, label) =>
      mutate(async () => {
        const { key, secret } = await read(id);
        const renamed = { ...key, label: tidyLabel(label) || key.label };
        await store(KEY + id, writeEntry({ key: renamed, secret }));
        return renamed;
      }),
    setPolicy: (id, policy: Policy) =>
      mutate(async () => {
        const { key } = await read(id);
        const checked = checkPolicy({ ...policy, version: key.policy.version });
        const version = await ports.raisePolicy(key.fingerprint, key.policy.version + 1);
        const raised = { ...checked, version };
        await storePolicy(id, raised);
        return { ...key, policy: raised };
      }),
    remove: (id) =>
      mutate(async () => {
        if ((await asked(secrets.get(KEY + id))) === undefined) throw notFoundError();
        await asked(secrets.delete(KEY + id));
        await asked(secrets.delete(POLICY + id));
      }),
    open: async (id) => {
      const entry = await read(id);
      checkOrigin(entry.key);
      return entry;
    },
    ledgerId: async () => asked(secrets.get(LEDGER)),
    // Not queued: the ledger that raises a policy writes it while that change is under way.
    setLedgerId: (id) => store(LEDGER, id),
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
        for (const name of await asked(secrets.keys())) await asked(secrets.delete(name));
      }),
  };
}

/** The text of a key's entry; the one place where a secret is written. */
function writeEntry({ key, secret }: Entry): string {
  const { policy: _, ...open } = key;
  return JSON.stringify({ v: RECORD_VERSION, ...open, secret });
}

function readEntry(id: string, text: string, policyText: string | undefined): Entry {
  const record = parse(text);
  if (record && Number(record.v) > RECORD_VERSION) {
    throw new VaultError('newer', 'This key was stored by a newer version of Patchbay. Reload this window to use it.');
  }
  const policy = policyFromJson(policyText === undefined ? undefined : parse(policyText));
  if (record?.v !== RECORD_VERSION || record.id !== id || !policy || typeof record.secret !== 'string') {
    throw damaged(typeof record?.label === 'string' ? record.label : id);
  }
  const { v: _, secret, ...open } = record;
  return { key: { ...(open as unknown as Omit<Key, 'policy'>), policy }, secret };
}

/** A key that cannot be read is listed all the same, so that it can be deleted; its policy allows nothing. */
function listed(id: string, text: string, policyText: string | undefined): Key {
  try {
    return readEntry(id, text, policyText).key;
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
