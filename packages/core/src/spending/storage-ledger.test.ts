import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { VaultError } from '../keys/key.ts';
import type { Changes, LedgerStorage } from './ledger-storage.ts';
import { createMemoryLedgerStorage } from './memory-ledger.ts';
import { audit, type Dump } from './state/audit.ts';
import type { Owner } from './state/model.ts';
import { createLedger } from './storage-ledger.ts';

/** Written once by the code of version 1, and never again: what is on people's disks. */
const frozen = JSON.parse(
  readFileSync(new URL('./fixtures/ledger-v1.json', import.meta.url), 'utf8'),
  (_, field: unknown) =>
    typeof field === 'object' && field !== null && '$bigint' in field ? BigInt(String(field.$bigint)) : field,
) as Dump & { readonly owners: readonly Owner[] };

async function storageOf({ meta, accounts, reservations, rows, owners }: typeof frozen): Promise<LedgerStorage> {
  const storage = createMemoryLedgerStorage();
  const deleted = { deletedReservations: [], deletedOwners: [], deletedRows: [] };
  const changes: Changes = { accounts, reservations, rows, owners, ...deleted, ...(meta && { meta }) };
  await storage.transact({}, 'strict', () => ({ changes, outcome: undefined }));
  return storage;
}

describe('a ledger of version 1', () => {
  it('is read, and goes on', async () => {
    const now = Date.UTC(2026, 7, 19, 13);
    const ledger = createLedger(await storageOf(frozen), { now: () => now });
    expect(await ledger.id()).toBe('ledger-of-version-1');
    expect(await ledger.audit()).toEqual([]);
    expect((await ledger.history()).map(({ id, state, counted }) => [id, state, counted])).toEqual([
      ['overrun', 'overrun', 41n],
      ['released', 'released', 0n],
      ['reserved', 'reserved', 5n],
      ['sent', 'sent', 40n],
      ['orphaned', 'orphaned', 40n],
      ['settled', 'settled', 12n],
    ]);
    const caps = [{ limit: 100n, window: 'day' }] as const;
    expect((await ledger.status('account-a', caps)).caps[0]).toMatchObject({ spent: 63n, reserved: 0n, left: 37n });
    expect(await ledger.status('account-a', [])).toMatchObject({ policyVersion: 2, locked: false, total: 63n });
    expect((await ledger.status('account-b', caps)).caps[0]).toMatchObject({ spent: 0n, reserved: 45n });
    expect(await ledger.status('account-c', [])).toMatchObject({ locked: true, total: 41n });
    expect((await ledger.sweep()).orphaned.map(({ id }) => id)).toEqual(['orphaned', 'sent']);
    await ledger.forgetHistory();
    expect(await ledger.audit()).toEqual([]);
    expect((await ledger.status('account-a', [])).total).toBe(63n);
  });
});

describe('a ledger made in place of a lost one', () => {
  const request = { account: 'a', policyVersion: 1, caps: [], bound: 1n, provider: 'p', model: 'm', runId: 'r' };
  const owner = { id: 'owner', leaseMs: 1000 };
  const lostStorage = () =>
    storageOf({
      meta: { v: 1, id: 'new', time: 0, nextSeq: 1, lost: true },
      ...{ accounts: [], reservations: [], rows: [], owners: [] },
    });

  it('grants nothing until the user has confirmed it, and then stays so', async () => {
    let remembered: string | undefined;
    const vault = {
      ledgerId: async () => remembered,
      setLedgerId: async (id: string) => {
        remembered = id;
      },
    };
    const ledger = createLedger(await lostStorage(), { vault });
    expect(await ledger.health()).toMatchObject({ state: 'missing', message: expect.stringContaining('damaged') });
    expect(await ledger.reserve([{ ...request, id: 'r' }], owner)).toMatchObject({
      ok: false,
      reason: 'ledger-locked',
    });
    expect(remembered).toBeUndefined();
    await vault.setLedgerId(await ledger.id());
    expect(await ledger.health()).toEqual({ state: 'ready' });
    expect(await ledger.reserve([{ ...request, id: 'r' }], owner)).toEqual({ ok: true });
    expect(await ledger.audit()).toEqual([]);
  });

  it('is refused, not thrown, where the vault is locked and cannot say', async () => {
    const locked = async () => {
      throw new VaultError('locked', 'Your keys are locked.');
    };
    const ledger = createLedger(await lostStorage(), { vault: { ledgerId: locked, setLedgerId: locked } });
    expect(await ledger.health()).toEqual({ state: 'ready' });
    expect(await ledger.reserve([{ ...request, id: 'r' }], owner)).toEqual({
      ok: false,
      reason: 'ledger-locked',
      message: 'Your keys are locked.',
    });
  });
});

describe('audit', () => {
  type Damage = (dump: Dump) => Dump;
  const account = (name: string, change: (one: Dump['accounts'][number]) => Dump['accounts'][number]): Damage => {
    return (dump) => ({ ...dump, accounts: dump.accounts.map((one) => (one.account === name ? change(one) : one)) });
  };
  it.each<[string, Damage, RegExp]>([
    [
      'a sum that was made smaller',
      account('account-a', (one) => ({
        ...one,
        windows: { ...one.windows, total: { start: 0, spent: 1n, held: 0n } },
      })),
      /account-a is not what its rows say/,
    ],
    ['a lock that was lifted', account('account-c', (one) => ({ ...one, locked: false })), /account-c is not/],
    ['a lost account', (dump) => ({ ...dump, accounts: dump.accounts.slice(1) }), /is missing/],
    [
      'an account out of nowhere',
      (dump) => ({ ...dump, accounts: [...dump.accounts, { ...dump.accounts[0]!, account: 'x' }] }),
      /Account x has no row/,
    ],
    [
      'a lost reservation',
      (dump) => ({ ...dump, reservations: dump.reservations.slice(1) }),
      /Reservation .* is missing/,
    ],
    [
      'a reservation that was changed',
      (dump) => ({ ...dump, reservations: dump.reservations.map((one) => ({ ...one, bound: 1n })) }),
      /is not what its rows say/,
    ],
    ['lost rows', (dump) => ({ ...dump, rows: dump.rows.slice(2) }), /cannot be applied/],
    ['rows out of order', (dump) => ({ ...dump, rows: [...dump.rows].reverse() }), /out of order/],
    [
      'a row from the past',
      (dump) => ({ ...dump, rows: dump.rows.map((row, nth) => (nth > 0 ? { ...row, at: nth } : row)) }),
      /older than the row before/,
    ],
    ['a time that was set back', (dump) => ({ ...dump, meta: { ...dump.meta!, time: 5 } }), /own record is not/],
    ['its own record lost', (dump) => ({ ...dump, meta: undefined }), /own record is missing/],
    [
      'sums that are not there',
      account('account-a', ({ account: name }) => ({ account: name }) as never),
      /has no sums/,
    ],
  ])('finds %s', (_, damage, sentence) => {
    expect(audit(frozen)).toEqual([]);
    expect(audit(damage(frozen)).join('\n')).toMatch(sentence);
  });
});
