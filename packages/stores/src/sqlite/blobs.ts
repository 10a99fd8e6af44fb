import { type BlobRecord, type BlobStore, readRecord, StoreError } from '@patchbay/core';
import type { Database, Row } from './database.ts';

/** Images and files in SQLite. Listing reads no bytes. */
export function createBlobStore(database: Database): BlobStore {
  return {
    put: async (record, bytes) =>
      database.write((db) => {
        if (db.get('SELECT 1 FROM blob WHERE id = ?', record.id)) {
          throw new StoreError('conflict', 'An image or file of this id exists already.');
        }
        db.run('INSERT INTO blob (id, record, bytes) VALUES (?, ?, ?)', record.id, JSON.stringify(record), bytes);
      }),
    get: async (id) => {
      const row = database.read((db) => db.get('SELECT record, bytes FROM blob WHERE id = ?', id));
      if (row === undefined) return undefined;
      return { record: recordOf(row), bytes: row.bytes as Uint8Array<ArrayBuffer> };
    },
    list: async () => database.read((db) => db.all('SELECT record FROM blob')).map(recordOf),
    keep: async (ids) =>
      database.write((db) => {
        for (const id of ids) {
          const row = db.get('SELECT record FROM blob WHERE id = ?', id);
          if (row)
            db.run('UPDATE blob SET record = ? WHERE id = ?', JSON.stringify({ ...recordOf(row), kept: true }), id);
        }
      }),
    delete: async (ids) =>
      database.write((db) => {
        for (const id of ids) db.run('DELETE FROM blob WHERE id = ?', id);
      }),
    wipe: async () => database.write((db) => db.run('DELETE FROM blob')),
  };
}

function recordOf(row: Row): BlobRecord {
  let stored: unknown;
  try {
    stored = JSON.parse(String(row.record));
  } catch {
    stored = undefined;
  }
  return readRecord('blob', stored);
}
