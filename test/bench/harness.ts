import type { CDPSession, Page } from 'playwright-core';

/** Seeded random numbers in [0, 1), so that every run measures the same bytes. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A response body that hands out one chunk for each read, as a network would. */
export function bodyOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull: (controller) => {
      const chunk = chunks[next++];
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  });
}

/** CPU time of this process that one run takes, µs. */
export async function cpuMicros(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** CPU time that a page's main thread has spent in tasks so far, µs. */
export async function mainThreadMicros(page: Page): Promise<() => Promise<number>> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000_000;
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** What one way of doing the work took, µs, in each round. */
export type Rounds<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/** Runs one way of doing the work and says what it took, µs of CPU time. */
export type Measure<Name extends string> = (name: Name) => Promise<number>;

/**
 * Measures several ways of doing the same work in turns, so that whatever else the machine does hits all alike. Who goes
 * first changes each round.
 * @param rounds odd, at least 31
 */
export async function inTurns<Name extends string>(
  names: readonly Name[],
  measure: Measure<Name>,
  rounds: number,
  warmUps = 5,
): Promise<Rounds<Name>> {
  const took = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let count = -warmUps; count < rounds; count++) {
    for (const name of count % 2 === 0 ? names : [...names].reverse()) {
      const micros = await measure(name);
      if (count >= 0) took[name].push(micros);
    }
  }
  return took;
}

/** Median of the same-round ratios. */
export function ratioOf<Name extends string>(rounds: Rounds<Name>, name: Name, to: Name): number {
  return median(rounds[name].map((micros, round) => micros / (rounds[to][round] as number)));
}
