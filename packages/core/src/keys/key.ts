import type { ProviderOverrides } from '../providers/provider.ts';
import type { Policy } from '../spending/ledger.ts';

/** What everybody but the vault may know of a key. */
export interface Key {
  readonly id: string;
  readonly label: string;
  readonly provider: string;
  /** The only origin its secret may be sent to, such as `https://openrouter.ai`. */
  readonly origin: string;
  /** Requests go here; its origin is `origin`. */
  readonly baseUrl: string;
  /** Last four characters of the secret; '' for a secret too short to show any of, or a server that needs none. */
  readonly lastFour: string;
  /** Hex SHA-256 of provider origin and secret: the ledger's account. */
  readonly fingerprint: string;
  readonly policy: Policy;
  readonly createdAt: number;
  /** What a custom endpoint sets of a provider's data. */
  readonly overrides?: ProviderOverrides;
  /** What is stored of it cannot be read: it is listed so that it can be removed, and its policy allows nothing. */
  readonly damaged?: true;
}

export interface NewKey {
  readonly label: string;
  readonly provider: string;
  /** '' for the provider's own. */
  readonly baseUrl: string;
  /** '' for a server that needs none. */
  readonly secret: string;
  readonly caps?: Policy['caps'];
  readonly scope?: Policy['scope'];
  readonly overrides?: ProviderOverrides;
}

/** `device`: sealed with a key this device cannot export. `passphrase`: wrapped by the user's words. `session`: gone when the browser closes. */
export type VaultMode = 'device' | 'passphrase' | 'session';

export interface VaultStatus {
  readonly mode: VaultMode;
  readonly locked: boolean;
  readonly keyCount: number;
  /** Minutes without use after which a passphrase vault locks itself; absent means never. */
  readonly autoLockMinutes?: number;
}

/** Thrown by vault methods; `code` says which. Never carries a secret. */
export class VaultError extends Error {
  readonly code:
    | 'locked'
    | 'wrong-passphrase'
    | 'not-found'
    | 'unreadable'
    | 'storage-full'
    | 'origin-changed'
    /** Written by newer code than this. */
    | 'newer'
    /** What was asked for cannot be stored as it is: an address, a secret, a passphrase. */
    | 'invalid';
  constructor(code: VaultError['code'], message: string) {
    super(message);
    this.name = 'VaultError';
    this.code = code;
  }
}

/** What a vault needs from the world around it. */
export interface VaultPorts {
  /** The ledger's `raisePolicy`: called before a policy is stored, so that no older one can still reserve. */
  readonly raisePolicy: (account: string, atLeast: number) => Promise<number>;
  /** ms since epoch. */
  readonly now: () => number;
  readonly newId: () => string;
}

/** The one place that holds secrets. Secrets, caps and scopes are sealed; nothing else ever sees a secret in clear. */
export interface Vault {
  status(): Promise<VaultStatus>;
  /** Throws `locked`. */
  list(): Promise<readonly Key[]>;
  add(key: NewKey): Promise<Key>;
  rename(id: string, label: string): Promise<Key>;
  /** Caps and scope; the version is the ledger's, raised first, so that no older policy can still reserve. */
  setPolicy(id: string, policy: Policy): Promise<Key>;
  remove(id: string): Promise<void>;
  /** Called just before `fetch`, by the gateway alone. */
  open(id: string): Promise<{ readonly key: Key; readonly secret: string }>;
  /** Id of the ledger this vault belongs to, sealed; undefined in a vault that never saw one. */
  ledgerId(): Promise<string | undefined>;
  setLedgerId(id: string): Promise<void>;
  /**
   * Re-seals everything, all or nothing. `passphrase` is needed for mode `passphrase`, but where only the minutes change;
   * `autoLockMinutes` absent means never.
   */
  setMode(
    mode: VaultMode,
    options?: { readonly passphrase?: string; readonly autoLockMinutes?: number },
  ): Promise<void>;
  unlock(passphrase: string): Promise<void>;
  lock(): Promise<void>;
  /** Removes every key and the vault's own key material. */
  wipe(): Promise<void>;
}
