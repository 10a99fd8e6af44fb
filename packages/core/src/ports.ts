import type { Catalog, Price } from './catalog/model.ts';
import type { ModelChoice } from './chat/request.ts';
import type { Vault } from './keys/key.ts';
import type { Correction, LeaseOwner, Ledger } from './spending/ledger.ts';

/** What the gateway needs from the world around it. */
export interface GatewayPorts {
  readonly fetch: typeof fetch;
  readonly vault: Pick<Vault, 'list' | 'open'>;
  readonly ledger: Ledger;
  readonly catalog: Catalog;
  /** Bytes behind a `blob` media source. */
  readonly blob: (id: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The user's own worst-case price for a model whose price nobody publishes. */
  readonly worstCase?: (provider: string, model: string) => Promise<Price | undefined>;
  /** False: no network at all, so that nothing but this machine can be reached. Absent: unknown. */
  readonly online?: () => boolean;
  /** What is remembered of models across restarts: that they do not stream. Absent: nothing is. */
  readonly wholeOnly?: {
    readonly has: (choice: ModelChoice) => Promise<boolean>;
    readonly add: (choice: ModelChoice) => Promise<void>;
  };
  readonly owner: LeaseOwner;
  /** Told when the real cost of a cut answer becomes known; the ledger has it already. */
  readonly corrected?: (correction: Correction) => void;
  /** Keeps the process alive until work behind an answer is done (repairing a bill). */
  readonly keepAwake?: (until: Promise<unknown>) => void;
  /** ms since epoch. */
  readonly now: () => number;
  readonly newId: () => string;
}
