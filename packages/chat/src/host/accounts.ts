import { formatUsd, type Key, type ModelChoice, resolveProvider } from '@patchbay/core';
import type { CapView, HostState, KeyView } from '../contract/views.ts';
import { Refusal, toFailure } from './failures.ts';
import { leadView } from './ledger-lead.ts';
import type { HostDeps } from './ports.ts';

/** Keys, caps, vault and ledger as panels see them, and what keeps money from being spent. */
export interface Accounts {
  view(): Promise<Pick<HostState, 'vault' | 'ledger' | 'keys'>>;
  /** Throws a Refusal where a request over this key would be refused anyway, so that nothing is written for it. */
  admit(choice: ModelChoice): Promise<void>;
  acknowledgeOverrun(keyId: string): Promise<void>;
  /** The user agrees to go on with this ledger: the vault belongs to it from now on. */
  confirmLedger(): Promise<void>;
  /** The user agrees that the clock is right, and the ledger's time was taken ahead by a wrong one. */
  setTimeBack(): Promise<void>;
  /** Empty while the vault is locked. */
  keys(): Promise<readonly Key[]>;
}

const NOT_ITS_LEDGER =
  'The record of what your keys have spent is missing, so their caps start from zero. Nothing is sent over them until you confirm that.';

export function createAccounts({ vault, ledger, now }: Pick<HostDeps, 'vault' | 'ledger' | 'now'>): Accounts {
  const status = async (): Promise<HostState['vault']> => {
    const { mode, locked, autoLockMinutes } = await vault.status();
    return { mode, locked, ...(autoLockMinutes !== undefined && { autoLockMinutes }) };
  };
  const keys = async () => ((await vault.status()).locked ? [] : vault.list());

  const ledgerView = async (): Promise<HostState['ledger']> => {
    const health = await ledger.health();
    if (health.state !== 'ready') return health;
    const ready: HostState['ledger'] = {
      state: 'ready',
      ...(health.ahead && { ahead: await leadView(health.ahead, ledger, now()) }),
    };
    // A locked vault spends nothing, and cannot tell its ledger.
    if ((await vault.status()).locked) return ready;
    const [mine, its] = [await ledger.id(), await vault.ledgerId()];
    if (its === mine) return ready;
    if (its !== undefined) return { state: 'missing', message: NOT_ITS_LEDGER };
    // A vault that never saw a ledger has never spent anything.
    await vault.setLedgerId(mine);
    return ready;
  };

  return {
    keys,
    view: async () => {
      // Nothing is spent while keys or ledger cannot be read; everything else works on.
      const unreadable = (error: unknown) => ({ state: 'unreadable' as const, message: toFailure(error).message });
      try {
        // A ledger that cannot be read or written hides no keys.
        const [vaultView, all, ledgerState] = [await status(), await keys(), await ledgerView().catch(unreadable)];
        const views = await Promise.all(all.map((key) => keyView(key, ledger)));
        return { vault: vaultView, ledger: ledgerState, keys: views };
      } catch (error) {
        return { vault: { mode: 'device', locked: true }, ledger: unreadable(error), keys: [] };
      }
    },
    admit: async ({ keyId }) => {
      // Nothing is charged without a key.
      if (keyId === undefined) return;
      if ((await vault.status()).locked) {
        throw new Refusal('vault-locked', 'Your keys are locked. Unlock them, then send again.', 'unlock');
      }
      const { state, message } = await ledgerView();
      if (state === 'ready') return;
      throw new Refusal('ledger-locked', message ?? NOT_ITS_LEDGER, state === 'missing' ? 'confirm-ledger' : 'reload');
    },
    acknowledgeOverrun: async (keyId) => {
      const key = (await keys()).find((one) => one.id === keyId);
      if (!key) throw new Refusal('auth', 'This key does not exist any more, or is locked.', 'unlock');
      await ledger.acknowledgeOverrun(key.fingerprint);
    },
    setTimeBack: async () => {
      // False where another window was faster, or the clock went wrong again: the next state says which.
      await ledger.setTimeBack();
    },
    confirmLedger: async () => {
      const health = await ledger.health();
      if (health.state !== 'ready' && health.state !== 'missing') {
        throw new Refusal('ledger-locked', health.message, 'reload');
      }
      await vault.setLedgerId(await ledger.id());
    },
  };
}

async function keyView(key: Key, ledger: HostDeps['ledger']): Promise<KeyView> {
  const { id, label, provider, origin, lastFour, fingerprint, policy } = key;
  const view = { id, label, provider, providerName: resolveProvider(key).name, origin, lastFour };
  // An unreadable ledger is reported once, beside the keys; nothing is spent until then.
  const account = await ledger.status(fingerprint, policy.caps).catch(() => undefined);
  if (!account) return { ...view, caps: [], todayUsd: '0', monthUsd: '0', totalUsd: '0', locked: false, unknown: true };
  const caps = account.caps.map(
    ({ cap, spent, reserved, left, resetsAt }): CapView => ({
      limitUsd: formatUsd(cap.limit),
      window: cap.window,
      spentUsd: formatUsd(spent),
      reservedUsd: formatUsd(reserved),
      leftUsd: formatUsd(left),
      ...(resetsAt !== undefined && { resetsAt }),
    }),
  );
  return {
    ...view,
    caps,
    todayUsd: formatUsd(account.today),
    monthUsd: formatUsd(account.month),
    totalUsd: formatUsd(account.total),
    locked: account.locked,
  };
}
