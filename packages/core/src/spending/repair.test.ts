import { expect, it } from 'vitest';
import { createMemoryVault } from '../keys/memory-vault.ts';
import { providerOf } from '../providers/registry.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { repairBill } from './repair.ts';

it('gives up asking for a record that never comes, so that the process may sleep', async () => {
  const ledger = createMemoryLedger();
  const vault = createMemoryVault({ raisePolicy: ledger.raisePolicy, now: Date.now, newId: () => 'key' });
  const key = await vault.add({ label: 'Work', provider: 'openrouter', baseUrl: '', secret: 'sk-or-v1-secret' });
  const provider = providerOf('openrouter');
  if (!provider) throw new Error('There is no OpenRouter.');
  let asked = 0;
  const hangs: typeof fetch = (_, init) => {
    asked += 1;
    return new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
    });
  };
  const ports = { fetch: hangs, vault, ledger, sleep: () => Promise.resolve(), timeoutMs: 1 };
  expect(await repairBill(ports, { reservationId: 'r', responseId: 'gen-1', key, provider })).toBeUndefined();
  expect(asked).toBe(5);
});
