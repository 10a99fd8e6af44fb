import type { BlobStore, ConversationStore, Ledger, LedgerOptions } from '@patchbay/core';

/** Everything that is kept but secrets: SQLite where there is Node, IndexedDB where there is none. */
export interface Stores {
  readonly ledger: Ledger;
  readonly conversations: ConversationStore;
  readonly blobs: BlobStore;
  close(): void;
}

/**
 * Opens the stores; touches no disk before their first use.
 * @param folder path of the extension's own folder, outside of every workspace
 */
export type OpenStores = (folder: string, options: LedgerOptions) => Stores;
