export {
  createDatabase,
  DATABASE_NAME,
  DATABASE_VERSION,
  type Database,
  type DatabaseOptions,
  type TransactionOptions,
} from './database.ts';
