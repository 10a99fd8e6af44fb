export { createBlobStore } from './blobs.ts';
export { createConversationStore } from './conversations.ts';
export {
  createDatabase,
  DATABASE_NAME,
  DATABASE_VERSION,
  type Database,
  type DatabaseOptions,
  type Outside,
  type TransactionOptions,
} from './database.ts';
export { createIndexedDbLedger } from './ledger.ts';
