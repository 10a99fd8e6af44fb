import {
  createBlobStore,
  createConversationStore,
  createDatabase,
  createIndexedDbLedger,
} from '@patchbay/stores/indexeddb';
import type * as vscode from 'vscode';
import { createServices } from './vscode/services.ts';
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

/** Entry of the web-worker extension host, which loads one script and no more. Registers, and waits for nothing. */
export function activate(context: vscode.ExtensionContext): void {
  start(context, (openKeys) => createServices(context, openIndexedDb, openKeys));
}
