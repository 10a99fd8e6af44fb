import { describe, it } from 'vitest';
import { createMemoryVault, createMemoryVaultStorage } from './memory-vault.ts';
import { type MakeVault, vaultCases } from './vault.testing.ts';

const memory: MakeVault = (ports) => {
  const storage = createMemoryVaultStorage();
  return {
    open: () => createMemoryVault(ports, storage),
    restartBrowser: () => {
      storage.session.unlocked = false;
      storage.session.entries = new Map();
      if (storage.mode === 'session') storage.ledgerId = undefined;
    },
  };
};

describe('the vault, in memory', () => {
  it.each(vaultCases)('$name', ({ run }) => run(memory));
});
