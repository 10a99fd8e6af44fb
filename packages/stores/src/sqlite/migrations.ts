import { CONVERSATIONS_SCHEMA } from './conversations-schema.ts';
import { LEDGER_SCHEMA } from './ledger-schema.ts';

/** SQL that brings the database from its place in the list to the next version, inside one transaction. */
export type Migration = string;

/** Number n of this list makes version n (from 1). Released ones are never edited, only followed by another. */
export const migrations: readonly Migration[] = [LEDGER_SCHEMA, CONVERSATIONS_SCHEMA];
