import {
  createBlobStore,
  createConversationStore,
  createDatabase,
  createIndexedDbLedger,
} from '@patchbay/stores/indexeddb';
import type * as vscode from 'vscode';
import { start } from './vscode/start.ts';
import type { OpenStores } from './vscode/stores.ts';

/** The worker host has no files; its database belongs to the origin of the workbench. */
const openIndexedDb: OpenStores = (_folder, options) => {
  const database = createDatabase({ name: 'patchbay-vscode' });
  return {
    ledger: createIndexedDbLedger(database, options),
    conversations: createConversationStore(database),
    blobs: createBlobStore(database),
    close: database.close,
  };
};

/** Entry of the web-worker extension host. Registers, and waits for nothing. */
export function activate(context: vscode.ExtensionContext): void {
  start(context, openIndexedDb);
}
