import type { Ledger } from '@patchbay/core';

/** How many requests are on their way at once. */
export const LANES: readonly number[] = [1, 20];

export interface PairRate {
  readonly lanes: number;
  readonly pairs: number;
  readonly seconds: number;
}

/** Reserves and settles on `lanes` requests at once for so many seconds; the same in Node and in a page. */
export async function measurePairs(ledger: Ledger, lanes: number, seconds: number): Promise<PairRate> {
  const owner = { id: 'bench', leaseMs: 3_600_000 };
  const caps = [
    { limit: 10n ** 15n, window: 'day' },
    { limit: 10n ** 15n, window: 'total' },
  ] as const;
  const terms = { account: 'bench', policyVersion: 1, caps, bound: 40n, provider: 'bench', model: 'bench' };
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  let pairs = 0;
  const lane = async () => {
    while (elapsed() < seconds) {
      const id = crypto.randomUUID();
      const outcome = await ledger.reserve([{ id, runId: id, ...terms }], owner);
      if (!outcome.ok) throw new Error(`The ledger refused: ${outcome.reason}.`);
      await ledger.settle(id, { amount: 7n, source: 'provider' });
      pairs += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { lanes, pairs, seconds: elapsed() };
}
