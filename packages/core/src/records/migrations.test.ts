import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrateRecord, type RecordKind, type RecordMigration, readRecord, recordMigrations } from './migrations.ts';
import { RECORDS_VERSION } from './records.ts';
import { sample } from './sample.testing.ts';
import { StoreError } from './store.ts';

const folder = join(import.meta.dirname, 'fixtures');

/** What users have on their disks. A released fixture never changes: a new shape is a new version with its own. */
const FROZEN: { readonly [file: string]: string } = {
  'v1.json': '35f346b3776d6b0c325746e6ec304670cc82cfb7befc95d6d0ab1f9751a0c546',
};

type Fixture = { readonly [K in RecordKind]: { readonly [field: string]: unknown } };

const read = (version: number): Fixture => JSON.parse(readFileSync(join(folder, `v${version}.json`), 'utf8'));

const thrownBy = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('all migrations', () => {
  it('have a frozen fixture for every version', () => {
    const hashes = readdirSync(folder).map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    ]);
    expect(Object.fromEntries(hashes)).toEqual(FROZEN);
    expect(hashes.length).toBe(RECORDS_VERSION);
    expect(recordMigrations.length).toBe(RECORDS_VERSION - 1);
  });

  it('bring every version of every record to the present one', () => {
    for (let version = 1; version <= RECORDS_VERSION; version += 1) {
      for (const [kind, record] of Object.entries(read(version))) {
        const now = readRecord(kind as RecordKind, record);
        expect(now.v).toBe(RECORDS_VERSION);
        // From one version to the next the fixtures say what is to come out.
        const next = version === RECORDS_VERSION ? record : read(version + 1)[kind as RecordKind];
        const step = migrateRecord(kind as RecordKind, record, recordMigrations.slice(0, version));
        expect(step).toEqual(next);
      }
    }
  });

  it('end at the shape that this code works on, with all its fields', () => {
    expect(read(RECORDS_VERSION)).toEqual(sample);
  });
});

describe('migrateRecord', () => {
  const renamed: RecordMigration = {
    conversation: ({ title, ...rest }) => ({ ...rest, name: title }),
  };
  const counted: RecordMigration = {
    conversation: (before) => ({ ...before, letters: String(before.name).length }),
    message: (before) => ({ ...before, read: true }),
  };

  it('runs the numbered steps in order, and only those that are missing', () => {
    const migrate = (stored: unknown, kind: RecordKind = 'conversation') =>
      migrateRecord(kind, stored, [renamed, counted]);
    expect(migrate({ v: 1, id: 'c', title: 'abc' })).toEqual({ v: 3, id: 'c', name: 'abc', letters: 3 });
    expect(migrate({ v: 2, id: 'c', name: 'abcd' })).toEqual({ v: 3, id: 'c', name: 'abcd', letters: 4 });
    const current = { v: 3, id: 'c', name: 'x', letters: 9 };
    expect(migrate(current)).toEqual(current);
    expect(migrate({ v: 1, id: 'm' }, 'message')).toEqual({ v: 3, id: 'm', read: true });
    expect(migrate({ v: 1, id: 'r' }, 'run')).toEqual({ v: 3, id: 'r' });
  });

  it('does not touch what it is given', () => {
    const stored = Object.freeze({ v: 1, id: 'c', title: 'abc' });
    migrateRecord('conversation', stored, [renamed, counted]);
    expect(stored).toEqual({ v: 1, id: 'c', title: 'abc' });
  });

  it('refuses a record of newer code, in a sentence that says what to do', () => {
    const error = thrownBy(() => readRecord('message', { v: RECORDS_VERSION + 1, id: 'm' }));
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ code: 'newer', message: expect.stringMatching(/message.*newer version.*Update/) });
  });

  it.each([
    undefined,
    null,
    7,
    'text',
    {},
    { v: 1 },
    { id: 'x' },
    { v: '1', id: 'x' },
    { v: 0, id: 'x' },
    { v: 1, id: 7 },
  ])('refuses what is no record: %j', (stored) => {
    const error = thrownBy(() => readRecord('conversation', stored));
    expect(error).toMatchObject({ code: 'unreadable', message: expect.stringContaining('conversation') });
  });
});
