export { createBlobStore } from './blobs.ts';
export { createConversationStore } from './conversations.ts';
export {
  type Connection,
  createDatabase,
  DATABASE_VERSION,
  type Database,
  type DatabaseOptions,
  type TransactionOptions,
} from './database.ts';
export { createSqliteLedger } from './ledger.ts';
