import { describe, expect, it } from 'vitest';
import { type MakeVault, openRouterKey, SECRET, vaultCases } from '../../../../packages/core/src/keys/vault.testing.ts';
import { createSecretVault, type Secrets } from './secret-vault.ts';

/** What a window has of the editor's storage; `lost` is a keyring that swallows what it is given. */
function storage(options: { lost?: boolean; broken?: boolean } = {}) {
  const entries = new Map<string, string>();
  const turn = async () => {
    await Promise.resolve();
    if (options.broken) throw new Error(`dbus: no such thing, while storing ${SECRET}`);
  };
  const secrets: Secrets = {
    keys: async () => {
      await turn();
      return [...entries.keys()];
    },
    get: async (name) => {
      await turn();
      return entries.get(name);
    },
    store: async (name, value) => {
      await turn();
      if (!options.lost) entries.set(name, value);
    },
    delete: async (name) => {
      await turn();
      entries.delete(name);
    },
  };
  return { entries, secrets };
}

const inVsCode: MakeVault = (ports) => {
  const { secrets } = storage();
  return { open: () => createSecretVault(secrets, ports), restartBrowser: () => undefined };
};

const ports = { raisePolicy: async (_: string, atLeast: number) => atLeast, now: () => 1, newId: () => 'k1' };

/** VS Code's keyring has one way to keep keys: what the contract says of the other modes does not concern it. */
const OTHER_MODES = /passphrase|session|locked in every window|locks itself|minutes/;

describe('the vault in secret storage', () => {
  it.each(vaultCases.filter(({ name }) => !OTHER_MODES.test(name)))('$name', ({ run }) => run(inVsCode));

  it('runs most of the contract', () => {
    expect(vaultCases.filter(({ name }) => !OTHER_MODES.test(name)).length).toBeGreaterThanOrEqual(16);
  });

  it('knows no other mode, and says why', async () => {
    const vault = createSecretVault(storage().secrets, ports);
    await vault.setMode('device');
    await expect(vault.setMode('passphrase', { passphrase: 'correct horse battery' })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('keyring'),
    });
  });

  it('says so when the keyring does not keep a key, and never claims that it was added', async () => {
    const vault = createSecretVault(storage({ lost: true }).secrets, ports);
    await expect(vault.add(openRouterKey)).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('did not keep the key'),
    });
    expect(await vault.list()).toEqual([]);
  });

  it('passes on nothing that a broken keyring says', async () => {
    const vault = createSecretVault(storage({ broken: true }).secrets, ports);
    const error = await vault.add(openRouterKey).catch((thrown: unknown) => thrown);
    expect(String(error)).not.toContain(SECRET);
    expect(error).toMatchObject({ code: 'unreadable' });
  });

  it('lists what is damaged with a policy that allows nothing, so that it can be deleted', async () => {
    const { entries, secrets } = storage();
    const vault = createSecretVault(secrets, ports);
    await vault.add(openRouterKey);
    entries.set('policy:k1', (entries.get('policy:k1') ?? '').replace('"caps":[{', '"caps":[{"odd":1,'));
    expect(await vault.list()).toMatchObject([
      { id: 'k1', label: 'Work', damaged: true, policy: { caps: [{ limit: 0n, window: 'total' }] } },
    ]);
    await expect(vault.open('k1')).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('Work'),
    });
    await vault.remove('k1');
    expect(entries.size).toBe(0);
  });

  it('sends a secret nowhere else when the address in its entry was exchanged', async () => {
    const { entries, secrets } = storage();
    const vault = createSecretVault(secrets, ports);
    await vault.add(openRouterKey);
    entries.set(
      'key:k1',
      (entries.get('key:k1') ?? '').replace('"baseUrl":"https://openrouter.ai', '"baseUrl":"https://evil.example'),
    );
    await expect(vault.open('k1')).rejects.toMatchObject({ code: 'origin-changed' });
  });

  it('leaves alone what newer code stored', async () => {
    const { entries, secrets } = storage();
    const vault = createSecretVault(secrets, ports);
    await vault.add(openRouterKey);
    entries.set('key:k1', (entries.get('key:k1') ?? '').replace('"v":1', '"v":2'));
    await expect(vault.open('k1')).rejects.toMatchObject({ code: 'newer', message: expect.stringContaining('Reload') });
    await expect(vault.rename('k1', 'x')).rejects.toMatchObject({ code: 'newer' });
  });
});
