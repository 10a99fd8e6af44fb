import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conversation } from '../../../core/src/records/sample.testing.ts';
import { createConversationStore } from './conversations.ts';
import { createDatabase, type Database } from './database.ts';
import { createSqliteLedger } from './ledger.ts';

let folder = '';
let path = '';
let opened: { close(): void }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-busy-'));
  path = join(folder, 'patchbay.sqlite');
});
afterEach(() => {
  for (const one of opened) one.close();
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});

function connect(options: { patienceMs?: number } = {}): Database {
  const database = createDatabase({ path, ...options });
  opened.push(database);
  return database;
}

/** Somebody else, such as a backup, who keeps everybody from writing until it is let go. */
function hold(): { letGo(): void } {
  const other = new DatabaseSync(path);
  opened.push(other);
  other.exec('BEGIN IMMEDIATE');
  return { letGo: () => other.exec('COMMIT') };
}

const CAP = { limit: 100n, window: 'total' } as const;
const OWNER = { id: 'owner', leaseMs: 60_000 };
const request = (id: string) => ({
  ...{ id, account: 'a', policyVersion: 1, caps: [CAP], bound: 60n },
  ...{ provider: 'p', model: 'm', runId: 'r' },
});

describe('a database that somebody else holds', () => {
  it('is waited for while everything else goes on, and then written in order', async () => {
    const store = createConversationStore(connect());
    await store.write([{ put: 'conversation', record: conversation('c1', { title: 'Before' }) }]);
    const backup = hold();
    const done: string[] = [];
    const writes = [
      store.update('c1', (one) => ({ ...one, title: `${one.title}, then` })).then(() => done.push('first')),
      store.update('c1', (one) => ({ ...one, title: `${one.title} after` })).then(() => done.push('second')),
    ];
    // Timers run: this process is not stopped. And what was there can be read.
    for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(done).toEqual([]);
    expect((await store.conversation('c1'))?.title).toBe('Before');
    backup.letGo();
    await Promise.all(writes);
    expect(done).toEqual(['first', 'second']);
    expect((await store.conversation('c1'))?.title).toBe('Before, then after');
    await store.update('c1', (one) => ({ ...one, title: 'At once' }));
    expect((await store.conversation('c1'))?.title).toBe('At once');
  });

  it('grants nothing when patience ends, says why, and has lost nothing', async () => {
    const ledger = createSqliteLedger(connect({ patienceMs: 100 }));
    const store = createConversationStore(connect({ patienceMs: 100 }));
    expect(await ledger.reserve([request('sent')], OWNER)).toEqual({ ok: true });
    expect(await ledger.markSent('sent')).toBe(true);
    const backup = hold();
    expect(await ledger.reserve([request('refused')], OWNER)).toMatchObject({
      ok: false,
      reason: 'ledger-locked',
      message: expect.stringContaining('busy for too long. Try again.'),
    });
    await expect(ledger.settle('sent', { amount: 7n, source: 'provider' })).rejects.toMatchObject({
      code: 'unavailable',
    });
    await expect(
      store.write([{ put: 'conversation', record: conversation('c1', { title: 'Unsaved' }) }]),
    ).rejects.toMatchObject({ code: 'closed', message: expect.stringContaining('busy for too long') });
    // What was sent counts in full, as long as nobody can write what it really cost.
    expect((await ledger.status('a', [CAP])).caps[0]).toMatchObject({ reserved: 60n, left: 40n });
    backup.letGo();
    await ledger.settle('sent', { amount: 7n, source: 'provider' });
    expect((await ledger.status('a', [CAP])).caps[0]).toMatchObject({ spent: 7n, reserved: 0n, left: 93n });
    expect(await ledger.reservation('refused')).toBeUndefined();
    expect(await ledger.audit()).toEqual([]);
  });

  it('is let go by a window that closes', async () => {
    const database = connect();
    const store = createConversationStore(database);
    await store.write([{ put: 'conversation', record: conversation('c1', { title: 'Before' }) }]);
    const backup = hold();
    const writing = store.update('c1', (one) => ({ ...one, title: 'After' }));
    database.close();
    await expect(writing).rejects.toMatchObject({ code: 'closed' });
    backup.letGo();
    expect((await createConversationStore(connect()).conversation('c1'))?.title).toBe('Before');
  });
});
