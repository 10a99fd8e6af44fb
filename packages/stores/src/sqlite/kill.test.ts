import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { afterEach, describe, expect, it } from 'vitest';
import { createDatabase } from './database.ts';
import { createSqliteLedger } from './ledger.ts';
import { ACCOUNTS, CAP, RECORD } from './spender.testing.ts';

const PROCESSES = 8;
const KILLS = 200;

const running = new Set<ChildProcess>();
let folder = '';

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Runs one spender and kills it at a random moment of its work. */
async function killOne(path: string, name: string): Promise<void> {
  const journal = join(folder, `${name}.journal`);
  const child = spawn(process.execPath, [join(folder, 'spender.mjs'), path, journal, name], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  running.add(child);
  let complaint = '';
  child.stderr?.on('data', (data) => {
    complaint += data;
  });
  const gone = new Promise<NodeJS.Signals | null>((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  // So much work first, however loaded the machine is; at full caps little gets done, and then time is up instead.
  const bytes = Math.random() * 400;
  const done = () => existsSync(journal) && statSync(journal).size > bytes;
  for (let waited = 0; child.exitCode === null && !done() && waited < 60; waited += 1) await sleep(5);
  await sleep(Math.random() * 20);
  child.kill('SIGKILL');
  const signal = await gone;
  running.delete(child);
  expect(signal, complaint).toBe('SIGKILL');
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the ledger in SQLite', () => {
  it(`stays within its caps and loses nothing when ${PROCESSES} processes are killed ${KILLS} times`, async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-kill-'));
    const path = join(folder, 'patchbay.sqlite');
    const ledger = createSqliteLedger(createDatabase({ path }));
    await ledger.id();
    // One file starts several times faster than the sources do, and 200 processes start here.
    await build({
      input: join(import.meta.dirname, 'spender.testing.ts'),
      platform: 'node',
      output: { file: join(folder, 'spender.mjs'), format: 'esm' },
    });

    let started = 0;
    let busy = true;
    const hand = async () => {
      while (started < KILLS) await killOne(path, `p${started++}`);
    };
    // Another window watches: at no moment may a cap be overshot.
    const watch = async () => {
      let looks = 0;
      while (busy) {
        for (const account of ACCOUNTS) {
          const { caps } = await ledger.status(account, [CAP]);
          const { spent, reserved } = caps[0] as (typeof caps)[number];
          expect(spent + reserved).toBeLessThanOrEqual(CAP.limit);
        }
        looks++;
        await sleep(20);
      }
      return looks;
    };
    const watching = watch();
    await Promise.all(Array.from({ length: PROCESSES }, hand));
    busy = false;
    expect(await watching).toBeGreaterThan(10);

    expect(await ledger.audit()).toEqual([]);
    // What a dead process was told is what the ledger still says.
    let settled = 0;
    const looks: string[] = [];
    const repaired: string[] = [];
    let heldByTheDead = 0;
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.journal'))) {
      const last = new Map<string, { did: string; amount: bigint }>();
      // A line cut short by the kill was never promised.
      for (const line of readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1)) {
        const [did, id, amount] = line.split(' ') as [string, string, string];
        if (did === 'asked') looks.push(`${id} ${amount}`);
        else if (did === 'repaired') repaired.push(id);
        else if (id) last.set(id, { did, amount: BigInt(amount) });
      }
      for (const [id, { did, amount }] of last) {
        const reservation = await ledger.reservation(id);
        if (did === 'settled') {
          settled++;
          // It may have been repaired since, by whoever then died without a word.
          const known = reservation?.settlement?.source === 'provider' && reservation.asked !== undefined;
          expect(reservation?.counted, id).toBe(known ? RECORD.amount : amount);
        } else if (did === 'sent') {
          heldByTheDead++;
          // Killed after the sending: its whole bound counts, unless its settlement was still written.
          if (reservation?.state !== 'settled') expect(reservation?.counted, id).toBe(amount);
        } else {
          expect(reservation, id).toBeDefined();
        }
      }
    }
    expect(settled).toBeGreaterThan(KILLS / 4);
    // Nobody looked for what another looked for, and whatever was repaired was so once and stays so.
    expect(new Set(looks).size).toBe(looks.length);
    expect(new Set(repaired).size).toBe(repaired.length);
    expect(repaired.length).toBeGreaterThan(0);
    for (const id of repaired) expect((await ledger.reservation(id))?.counted, id).toBe(RECORD.amount);
    expect(heldByTheDead).toBeGreaterThan(0);
    const counted = new Map<string, bigint>();
    for (const one of await ledger.history()) counted.set(one.account, (counted.get(one.account) ?? 0n) + one.counted);
    for (const account of ACCOUNTS) {
      const { caps } = await ledger.status(account, [CAP]);
      const { spent, reserved } = caps[0] as (typeof caps)[number];
      expect(spent + reserved).toBe(counted.get(account) ?? 0n);
    }
  }, 300_000);
});
