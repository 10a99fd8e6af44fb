import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readErrorBody, type SendInput, send } from './send.ts';
import { createStreamTimeouts } from './timeouts.ts';

const limits = { headersMs: 10_000, firstContentMs: 60_000, contentMs: 30_000, silenceMs: 15_000 };

function input(fetch: SendInput['fetch'], signal = new AbortController().signal): SendInput {
  return {
    fetch,
    url: 'https://acme.example/v1/chat/completions',
    headers: { authorization: 'Bearer x' },
    body: '{}',
    signal,
    timeouts: createStreamTimeouts(Date.now(), limits),
    now: Date.now,
  };
}

/** A server that never answers, and is told when the connection closes. */
function silent() {
  const closed: unknown[] = [];
  const fetch: SendInput['fetch'] = (_url, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => {
        closed.push(init.signal?.reason);
        reject(new DOMException('aborted', 'AbortError'));
      });
    });
  return { fetch, closed };
}

describe('send', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('quirk 33: follows no redirect, which would carry the secret elsewhere, and sends no cookies', async () => {
    const fetch = vi.fn<SendInput['fetch']>(async () => new Response('ok'));
    const outcome = await send(input(fetch));
    expect(outcome).toHaveProperty('response');
    expect(fetch).toHaveBeenCalledExactlyOnceWith(
      'https://acme.example/v1/chat/completions',
      expect.objectContaining({
        method: 'POST',
        body: '{}',
        redirect: 'manual',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      }),
    );
    expect(vi.getTimerCount()).toBe(0);
  });

  it('quirk 33: knows a redirect of which a browser tells nothing', async () => {
    const opaque = { type: 'opaqueredirect', status: 0, ok: false } as Response;
    expect(await send(input(async () => opaque))).toMatchObject({ status: 302 });
    expect(await send(input(async () => new Response('', { status: 201 })))).toMatchObject({ status: 201 });
  });

  it('closes the connection when the headers do not come in time', async () => {
    const { fetch, closed } = silent();
    const outcome = send(input(fetch));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(closed).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toEqual({ cause: { kind: 'stalled', message: 'no answer within 10 seconds' } });
    expect(closed).toHaveLength(1);
  });

  it('closes the connection at once on abort', async () => {
    const { fetch, closed } = silent();
    const abort = new AbortController();
    const outcome = send(input(fetch, abort.signal));
    abort.abort();
    expect(closed).toHaveLength(1);
    expect(await outcome).toEqual({ cause: { kind: 'aborted' } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends nothing where the signal was aborted before', async () => {
    const fetch = vi.fn<SendInput['fetch']>();
    expect(await send(input(fetch, AbortSignal.abort()))).toEqual({ cause: { kind: 'aborted' } });
    expect(fetch).not.toHaveBeenCalled();
  });

  it('hands over what fetch throws by itself', async () => {
    const error = new TypeError('Failed to fetch');
    expect(await send(input(() => Promise.reject(error)))).toEqual({ error });
  });
});

describe('error bodies', () => {
  const body = (...chunks: readonly (string | Uint8Array)[]) =>
    new Response(
      new ReadableStream({
        start: (controller) => {
          for (const chunk of chunks)
            controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
          controller.close();
        },
      }),
    );

  it('are read whole, characters cut between reads included', async () => {
    expect(await readErrorBody(body('{"error":"', Uint8Array.of(0xc3), Uint8Array.of(0xbc), '"}'))).toBe(
      '{"error":"ü"}',
    );
    expect(await readErrorBody(new Response(null))).toBe('');
  });

  it('quirk 28: are cut where they get silly, and the connection is closed', async () => {
    let cancelled = false;
    const endless = new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(10_000).fill(0x61)),
        cancel: () => {
          cancelled = true;
        },
      }),
    );
    expect((await readErrorBody(endless)).length).toBe(70_000);
    expect(cancelled).toBe(true);
  });

  it('that break off, or never end, give what came', async () => {
    let pulls = 0;
    const broken = new Response(
      new ReadableStream({
        pull: (controller) => {
          if (pulls++ === 0) controller.enqueue(new TextEncoder().encode('half'));
          else controller.error(new Error('reset'));
        },
      }),
    );
    expect(await readErrorBody(broken)).toBe('half');

    vi.useFakeTimers();
    const hanging = readErrorBody(
      new Response(
        new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('so far')) }),
      ),
    );
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await hanging).toBe('so far');
    vi.useRealTimers();
  });
});
