import type { EndCause } from '../dialects/dialect.ts';
import type { StreamTimeouts } from './timeouts.ts';

/** What `readEvents` needs of a decoder. */
export interface EventSource<E extends { readonly type: string }> {
  push(bytes: Uint8Array): E[];
  end(cause?: EndCause): E[];
}

export interface ReadOptions<E> {
  /** Aborting closes the upstream connection at once and ends the answer as `aborted`. */
  readonly signal?: AbortSignal;
  /** Told what each read said; an answer that is to be ended for it ends with that cause. */
  readonly guard?: (events: readonly E[]) => EndCause | undefined;
  /** Watched from the first read on; the caller has told it about the headers. */
  readonly timeouts?: StreamTimeouts;
  /** ms since epoch, default `Date.now`. */
  readonly now?: () => number;
}

/** How long a connection may take to close itself behind the answer's end before it is closed from here. */
const DRAIN_MS = 1_000;

/** A response body on its way through a decoder. */
export interface Reading<R> {
  /** Reads until there is something to deliver; not called again before it is settled. Never rejects by itself. */
  next(): Promise<R>;
  /** Closes the connection; nothing more is delivered. */
  cancel(): void;
}

/**
 * Reads a response body through a decoder: one batch for each network read that said anything, the last one holding the
 * `finish`. A batch costs the read's own promise and the one that `next()` returns, whatever the number of events in it.
 *
 * Never throws: a broken connection, an abort and a timeout end the decoder with their cause. The connection is closed
 * when the signal aborts, when a timeout runs out, and when the consumer stops iterating.
 * @param body null counts as empty
 */
export function readEvents<E extends { readonly type: string }>(
  body: ReadableStream<Uint8Array> | null,
  decoder: EventSource<E>,
  options: ReadOptions<E> = {},
): AsyncIterableIterator<E[]> {
  const { next, cancel } = readBatches<E, IteratorResult<E[]>>(
    body,
    decoder,
    (value) => (value.length > 0 ? { done: false, value } : { done: true, value: undefined }),
    options,
  );
  const iterator: AsyncIterableIterator<E[]> = {
    next,
    return: () => {
      cancel();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

/**
 * The same, for whoever has more to do with a batch: what `deliver` makes of it is what `next()` resolves to, without a
 * promise in between.
 * @param deliver gets each batch, and an empty one once all is said
 */
export function readBatches<E extends { readonly type: string }, R>(
  body: ReadableStream<Uint8Array> | null,
  decoder: EventSource<E>,
  deliver: (events: E[]) => R | Promise<R>,
  options: ReadOptions<E> = {},
): Reading<R> {
  const { signal, guard, timeouts, now = Date.now } = options;
  const reader = body?.getReader();
  let cause: EndCause | undefined;
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let firesAt = 0;

  const close = (why: EndCause) => {
    if (over || cause) return;
    cause = why;
    reader?.cancel().catch(ignore);
  };
  const onAbort = () => close({ kind: 'aborted' });

  const watch = () => {
    if (!timeouts || over) return;
    clearTimeout(timer);
    firesAt = timeouts.deadline();
    timer = setTimeout(
      () => {
        const stalled = timeouts.expired(now());
        if (stalled) close(stalled);
        else watch();
      },
      Math.max(0, firesAt - now()),
    );
  };

  const stop = () => {
    over = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };

  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort);
  watch();

  const end = (): E[] => {
    // Whoever cancelled wants to hear no more.
    if (over) return [];
    const events = decoder.end(cause);
    stop();
    return events;
  };

  /** What one read says; undefined where it says nothing yet. */
  const take = (read: ReadableStreamReadResult<Uint8Array>): E[] | undefined => {
    // Once it is closed from here, what still arrives counts no more.
    if (read.done || over || cause) return end();
    const events = decoder.push(read.value);
    const length = events.length;
    if (timeouts) {
      timeouts.activity(now(), length > 0);
      // Deadlines mostly move away, and the timer finds that out when it fires; the first content brings them closer.
      if (timeouts.deadline() < firesAt) watch();
    }
    if (length === 0) return undefined;
    if (events[length - 1]?.type === 'finish') {
      stop();
      if (reader) void drain(reader);
      return events;
    }
    const why = guard?.(events);
    if (!why) return events;
    close(why);
    return [...events, ...end()];
  };

  const onBroken = (error: unknown): E[] => {
    cause ??= signal?.aborted ? { kind: 'aborted' } : { kind: 'reset', message: messageOf(error) };
    return end();
  };

  /** The rest of a batch that takes several reads: here a loop is cheaper than a chain of promises. */
  const readOn = async (): Promise<R> => {
    let events: E[] | undefined;
    while (!events) {
      try {
        events = take(await (reader as NonNullable<typeof reader>).read());
      } catch (error) {
        events = onBroken(error);
      }
    }
    return deliver(events);
  };

  const onRead = (read: ReadableStreamReadResult<Uint8Array>): R | Promise<R> => {
    const events = take(read);
    return events ? deliver(events) : readOn();
  };

  return {
    next: () =>
      over || !reader
        ? Promise.resolve(deliver(end()))
        : reader.read().then(onRead, (error) => deliver(onBroken(error))),
    cancel: () => {
      if (over) return;
      stop();
      reader?.cancel().catch(ignore);
    },
  };
}

/** Lets the server close the connection, so that it can be used again; closes it where the server does not. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const timer = setTimeout(() => reader.cancel().catch(ignore), DRAIN_MS);
  try {
    while (!(await reader.read()).done);
  } catch {
    // The answer is complete; how the connection ends is of no matter (quirk 26).
  }
  clearTimeout(timer);
}

function ignore(): void {}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
