import type {
  BlobStore,
  Catalog,
  ChatEvent,
  ChatRequest,
  ConversationStore,
  Failure,
  Key,
  Ledger,
  Vault,
} from '@patchbay/core';

/** The part of the gateway that a host needs. */
export interface ChatGateway {
  /** Batches of events; never throws, ends with exactly one `finish`. Aborting `signal` is Stop. */
  chat(
    request: ChatRequest,
    options: {
      readonly runId: string;
      readonly signal: AbortSignal;
      readonly onReservation?: (reservationId: string) => void | Promise<void>;
      readonly onResponse?: (responseId: string) => void | Promise<void>;
    },
  ): AsyncIterable<readonly ChatEvent[]>;
}

/** What a host needs from the product around it. */
export interface HostDeps {
  readonly gateway: ChatGateway;
  readonly conversations: ConversationStore;
  readonly blobs: BlobStore;
  /** Never opened here: a host knows keys, and no secret. */
  readonly vault: Omit<Vault, 'open' | 'add'>;
  /** Read, confirmed, set back and cleared here; reserving and settling are the gateway's. */
  readonly ledger: Pick<
    Ledger,
    'status' | 'reservation' | 'history' | 'id' | 'health' | 'acknowledgeOverrun' | 'setTimeBack' | 'forgetHistory'
  >;
  readonly catalog: Pick<Catalog, 'list'>;
  /** Asks a key's provider for its models again and stores the list; a failure where that did not work. */
  readonly refreshModels?: (key: Key) => Promise<Failure | undefined>;
  /** Opens the product's own place for keys and caps. */
  readonly openKeys: (options: {
    readonly keyId?: string;
    readonly reason?: 'add' | 'caps' | 'unlock';
  }) => Promise<void> | void;
  /** Deletes what the product keeps of the user's beside the stores. Called where everything is to be deleted. */
  readonly deleteProductData?: () => Promise<void>;
  /** Keeps the process alive until the promise settles (a background that the browser would stop). */
  readonly keepAwake?: (until: Promise<unknown>) => void;
  /** Names this process among those that share the stores: new at every start. */
  readonly ownerId: string;
  /** No other process shares the stores (a browser has one background): what another owner left running is dead at once. */
  readonly soleOwner?: boolean;
  /** ms since epoch. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly timing?: Partial<HostTiming>;
}

/** All in ms. */
export interface HostTiming {
  /** Deltas are gathered for this long before they are posted; the first goes at once. Default 25. */
  readonly flush: number;
  /** A running answer is saved this often. Default 500. */
  readonly checkpoint: number;
  /** A run whose owner has not been heard of for this long is dead. Default 15,000. */
  readonly lease: number;
  /** Leases are renewed, other windows' stops seen, and other windows' runs read this often. Default 1,000. */
  readonly heartbeat: number;
  /** An answer that could not be saved is tried again this often. Default 5,000. */
  readonly retrySave: number;
}

export const DEFAULT_TIMING: HostTiming = {
  flush: 25,
  checkpoint: 500,
  lease: 15_000,
  heartbeat: 1_000,
  retrySave: 5_000,
};
