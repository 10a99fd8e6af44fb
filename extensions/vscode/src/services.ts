import { join } from 'node:path';
import { createBlobStore, createConversationStore, createDatabase, createSqliteLedger } from '@patchbay/stores/sqlite';
import type * as vscode from 'vscode';
import { createServices, type OpenKeys, type Services } from './vscode/services.ts';
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

/** Entry of what stands behind the editor in the Node extension host: a bundle that activation does not read. */
export function open(context: vscode.ExtensionContext, openKeys: OpenKeys): Services {
  return createServices(context, openSqlite, openKeys);
}
