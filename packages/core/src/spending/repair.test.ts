import { describe, expect, it } from 'vitest';
import type { Key } from '../keys/key.ts';
import { createMemoryVault } from '../keys/memory-vault.ts';
import type { Correction, Ledger } from './ledger.ts';
import { createMemoryLedgerStorage } from './memory-ledger.ts';
import { createRepairs } from './repair.ts';
import { createLedger } from './storage-ledger.ts';

const OWNER = { id: 'owner', leaseMs: 30_000 };
const MINUTE = 60_000;

/** One installation, and as many processes over it as a test starts. Waits take no time, but the clock goes on. */
async function makeWorld() {
  const clock = { now: Date.UTC(2026, 7, 19, 12) };
  const now = () => clock.now;
  const storage = createMemoryLedgerStorage();
  const ledger = createLedger(storage, { now });
  let ids = 0;
  const vault = createMemoryVault({ raisePolicy: ledger.raisePolicy, now, newId: () => `key-${++ids}` });
  const asked: { url: string; authorization: string | null }[] = [];
  const corrections: Correction[] = [];
  const records = new Map<string, number>();
  const world = {
    clock,
    vault,
    ledger,
    asked,
    corrections,
    records,
    online: true,
    addKey: (provider: string, secret: string) => vault.add({ label: secret, provider, baseUrl: '', secret }),
    /** A bill of 40 nano-USD at most, which that key was charged and nobody knows more of. */
    bill: async (key: Key, id: string) => {
      const terms = { account: key.fingerprint, policyVersion: 1, caps: [], bound: 40n };
      await ledger.reserve([{ id, ...terms, provider: key.provider, model: 'm', runId: `run-${id}` }], OWNER);
      await ledger.markSent(id);
      await ledger.noteResponse(id, `gen-${id}`);
      await ledger.settle(id, { amount: 40n, source: 'bound' });
    },
    /** Another process, as after a restart or in another window. */
    start: (more: { ledger?: Ledger; sleep?: () => Promise<void> } = {}) => {
      const behind: Promise<unknown>[] = [];
      const repairs = createRepairs({
        fetch: async (input, init) => {
          const url = String(input);
          asked.push({ url, authorization: new Headers(init?.headers).get('authorization') });
          const cost = records.get(new URL(url).searchParams.get('id') ?? '');
          return cost === undefined
            ? new Response('{}', { status: 404 })
            : Response.json({ data: { total_cost: cost, is_byok: false } });
        },
        vault,
        ledger: more.ledger ?? createLedger(storage, { now }),
        corrected: (correction) => corrections.push(correction),
        online: () => world.online,
        keepAwake: (work) => behind.push(work),
        now,
        sleep:
          more.sleep ??
          (async (ms) => {
            clock.now += ms;
          }),
      });
      return { repairs, settled: () => Promise.all(behind) };
    },
  };
  return world;
}

describe('a bill that is settled at its bound', () => {
  it('is repaired by whoever starts later, with the key that was charged and nobody else’s', async () => {
    const world = await makeWorld();
    await world.addKey('openrouter', 'sk-or-v1-another');
    await world.addKey('openai', 'sk-some-openai');
    const key = await world.addKey('openrouter', 'sk-or-v1-mine');
    await world.bill(key, 'r');
    world.records.set('gen-r', 0.000000007);
    expect(await world.start().repairs.all()).toBe(1);
    expect(world.asked).toEqual([
      { url: 'https://openrouter.ai/api/v1/generation?id=gen-r', authorization: 'Bearer sk-or-v1-mine' },
    ]);
    expect(world.corrections).toEqual([
      { runId: 'run-r', reservationId: 'r', fromUsd: '0.00000004', usd: '0.000000007', source: 'provider' },
    ]);
    expect((await world.ledger.reservation('r'))?.counted).toBe(7n);
    expect(await world.start().repairs.all()).toBe(0);
    expect(world.asked).toHaveLength(1);
  });

  it('is repaired once, and told of once, by windows that start at the same time', async () => {
    const world = await makeWorld();
    const key = await world.addKey('openrouter', 'sk-or-v1-mine');
    for (const id of ['a', 'b', 'c']) {
      await world.bill(key, id);
      world.records.set(`gen-${id}`, 0.000000007);
    }
    const sleep = () => Promise.resolve();
    const windows = [world.start({ sleep }), world.start({ sleep }), world.start({ sleep })];
    const repaired = await Promise.all(windows.map(({ repairs }) => repairs.all()));
    expect(repaired.reduce((sum, one) => sum + one, 0)).toBe(3);
    expect(world.corrections.map(({ reservationId }) => reservationId).sort()).toEqual(['a', 'b', 'c']);
    expect(world.asked).toHaveLength(3);
    expect((await world.ledger.status(key.fingerprint, [])).total).toBe(21n);
  });

  it('is left to the next start by a process that dies while it looks', async () => {
    const world = await makeWorld();
    const key = await world.addKey('openrouter', 'sk-or-v1-mine');
    await world.bill(key, 'r');
    // It got leave, and was never heard of again.
    await world.ledger.ask(['r']);
    world.records.set('gen-r', 0.000000007);
    const asleep = world.clock.now;
    expect(await world.start().repairs.all()).toBe(1);
    expect(world.clock.now - asleep).toBe(2.5 * MINUTE);
  });

  it('is looked for a bounded number of times, however often a process starts', async () => {
    const world = await makeWorld();
    const key = await world.addKey('openrouter', 'sk-or-v1-mine');
    await world.bill(key, 'r');
    for (let starts = 0; starts < 400; starts++) {
      expect(await world.start().repairs.all()).toBe(0);
      world.clock.now += 10 * MINUTE;
    }
    // Five looks in the first round, two in each of the five after it.
    expect(world.asked).toHaveLength(15);
    expect((await world.ledger.reservation('r'))?.counted).toBe(40n);
  });

  it('waits no longer than its time where the ledger’s time stands still', async () => {
    const world = await makeWorld();
    const key = await world.addKey('openrouter', 'sk-or-v1-mine');
    await world.bill(key, 'r');
    await world.ledger.ask(['r']);
    const frozen = createLedger(createMemoryLedgerStorage(), { now: () => 0 });
    const waiting: Ledger = {
      ...frozen,
      history: world.ledger.history,
      ask: async () => ({ asked: [], nextIn: 1_000 }),
    };
    expect(await world.start({ ledger: waiting }).repairs.all()).toBe(0);
  });

  it('is not looked for while there is no network, and is once an answer shows that there is one', async () => {
    const world = await makeWorld();
    const key = await world.addKey('openrouter', 'sk-or-v1-mine');
    await world.bill(key, 'r');
    world.records.set('gen-r', 0.000000007);
    world.online = false;
    const { repairs, settled } = world.start();
    expect(await repairs.all()).toBe(0);
    expect(world.asked).toEqual([]);
    world.online = true;
    repairs.retry();
    expect(world.asked).toEqual([]);
    world.clock.now += MINUTE;
    repairs.retry();
    await settled();
    expect((await world.ledger.reservation('r'))?.counted).toBe(7n);
  });

  it('is looked for later where the vault is locked at the start', async () => {
    const world = await makeWorld();
    const key = await world.addKey('openrouter', 'sk-or-v1-mine');
    await world.bill(key, 'r');
    world.records.set('gen-r', 0.000000007);
    await world.vault.setMode('passphrase', { passphrase: 'four words of mine' });
    await world.vault.lock();
    const { repairs, settled } = world.start();
    await expect(repairs.all()).rejects.toMatchObject({ code: 'locked' });
    await world.vault.unlock('four words of mine');
    world.clock.now += MINUTE;
    repairs.retry();
    await settled();
    expect((await world.ledger.reservation('r'))?.counted).toBe(7n);
  });

  it('stays where another provider keeps no record, or the key is gone', async () => {
    const world = await makeWorld();
    const other = await world.addKey('anthropic', 'sk-ant-some');
    await world.bill(other, 'a');
    const gone = await world.addKey('openrouter', 'sk-or-v1-gone');
    await world.bill(gone, 'b');
    await world.vault.remove(gone.id);
    const { repairs, settled } = world.start();
    repairs.later('a', other);
    await settled();
    expect(await repairs.all()).toBe(0);
    expect(world.asked).toEqual([]);
  });

  it('does not undo what became known meanwhile', async () => {
    const world = await makeWorld();
    const key = await world.addKey('openrouter', 'sk-or-v1-mine');
    await world.bill(key, 'r');
    world.records.set('gen-r', 0.000000007);
    const { ledger } = world;
    const slow: Ledger = {
      ...ledger,
      ask: async (ids) => {
        const leave = await ledger.ask(ids);
        await ledger.settle('r', { amount: 9n, source: 'provider' });
        return leave;
      },
    };
    expect(await world.start({ ledger: slow }).repairs.all()).toBe(0);
    expect((await ledger.reservation('r'))?.counted).toBe(9n);
    expect(world.corrections).toEqual([]);
  });
});

it('gives up asking for a record that never comes, so that the process may sleep', async () => {
  const world = await makeWorld();
  const key = await world.addKey('openrouter', 'sk-or-v1-mine');
  await world.bill(key, 'r');
  let asked = 0;
  const behind: Promise<unknown>[] = [];
  const repairs = createRepairs({
    ...{ vault: world.vault, ledger: world.ledger, now: () => world.clock.now },
    fetch: (_, init) => {
      asked += 1;
      return new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    },
    keepAwake: (work) => behind.push(work),
    sleep: () => Promise.resolve(),
    timeoutMs: 1,
  });
  repairs.later('r', key);
  await Promise.all(behind);
  expect(asked).toBe(5);
});
