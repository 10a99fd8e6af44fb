import { IDBFactory } from 'fake-indexeddb';
import { describe, it } from 'vitest';
import { type MakeVault, vaultCases } from '../../../core/src/keys/vault.testing.ts';
import { createMemorySessionArea } from './session-area.ts';
import { createWebCryptoVault } from './vault.ts';

/** PBKDF2 at its full strength takes a sixth of a second each time; one test of `seal.test.ts` goes the whole way. */
const QUICK = 1_000;

const webCrypto: MakeVault = (ports) => {
  const factory = new IDBFactory();
  let session = createMemorySessionArea();
  const area = {
    get: (key: string) => session.get(key),
    set: (key: string, value: Parameters<typeof session.set>[1]) => session.set(key, value),
    remove: (key: string) => session.remove(key),
  };
  return {
    open: () => createWebCryptoVault({ ...ports, factory, session: area, iterations: QUICK }),
    restartBrowser: () => {
      session = createMemorySessionArea();
    },
  };
};

describe('the vault, on WebCrypto and IndexedDB', () => {
  it.each(vaultCases)('$name', ({ run }) => run(webCrypto));
});
