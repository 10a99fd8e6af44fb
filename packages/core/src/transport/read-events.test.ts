import { createHook } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EndCause } from '../dialects/dialect.ts';
import { type EventSource, readEvents } from './read-events.ts';
import { createStreamTimeouts } from './timeouts.ts';

interface Event {
  readonly type: string;
  readonly text?: string;
  readonly cause?: EndCause;
}

/** Says one event a character, nothing for `.`, and finishes at `!`. */
function spelling(): EventSource<Event> {
  let finished = false;
  return {
    push: (bytes) =>
      [...new TextDecoder().decode(bytes)].flatMap((text): Event[] => {
        if (finished || text === '.') return [];
        finished = text === '!';
        return [finished ? { type: 'finish' } : { type: 'text', text }];
      }),
    end: (cause) => (finished ? [] : [{ type: 'finish', ...(cause && { cause }) }]),
  };
}

interface Tap {
  readonly body: ReadableStream<Uint8Array>;
  send(text: string): void;
  close(): void;
  fail(error: Error): void;
  cancelled: boolean;
}

function tap(): Tap {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const self: Tap = {
    body: new ReadableStream({
      start: (one) => {
        controller = one;
      },
      cancel: () => {
        self.cancelled = true;
      },
    }),
    send: (text) => controller.enqueue(new TextEncoder().encode(text)),
    close: () => controller.close(),
    fail: (error) => controller.error(error),
    cancelled: false,
  };
  return self;
}

async function collect(batches: AsyncIterable<Event[]>): Promise<Event[][]> {
  const all: Event[][] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

const text = (letter: string): Event => ({ type: 'text', text: letter });

describe('readEvents', () => {
  it('gives one batch for each read that said something, and the finish last', async () => {
    const { body, send, close } = tap();
    for (const read of ['ab', '.', '.', 'c']) send(read);
    close();
    expect(await collect(readEvents(body, spelling()))).toEqual([
      [text('a'), text('b')],
      [text('c')],
      [{ type: 'finish' }],
    ]);
  });

  it('ends with the finish and leaves the connection to the server', async () => {
    const stream = tap();
    stream.send('a!');
    expect(await collect(readEvents(stream.body, spelling()))).toEqual([[text('a'), { type: 'finish' }]]);
    expect(stream.cancelled).toBe(false);
    stream.close();
  });

  it('closes the connection at once where the guard has seen enough, and keeps what the read said', async () => {
    const stream = tap();
    for (const read of ['a', 'bx', 'c']) stream.send(read);
    const guard = (events: readonly Event[]) =>
      events.some((event) => event.text === 'x') ? ({ kind: 'looping' } as const) : undefined;
    expect(await collect(readEvents(stream.body, spelling(), { guard }))).toEqual([
      [text('a')],
      [text('b'), text('x'), { type: 'finish', cause: { kind: 'looping' } }],
    ]);
    expect(stream.cancelled).toBe(true);
    // An answer that is over is over.
    const done = tap();
    done.send('x!');
    expect(await collect(readEvents(done.body, spelling(), { guard }))).toEqual([[text('x'), { type: 'finish' }]]);
    done.close();
  });

  it('quirk 14: a broken connection is a reset, never an exception', async () => {
    const { body, send, fail } = tap();
    const batches = readEvents(body, spelling());
    send('a');
    expect((await batches.next()).value).toEqual([text('a')]);
    fail(new Error('ECONNRESET'));
    expect(await collect(batches)).toEqual([[{ type: 'finish', cause: { kind: 'reset', message: 'ECONNRESET' } }]]);
  });

  it('quirk 26: a broken connection behind the finish is of no matter', async () => {
    const { body, send, fail } = tap();
    const batches = readEvents(body, spelling());
    send('!');
    expect((await batches.next()).value).toEqual([{ type: 'finish' }]);
    fail(new Error('ECONNRESET'));
    expect(await collect(batches)).toEqual([]);
  });

  it('counts a missing body as an empty one', async () => {
    expect(await collect(readEvents(null, spelling()))).toEqual([[{ type: 'finish' }]]);
  });

  it('closes the connection at once on abort, also while it waits for a read', async () => {
    const stream = tap();
    const abort = new AbortController();
    const batches = readEvents(stream.body, spelling(), { signal: abort.signal });
    stream.send('a');
    await batches.next();
    const waiting = batches.next();
    abort.abort();
    expect(stream.cancelled).toBe(true);
    expect(await waiting).toEqual({ done: false, value: [{ type: 'finish', cause: { kind: 'aborted' } }] });
    expect(await batches.next()).toEqual({ done: true, value: undefined });
  });

  it('says nothing of what came in between abort and read', async () => {
    const stream = tap();
    const abort = new AbortController();
    const batches = readEvents(stream.body, spelling(), { signal: abort.signal });
    stream.send('a');
    abort.abort();
    expect(await collect(batches)).toEqual([[{ type: 'finish', cause: { kind: 'aborted' } }]]);
  });

  it('never reads where the signal was aborted before', async () => {
    const stream = tap();
    const batches = await collect(readEvents(stream.body, spelling(), { signal: AbortSignal.abort() }));
    expect(batches).toEqual([[{ type: 'finish', cause: { kind: 'aborted' } }]]);
    expect(stream.cancelled).toBe(true);
  });

  it('takes an error that the aborted fetch itself throws for the abort it is', async () => {
    const { body, fail } = tap();
    const abort = new AbortController();
    const batches = readEvents(body, spelling(), { signal: abort.signal });
    const waiting = batches.next();
    fail(new DOMException('aborted', 'AbortError'));
    abort.abort();
    expect((await waiting).value).toEqual([{ type: 'finish', cause: { kind: 'aborted' } }]);
  });

  it('closes the connection when the consumer stops', async () => {
    const stream = tap();
    stream.send('a');
    for await (const _ of readEvents(stream.body, spelling())) break;
    expect(stream.cancelled).toBe(true);
  });

  it('leaves no listener on the signal', async () => {
    const abort = new AbortController();
    const removed = vi.spyOn(abort.signal, 'removeEventListener');
    const { body, close } = tap();
    close();
    await collect(readEvents(body, spelling(), { signal: abort.signal }));
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  });

  it('costs the same promises whatever the number of events in a read', async () => {
    const letters = (each: number) => Array.from({ length: 200 }, () => 'a'.repeat(each));
    const consume = async (reads: readonly string[]) => {
      for await (const _ of readEvents(bodyOf(reads), spelling()));
    };
    const bare = async (reads: readonly string[]) => {
      const reader = bodyOf(reads).getReader();
      while (!(await reader.read()).done);
    };
    await consume(letters(1));
    const one = await promisesOf(() => consume(letters(1)));
    const many = await promisesOf(() => consume(letters(50)));
    const reading = await promisesOf(() => bare(letters(1)));
    expect(many).toBe(one);
    // Beyond the read's own: what `next()` returns, and the two that awaiting it costs.
    expect((one - reading) / 200).toBeLessThanOrEqual(3.1);
  });

  it('costs no promise but the read’s own where a read says nothing', async () => {
    const silent = Array.from({ length: 200 }, () => '.');
    const reading = await promisesOf(async () => {
      const reader = bodyOf(silent).getReader();
      while (!(await reader.read()).done);
    });
    const ours = await promisesOf(async () => {
      for await (const _ of readEvents(bodyOf(silent), spelling()));
    });
    expect(ours - reading).toBeLessThanOrEqual(10);
  });
});

function bodyOf(reads: readonly string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let n = 0;
  return new ReadableStream({
    pull: (controller) => {
      const read = reads[n++];
      if (read === undefined) controller.close();
      else controller.enqueue(encoder.encode(read));
    },
  });
}

async function promisesOf(run: () => Promise<void>): Promise<number> {
  let count = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROMISE') count++;
    },
  }).enable();
  await run();
  hook.disable();
  return count;
}

describe('readEvents with timeouts', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const limits = { headersMs: 10_000, firstContentMs: 60_000, contentMs: 30_000, silenceMs: 15_000 };

  it('ends as stalled and closes the connection when nothing comes', async () => {
    const stream = tap();
    const timeouts = createStreamTimeouts(Date.now(), limits);
    timeouts.headers(Date.now());
    const batches = collect(readEvents(stream.body, spelling(), { timeouts }));
    await vi.advanceTimersByTimeAsync(59_999);
    expect(stream.cancelled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(stream.cancelled).toBe(true);
    expect(await batches).toEqual([
      [{ type: 'finish', cause: { kind: 'stalled', message: 'nothing of the answer within 60 seconds' } }],
    ]);
  });

  it('quirk 8: keep-alives hold off silence, but not for ever', async () => {
    const stream = tap();
    const timeouts = createStreamTimeouts(Date.now(), limits);
    timeouts.headers(Date.now());
    const batches = collect(readEvents(stream.body, spelling(), { timeouts }));
    stream.send('a');
    for (let n = 0; n < 2; n++) {
      await vi.advanceTimersByTimeAsync(10_000);
      stream.send('.');
    }
    await vi.advanceTimersByTimeAsync(9_999);
    expect(stream.cancelled).toBe(false);
    stream.send('.');
    await vi.advanceTimersByTimeAsync(1);
    expect((await batches).at(-1)).toEqual([
      { type: 'finish', cause: { kind: 'stalled', message: 'nothing but keep-alives for 30 seconds' } },
    ]);
  });

  it('stops its timer with the answer', async () => {
    const stream = tap();
    stream.send('a!');
    stream.close();
    await collect(readEvents(stream.body, spelling(), { timeouts: createStreamTimeouts(Date.now(), limits) }));
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('closes a connection that stays open behind the finish', async () => {
    const stream = tap();
    stream.send('a!');
    await collect(readEvents(stream.body, spelling()));
    expect(stream.cancelled).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stream.cancelled).toBe(true);
  });
});
