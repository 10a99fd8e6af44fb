import { join } from 'node:path';
import { createBlobStore, createConversationStore, createDatabase, createSqliteLedger } from '@patchbay/stores/sqlite';
import type * as vscode from 'vscode';
import { start } from './vscode/start.ts';
import type { OpenStores } from './vscode/stores.ts';

/** All windows share one file, and with it one ledger and one history. */
const openSqlite: OpenStores = (folder, options) => {
  const database = createDatabase({ path: join(folder, 'patchbay.sqlite') });
  return {
    ledger: createSqliteLedger(database, options),
    conversations: createConversationStore(database),
    blobs: createBlobStore(database),
    close: database.close,
  };
};

/** Entry of the Node extension host. Registers, and waits for nothing. */
export function activate(context: vscode.ExtensionContext): void {
  start(context, openSqlite);
}
