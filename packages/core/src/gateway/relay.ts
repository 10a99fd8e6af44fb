import type { Reading } from '../transport/read-events.ts';

/**
 * Starts a reading that takes over from the steps for a while.
 * @param ended to be delivered once it has no more to say: goes on with the steps
 */
export type Relay<T> = (ended: () => Promise<IteratorResult<T>>) => Reading<IteratorResult<T>>;

/**
 * What the steps yield, and, where they yield a relay, what that reads until it ends. While it reads, a value costs the
 * reading's own promises only: an async generator would make several more for each.
 */
export function relayed<T extends object>(steps: AsyncGenerator<T | Relay<T>, void>): AsyncIterableIterator<T> {
  let reading: Reading<IteratorResult<T>> | undefined;

  const proceed = async (): Promise<IteratorResult<T>> => {
    reading = undefined;
    const { done, value } = await steps.next();
    if (done) return { done, value: undefined };
    if (typeof value !== 'function') return { done: false, value };
    reading = value(proceed);
    return reading.next();
  };

  const iterator: AsyncIterableIterator<T> = {
    next: () => (reading ? reading.next() : proceed()),
    return: async () => {
      reading?.cancel();
      await steps.return();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
