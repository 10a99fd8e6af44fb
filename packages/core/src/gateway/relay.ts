import type { Reading } from '../transport/read-events.ts';

/** A reading that takes over from the steps for a while. */
export interface Relay<E, T> {
  /** Starts it; every batch goes to `deliver`. */
  read(deliver: (events: E) => Delivered<T>): Reading<IteratorResult<T>>;
  /** What a batch comes to; undefined once all is said, and the steps go on. What it throws, the steps are thrown. */
  take(events: E): T | undefined;
}

type Delivered<T> = IteratorResult<T> | Promise<IteratorResult<T>>;

/**
 * What the steps yield, and, where they yield a relay, what that reads until it ends. While it reads, a value costs the
 * reading's own promises only: an async generator would make several more for each.
 */
export function relayed<E, T extends object>(steps: AsyncGenerator<T | Relay<E, T>, void>): AsyncIterableIterator<T> {
  let reading: Reading<IteratorResult<T>> | undefined;

  const proceed = async (step: Promise<IteratorResult<T | Relay<E, T>, void>>): Promise<IteratorResult<T>> => {
    const { done, value } = await step;
    if (done) return { done, value: undefined };
    if (!('take' in value)) return { done: false, value };
    const relay = value as Relay<E, T>;
    reading = relay.read((events) => {
      try {
        const taken = relay.take(events);
        if (taken) return { done: false, value: taken };
      } catch (error) {
        leave();
        return proceed(steps.throw(error));
      }
      leave();
      return proceed(steps.next());
    });
    return reading.next();
  };

  /** Nothing of a reading that has ended is left to cancel. */
  const leave = () => {
    reading?.cancel();
    reading = undefined;
  };

  const iterator: AsyncIterableIterator<T> = {
    next: () => (reading ? reading.next() : proceed(steps.next())),
    return: async () => {
      leave();
      await steps.return();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
