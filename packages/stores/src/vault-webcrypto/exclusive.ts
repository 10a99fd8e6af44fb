/** Runs one piece of work at a time. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

/** The part of `navigator.locks` that is needed. */
export interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

const queues = new Map<string, Promise<unknown>>();

/**
 * One writer at a time across every context of the extension, by the platform's Web Locks; where there are none, across
 * this process, and a write that another has overtaken is refused and done again.
 */
export function createExclusive(name: string, locks: Locks | undefined): Exclusive {
  if (locks) return (work) => locks.request(name, work);
  return (work) => {
    const turn = (queues.get(name) ?? Promise.resolve()).then(work, work);
    queues.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
}
