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

export interface Paired {
  /** Median of the same-round ratios of subject to bare. */
  readonly ratio: number;
  /** Medians of CPU time for one run, µs. */
  readonly subject: number;
  readonly bare: number;
}

/**
 * Measures two ways of doing the same work in turns, so that whatever else the machine does hits both alike. Which goes
 * first changes each round.
 * @param rounds odd, at least 31
 */
export async function paired(
  bare: () => Promise<unknown>,
  subject: () => Promise<unknown>,
  rounds: number,
): Promise<Paired> {
  for (let warm = 0; warm < 5; warm++) {
    await bare();
    await subject();
  }
  const bares: number[] = [];
  const subjects: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const bareFirst = round % 2 === 0;
    const first = await cpuMicros(bareFirst ? bare : subject);
    const second = await cpuMicros(bareFirst ? subject : bare);
    bares.push(bareFirst ? first : second);
    subjects.push(bareFirst ? second : first);
  }
  return {
    ratio: median(subjects.map((micros, round) => micros / (bares[round] as number))),
    subject: median(subjects),
    bare: median(bares),
  };
}
