import { describe, it } from 'vitest';
import { type MakeVault, vaultCases } from '../../../core/src/keys/vault.testing.ts';
import { createProfile } from './harness.testing.ts';

const webCrypto: MakeVault = (ports) => createProfile(ports);

describe('the vault, on WebCrypto and IndexedDB', () => {
  it.each(vaultCases)('$name', ({ run }) => run(webCrypto));
});
