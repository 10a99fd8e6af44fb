import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { blobCases, conversationCases } from '../../../core/src/records/records.testing.ts';
import { conversation, message, run, sample } from '../../../core/src/records/sample.testing.ts';
import { createBlobStore } from './blobs.ts';
import { createConversationStore } from './conversations.ts';
import { createDatabase, type Database } from './database.ts';
import { migrations } from './migrations.ts';

const folders: string[] = [];
const opened: Database[] = [];

function file(): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-sqlite-'));
  folders.push(folder);
  return join(folder, 'deep', 'patchbay.sqlite');
}

function connect(path: string, list = migrations): Database {
  const database = createDatabase({ path, migrations: list });
  opened.push(database);
  return database;
}

afterEach(() => {
  for (const database of opened.splice(0)) database.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('createConversationStore on SQLite', () => {
  it.each(conversationCases)('$name', ({ run: check }) =>
    check(async () => {
      const path = file();
      const first = connect(path);
      return {
        store: createConversationStore(first),
        second: createConversationStore(connect(path)),
        reopen: async () => {
          first.close();
          return createConversationStore(connect(path));
        },
      };
    }),
  );

  it('lets other work run between the conversations that a search looks through', async () => {
    const store = createConversationStore(connect(file()));
    for (let index = 0; index < 20; index++) {
      await store.write([{ put: 'conversation', record: conversation(`c${index}`, { title: `title ${index}` }) }]);
    }
    let turns = 0;
    let searching = true;
    const others = (async () => {
      while (searching) {
        await new Promise((resolve) => setImmediate(resolve));
        turns++;
      }
    })();
    await store.search('nowhere', 5);
    searching = false;
    await others;
    expect(turns).toBeGreaterThanOrEqual(20);
  });

  it('says that a file is no database, and touches nothing of it', async () => {
    const path = join(file(), '..', '..', 'broken.sqlite');
    writeFileSync(path, 'this is no database, and long enough to be none '.repeat(100));
    const store = createConversationStore(connect(path));
    await expect(store.conversations()).rejects.toMatchObject({ code: 'unreadable' });
    expect(await store.health()).toMatchObject({
      state: 'unreadable',
      message: expect.stringContaining('cannot be read'),
    });
  });

  it('does not let one damaged record hide the others', async () => {
    const database = connect(file());
    const store = createConversationStore(database);
    await store.write([
      { put: 'conversation', record: conversation('c1') },
      { put: 'conversation', record: conversation('c2') },
    ]);
    await database.write((db) => db.run("UPDATE conversation SET record = '{' WHERE id = 'c1'"));
    expect((await store.conversations()).map((one) => one.id)).toEqual(['c2']);
    await expect(store.conversation('c1')).rejects.toMatchObject({ code: 'unreadable' });
  });
});

describe('one database, two versions of the code', () => {
  const newer = [...migrations, 'CREATE TABLE of_the_future (id TEXT) STRICT'];

  it('is read by the older one, which says to reload and never writes', async () => {
    const path = file();
    await createConversationStore(connect(path, newer)).write([
      { put: 'conversation', record: conversation('c1', { title: 'Kept' }) },
      { put: 'message', record: message('m1', 'c1', 'still here') },
    ]);
    const store = createConversationStore(connect(path));
    expect(await store.health()).toEqual({ state: 'newer', message: expect.stringContaining('Reload this window') });
    expect((await store.conversations()).map((one) => one.title)).toEqual(['Kept']);
    expect((await store.messages('c1')).map((one) => one.id)).toEqual(['m1']);
    await expect(store.write([{ insert: 'run', record: run('r1', 'c1') }])).rejects.toMatchObject({ code: 'newer' });
    await expect(store.wipe()).rejects.toMatchObject({ code: 'newer' });
    expect((await store.conversation('c1'))?.title).toBe('Kept');
  });

  it('stops being written by the older one at the moment the newer one upgrades it', async () => {
    const path = file();
    const older = createConversationStore(connect(path));
    await older.write([{ put: 'conversation', record: sample.conversation }]);
    const fresh = createConversationStore(connect(path, newer));
    expect(await fresh.conversations()).toHaveLength(1);
    await expect(older.update('c1', (one) => ({ ...one, title: 'Lost' }))).rejects.toMatchObject({ code: 'newer' });
    expect(await older.conversation('c1')).toEqual(sample.conversation);
    expect(await older.health()).toMatchObject({ state: 'newer' });
  });

  it('is upgraded once by windows that open it together', async () => {
    const path = file();
    await createConversationStore(connect(path)).write([{ put: 'conversation', record: sample.conversation }]);
    const stores = Array.from({ length: 5 }, () => createConversationStore(connect(path, newer)));
    for (const store of stores) expect(await store.conversations()).toHaveLength(1);
    expect(await stores[4]?.health()).toEqual({ state: 'ready' });
  });
});

describe('createBlobStore on SQLite', () => {
  it.each(blobCases)('$name', ({ run: check }) =>
    check(async () => {
      const path = file();
      const database = connect(path);
      return {
        store: createBlobStore(database),
        reopen: async () => {
          database.close();
          return createBlobStore(connect(path));
        },
      };
    }),
  );
});
