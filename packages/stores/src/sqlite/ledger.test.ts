import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ledgerCases, type MakeHarness } from '../../../core/src/spending/ledger.testing.ts';
import { decode, encode } from './codec.ts';
import { createDatabase, type Database } from './database.ts';
import { createSqliteLedger } from './ledger.ts';
import { migrations } from './migrations.ts';

function file(): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-sqlite-'));
  return { path: join(folder, 'patchbay.sqlite'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const sqlite: MakeHarness = (now) => {
  const { path, remove } = file();
  const opened: Database[] = [];
  return {
    open: (options) => {
      const database = createDatabase({ path });
      opened.push(database);
      return createSqliteLedger(database, { now, ...options });
    },
    dispose: () => {
      for (const database of opened) database.close();
      remove();
    },
  };
};

describe('the ledger in SQLite', () => {
  it.each(ledgerCases)('$name', ({ run }) => run(sqlite));

  it('refuses to reserve on a database of newer code, says to reload, and still shows what was spent', async () => {
    const { path, remove } = file();
    const request = {
      ...{ id: 'r', account: 'a', policyVersion: 1, caps: [], bound: 2n ** 80n },
      ...{ provider: 'p', model: 'm', runId: 'r' },
    };
    const owner = { id: 'o', leaseMs: 1000 };
    const newer = createDatabase({ path, migrations: [...migrations, 'CREATE TABLE of_the_future (id TEXT) STRICT'] });
    const older = createDatabase({ path });
    try {
      expect(await createSqliteLedger(newer).reserve([request], owner)).toEqual({ ok: true });
      const ledger = createSqliteLedger(older);
      expect(await ledger.reserve([{ ...request, id: 's' }], owner)).toEqual({
        ok: false,
        reason: 'ledger-locked',
        message: expect.stringContaining('Reload this window'),
      });
      expect((await ledger.history())[0]).toMatchObject({ id: 'r', counted: 2n ** 80n });
    } finally {
      newer.close();
      older.close();
      remove();
    }
  });
});

describe('a damaged ledger in SQLite', () => {
  it.each([
    ['a lost account', 'DELETE FROM ledger_account'],
    ['a lost own record', 'DELETE FROM ledger_meta'],
    ['a sum that is no number', `UPDATE ledger_account SET record = replace(record, '"bigint"', '"big"')`],
    ['a record that is no JSON', "UPDATE ledger_account SET record = 'x'"],
  ])('with %s grants nothing', async (_, damage) => {
    const { path, remove } = file();
    const database = createDatabase({ path });
    try {
      const ledger = createSqliteLedger(database);
      const request = {
        ...{ account: 'a', policyVersion: 1, caps: [{ limit: 10n, window: 'total' as const }], bound: 10n },
        ...{ provider: 'p', model: 'm', runId: 'r' },
      };
      const owner = { id: 'o', leaseMs: 1000 };
      expect(await ledger.reserve([{ ...request, id: 'first' }], owner)).toEqual({ ok: true });
      await database.write((db) => db.run(damage));
      expect(await ledger.reserve([{ ...request, id: 'second' }], owner)).toMatchObject({
        ok: false,
        reason: 'ledger-locked',
      });
    } finally {
      database.close();
      remove();
    }
  });
});

describe('codec', () => {
  it('keeps whole numbers of any size, and everything else of JSON', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.bigInt(),
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__' && key !== 'bigint'),
          tie('value'),
          { maxKeys: 3 },
        ),
      ),
    })).value;
    fc.assert(
      fc.property(value, (one) => {
        expect(decode(encode(one))).toEqual(one);
      }),
    );
  });
});
