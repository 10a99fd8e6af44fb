import type { BlobRecord, ConversationRecord, MessageRecord, RunRecord, SettingsRecord } from './records.ts';
import { StoreError } from './store.ts';

/** Every kind of stored record, with the shape this code works on. */
export interface RecordKinds {
  readonly conversation: ConversationRecord;
  readonly message: MessageRecord;
  readonly run: RunRecord;
  readonly blob: BlobRecord;
  readonly settings: SettingsRecord;
}

export type RecordKind = keyof RecordKinds;

/** A record as an engine hands it out: some version of its shape. */
export type StoredRecord = { readonly v: number; readonly [field: string]: unknown };

/** From one version of all records to the next; a kind that did not change is left out. Pure. */
export type RecordMigration = { readonly [K in RecordKind]?: (before: StoredRecord) => Omit<StoredRecord, 'v'> };

/**
 * Number n of this list (from 1) makes version n + 1. Released ones are never edited, only followed by another; each comes
 * with a frozen example of what it makes in `fixtures/`, and with a new version of every engine's schema, so that older
 * code finds the database newer than itself before it reads a record.
 */
export const recordMigrations: readonly RecordMigration[] = [];

/**
 * Brings what an engine stored to the shape of this code; nothing is written back until the record changes anyway.
 * @throws StoreError `newer` (written by newer code), `unreadable` (no record at all)
 */
export function readRecord<K extends RecordKind>(kind: K, stored: unknown): RecordKinds[K] {
  return migrateRecord(kind, stored, recordMigrations) as unknown as RecordKinds[K];
}

/** `readRecord` over any list of migrations; the version made is one more than their number. */
export function migrateRecord(kind: RecordKind, stored: unknown, migrations: readonly RecordMigration[]): StoredRecord {
  if (!isStored(stored)) {
    throw new StoreError('unreadable', `A saved ${NAMES[kind]} is damaged and cannot be read.`);
  }
  const current = migrations.length + 1;
  if (stored.v > current) {
    throw new StoreError(
      'newer',
      `A saved ${NAMES[kind]} was written by a newer version of Patchbay. Update Patchbay, or reload it if it was just updated.`,
    );
  }
  let record = stored;
  for (let version = record.v; version < current; version += 1) {
    const change = migrations[version - 1]?.[kind];
    record = { ...(change ? change(record) : record), v: version + 1 };
  }
  return record;
}

const NAMES: { readonly [K in RecordKind]: string } = {
  conversation: 'conversation',
  message: 'message',
  run: 'request',
  blob: 'image or file',
  settings: 'set of settings',
};

function isStored(value: unknown): value is StoredRecord {
  if (typeof value !== 'object' || value === null || !('v' in value) || !('id' in value)) return false;
  return typeof value.id === 'string' && Number.isSafeInteger(value.v) && (value.v as number) >= 1;
}
