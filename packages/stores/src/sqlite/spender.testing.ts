import { appendFileSync } from 'node:fs';
import { createDatabase } from './database.ts';
import { createSqliteLedger } from './ledger.ts';

/**
 * A process that spends without end until it is killed: reserves, sends, settles and repairs, on accounts that others spend from too.
 * What a call has answered it writes down in a file of its own, so that the test can ask the ledger for it afterwards.
 * Arguments: database, journal, own name.
 */
const [path, journal, name] = process.argv.slice(2) as [string, string, string];

/** Nano-USD. Many requests fit under it at first and few at the end, so that the border is always near. */
export const CAP = { limit: 10_000n, window: 'total' } as const;
/** What the provider's record says of every bill that was settled at its bound. */
export const RECORD = { amount: 2n, source: 'provider' } as const;
export const ACCOUNTS: readonly string[] = Array.from({ length: 16 }, (_, index) => `account-${index}`);

async function spend(): Promise<void> {
  const ledger = createSqliteLedger(createDatabase({ path }));
  const owner = { id: name, leaseMs: 2_000 };
  const note = (line: string) => appendFileSync(journal, `${line}\n`);
  note('ready');
  for (let turn = 0; ; turn++) {
    const id = `${name}-${turn}`;
    const account = ACCOUNTS[Math.floor(Math.random() * ACCOUNTS.length)] as string;
    const bound = BigInt(300 + Math.floor(Math.random() * 1_200));
    const request = { id, account, policyVersion: 1, caps: [CAP], bound, provider: 'p', model: 'm', runId: id };
    const outcome = await ledger.reserve([request], owner);
    if (outcome.ok) {
      note(`reserved ${id} ${bound}`);
      if (await ledger.markSent(id)) {
        note(`sent ${id} ${bound}`);
        const isCut = turn % 4 === 0;
        const amount = isCut ? bound : BigInt(Math.floor(Math.random() * 5));
        if (isCut) await ledger.noteResponse(id, `gen-${id}`);
        await ledger.settle(id, { amount, source: isCut ? 'bound' : 'provider' });
        note(`settled ${id} ${amount}`);
      }
    }
    if (turn % 7 === 0) await ledger.sweep();
    if (turn % 3 === 0) {
      const { asked } = await ledger.ask((await ledger.history({ account, limit: 20 })).map((one) => one.id));
      for (const one of asked) {
        note(`asked ${one.id} ${one.asked?.times}`);
        const from = await ledger.repair(one.id, RECORD);
        if (from !== undefined) note(`repaired ${one.id} ${from}`);
      }
    }
  }
}

if (name) await spend();
