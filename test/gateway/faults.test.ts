import { providerOf } from '@patchbay/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PROVIDERS } from './providers.ts';
import { server, stage, whom } from './raw-bed.ts';
import { LIMIT } from './stage.ts';

const USAGE = { input: 100, cached: 40, output: 20, thought: 8 };

afterEach(() => {
  vi.useRealTimers();
});

/** The frames up to and including the one that holds these words. */
function upTo(frames: readonly string[], words: string): string {
  const at = frames.findIndex((frame) => frame.includes(words));
  return frames.slice(0, at + 1).join('');
}

/** Resolves once this was called. */
function signalled(): { readonly done: Promise<void>; readonly now: () => void } {
  let now = () => {};
  const done = new Promise<void>((resolve) => {
    now = resolve;
  });
  return { done, now };
}

describe.each(PROVIDERS.map((spec) => [spec.name, spec] as const))('%s', (_name, spec) => {
  const frames = spec.wire.frames({ text: ['Grüße ', 'aus ', '🌊'], usage: USAGE });
  const free = spec.cost?.source === 'free';

  it.each(spec.errors)('says that it is about %s by status %i, and is paid nothing', async (kind, status, body) => {
    server.answers = [{ status, body, type: 'application/json' }];
    const { finish, left, cost } = await stage.ask(whom(spec));
    expect(finish?.failure).toMatchObject({ kind, status });
    expect(finish?.failure?.message).toMatch(/\S/);
    expect(cost).toBeUndefined();
    expect(left).toBe(LIMIT);
  });

  it('says how long to wait', async () => {
    server.answers = [{ status: 429, body: '', headers: { 'retry-after': '7' } }];
    const { finish } = await stage.ask(whom(spec));
    expect(finish?.failure).toMatchObject({ kind: 'rate-limit', retryAfterMs: 7_000, fallbackable: true });
  });

  it('is behind a gate that answers with a web page', async () => {
    server.answers = [{ status: 502, type: 'text/html', body: '<!DOCTYPE html><html><title>502 Bad Gateway</title>' }];
    const { finish, left } = await stage.ask(whom(spec));
    expect(finish?.failure).toMatchObject({ kind: 'unavailable', status: 502, fallbackable: true });
    expect(left).toBe(LIMIT);
    server.answers = [{ type: 'text/html', body: '<html><title>Sign in to continue</title><body>…' }];
    expect((await stage.ask(whom(spec))).finish?.failure?.kind).toBe('malformed-output');
  });

  it.each([504, 524])(
    'is behind a gate that gave up waiting (%i): what it may go on to bill stays counted',
    async (status) => {
      server.answers = [{ status, body: '' }];
      const { finish, cost, left } = await stage.ask(whom(spec));
      expect(finish?.failure).toMatchObject({ kind: 'unavailable', status, fallbackable: true });
      const counts = !free && providerOf(spec.provider)?.errorsAreFree !== true;
      if (counts) expect(cost).toMatchObject({ source: 'bound' });
      else expect(Number(cost?.usd ?? 0)).toBe(0);
      expect(left === LIMIT).toBe(!counts);
    },
  );

  it('fails in the middle of its answer, which is kept', async () => {
    const [kind, frame] = spec.broken;
    server.answers = [{ body: upTo(frames, 'aus') + frame }];
    const { text, finish, left } = await stage.ask(whom(spec));
    expect(text).toBe('Grüße aus ');
    expect(finish).toMatchObject({ reason: 'interrupted', failure: { kind } });
    if (!free) expect(left).toBeLessThan(LIMIT);
  });

  it('fails before it has said anything, as any error would', async () => {
    const [kind, frame] = spec.broken;
    server.answers = [{ body: frame }];
    const { parts, finish } = await stage.ask(whom(spec));
    expect(parts).toEqual([]);
    expect(finish).toMatchObject({ reason: 'error', failure: { kind } });
  });

  it.each(['closes its connection', 'breaks it'] as const)('%s in the middle of a character', async (how) => {
    const text = upTo(frames, '🌊');
    const bytes = new TextEncoder().encode(text);
    const half = new TextEncoder().encode(text.slice(0, text.indexOf('🌊'))).length + 2;
    const read = signalled();
    server.answers = [
      {
        body: async ({ write, end, cut }) => {
          await write(bytes.subarray(0, half));
          // Broken only once the client has read what came before.
          await read.done;
          if (how === 'breaks it') cut();
          else end();
        },
      },
    ];
    const answer = await stage.ask(
      whom(spec),
      {},
      {
        seen: (event) => {
          if (event.type === 'text' && event.text.includes('aus')) read.now();
        },
      },
    );
    expect(answer.text).toBe('Grüße aus ');
    expect(answer.finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'truncated' } });
    // What it cost is not known: it stays counted.
    if (!free) expect(answer.left).toBeLessThan(LIMIT - 300_000n);
  });

  it('floods the line with pings, and is stopped by the user', async () => {
    const stop = new AbortController();
    const closed = signalled();
    server.answers = [
      {
        body: async (line) => {
          void line.closed.then(closed.now);
          await line.write(upTo(frames, 'aus') + ': keep-alive\n\n'.repeat(10_000));
        },
      },
    ];
    const answer = await stage.ask(
      whom(spec),
      {},
      {
        signal: stop.signal,
        seen: (event) => {
          if (event.type === 'text' && event.text.includes('aus')) stop.abort();
        },
      },
    );
    expect(answer.text).toBe('Grüße aus ');
    expect(answer.finish?.failure?.kind).toBe('aborted');
    await closed.done;
  });

  it('says no more, and is given up', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    server.answers = [
      {
        body: async (line) => {
          await line.write(upTo(frames, 'aus'));
          await line.closed;
        },
      },
    ];
    const answer = await stage.ask(
      whom(spec),
      {},
      {
        seen: (event) => {
          if (event.type === 'text' && event.text.includes('aus')) void vi.advanceTimersByTimeAsync(600_000);
        },
      },
    );
    expect(answer.text).toBe('Grüße aus ');
    expect(answer.finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'stalled' } });
  });

  const apart = frames.findIndex((frame) => frame.includes('"choices":[]'));
  if (apart > 0) {
    it('breaks behind its finish: the answer stands, and its cost is estimated', async () => {
      const read = signalled();
      server.answers = [
        {
          body: async ({ write, cut }) => {
            await write(frames.slice(0, apart).join(''));
            await read.done;
            cut();
          },
        },
      ];
      const answer = await stage.ask(
        whom(spec),
        {},
        {
          seen: (event) => {
            if (event.type === 'text' && event.text === '🌊') read.now();
          },
        },
      );
      expect(answer.text).toBe('Grüße aus 🌊');
      expect(answer.finish).toMatchObject({ reason: 'stop' });
      expect(answer.finish?.failure).toBeUndefined();
      if (!free) expect(answer.notices).toContain('cost-estimated');
    });
  }

  if (!free) {
    it('is asked nothing that the cap does not hold', async () => {
      server.answers = [{ body: frames.join('') }];
      await stage.addKey(whom(spec), 100n);
      const { finish } = await stage.ask(whom(spec));
      expect(finish?.failure?.kind).toBe('cap');
      expect(server.requests.filter(({ path }) => spec.path.test(path))).toEqual([]);
    });
  }
});
