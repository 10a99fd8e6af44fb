import type { EndCause } from '../dialects/dialect.ts';
import type { StreamTimeouts } from './timeouts.ts';

/** What `readEvents` needs of a decoder. */
export interface EventSource<E extends { readonly type: string }> {
  push(bytes: Uint8Array): E[];
  end(cause?: EndCause): E[];
}

export interface ReadOptions {
  /** Aborting closes the upstream connection at once and ends the answer as `aborted`. */
  readonly signal?: AbortSignal;
  /** Watched from the first read on; the caller has told it about the headers. */
  readonly timeouts?: StreamTimeouts;
  /** ms since epoch, default `Date.now`. */
  readonly now?: () => number;
}

/** How long a connection may take to close itself behind the answer's end before it is closed from here. */
const DRAIN_MS = 1_000;

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
  options: ReadOptions = {},
): AsyncIterableIterator<E[]> {
  const { signal, timeouts, now = Date.now } = options;
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

  const last = (): IteratorResult<E[]> => {
    const value = decoder.end(cause);
    stop();
    return value.length > 0 ? { done: false, value } : { done: true, value: undefined };
  };

  const next = async (): Promise<IteratorResult<E[]>> => {
    while (!over) {
      let read: ReadableStreamReadResult<Uint8Array> | undefined;
      try {
        if (reader) read = await reader.read();
      } catch (error) {
        cause ??= signal?.aborted ? { kind: 'aborted' } : { kind: 'reset', message: messageOf(error) };
      }
      // Once it is closed from here, what still arrives counts no more.
      if (read === undefined || read.done || cause) return last();
      const value = decoder.push(read.value);
      const length = value.length;
      if (timeouts) {
        timeouts.activity(now(), length > 0);
        // Deadlines mostly move away, and the timer finds that out when it fires; the first content brings them closer.
        if (timeouts.deadline() < firesAt) watch();
      }
      if (length === 0) continue;
      if (value[length - 1]?.type === 'finish') {
        stop();
        if (reader) void drain(reader);
      }
      return { done: false, value };
    }
    return { done: true, value: undefined };
  };

  const iterator: AsyncIterableIterator<E[]> = {
    next,
    return: () => {
      if (!over) {
        stop();
        reader?.cancel().catch(ignore);
      }
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
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
