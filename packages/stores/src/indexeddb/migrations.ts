import { createConversationStores } from './conversations-schema.ts';
import { createLedgerStores } from './ledger-schema.ts';

/** Brings the database from its place in the list to the next version, inside the upgrade's own transaction. */
export type Migration = (db: IDBDatabase, transaction: IDBTransaction) => void;

/** Number n of this list makes version n (from 1). Released ones are never edited, only followed by another. */
export const migrations: readonly Migration[] = [createLedgerStores, createConversationStores];
