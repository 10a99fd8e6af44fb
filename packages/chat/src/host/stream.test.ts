import { type ChatEvent, createFold, type MessageRecord } from '@patchbay/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostMessage } from '../contract/messages.ts';
import { createAnswer } from './answer.ts';
import { createBatcher } from './batcher.ts';
import { coalesce } from './coalesce.ts';
import { createFeed } from './feed.ts';
import type { Panel } from './panel.ts';
import { restate } from './restate.ts';

const base: MessageRecord = {
  v: 1,
  id: 'm1',
  conversationId: 'c1',
  parentId: 'm0',
  createdAt: 1,
  role: 'assistant',
  parts: [],
  status: 'streaming',
};

const text = (part: number, words: string): ChatEvent => ({ type: 'text', part, text: words });

/** Any stream a decoder may yield: part numbers grow by one, deltas belong to the last part. */
const stream: fc.Arbitrary<readonly ChatEvent[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(
        'text',
        'reasoning',
        'tool-call',
        'image',
        'citation',
        'server-tool',
        'notice',
        'usage',
        'raw',
      ),
      next: fc.boolean(),
      words: fc.string({ maxLength: 5 }),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    let part = -1;
    let of = '';
    return steps.flatMap(({ kind, next, words }): readonly ChatEvent[] => {
      if (kind === 'notice') return [{ type: 'notice', code: 'cost-estimated', message: words }];
      if (kind === 'usage') return [{ type: 'usage', usage: { outputTokens: words.length } }];
      if (kind === 'raw') return part < 0 ? [] : [{ type: 'raw-part', part, of: 'text', raw: words }];
      const begins = next || of !== kind;
      if (begins) part += 1;
      of = kind;
      if (kind === 'text' || kind === 'reasoning') return [{ type: kind, part, text: words }];
      if (kind === 'image') {
        part += begins ? 0 : 1;
        return [{ type: 'image', part, mediaType: 'image/png', source: { kind: 'blob', blobId: words } }];
      }
      if (kind === 'citation') {
        part += begins ? 0 : 1;
        return [{ type: 'citation', part, url: words }];
      }
      if (kind === 'server-tool') return [{ type: 'server-tool', part, callId: 's', name: 'search', output: words }];
      return [
        ...(begins ? [{ type: 'tool-call-start' as const, part, callId: `c${part}`, name: 'f' }] : []),
        { type: 'tool-call-arguments', part, delta: words },
      ];
    });
  });

const folded = (events: readonly ChatEvent[]) => {
  const fold = createFold();
  fold.push(events);
  return fold.answer();
};

describe('coalesce', () => {
  it('changes what is sent and not what it adds up to', () => {
    fc.assert(
      fc.property(stream, fc.nat({ max: 7 }), (events, size) => {
        const list: ChatEvent[] = [];
        for (let at = 0; at < events.length; at += size + 1) coalesce(list, events.slice(at, at + size + 1));
        expect(folded(list)).toEqual(folded(events));
        expect(list.length).toBeLessThanOrEqual(events.length);
        const kinds = (all: readonly ChatEvent[]) =>
          all.filter((event) => event.type === 'notice' || event.type === 'usage');
        expect(kinds(list)).toEqual(kinds(events));
      }),
    );
  });

  it('joins neighbours of one part only', () => {
    const list: ChatEvent[] = [];
    coalesce(list, [text(0, 'a'), text(0, 'b'), text(1, 'c'), { type: 'reasoning', part: 1, text: 'd' }, text(1, 'e')]);
    expect(list).toEqual([text(0, 'ab'), text(1, 'c'), { type: 'reasoning', part: 1, text: 'd' }, text(1, 'e')]);
  });
});

describe('createBatcher', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('hands out the first at once, the rest together, and the next after a pause at once again', () => {
    const out: (readonly ChatEvent[])[] = [];
    const batcher = createBatcher(25, (events) => out.push(events));
    batcher.push([text(0, 'first')]);
    expect(out).toEqual([[text(0, 'first')]]);
    batcher.push([text(0, ' a')]);
    batcher.push([text(0, ' b')]);
    expect(out.length).toBe(1);
    vi.advanceTimersByTime(25);
    expect(out[1]).toEqual([text(0, ' a b')]);
    vi.advanceTimersByTime(25);
    expect(vi.getTimerCount()).toBe(0);
    batcher.push([text(0, ' c')]);
    expect(out.length).toBe(3);
  });

  it('gives everything when it is told to, and leaves no timer', () => {
    const out: (readonly ChatEvent[])[] = [];
    const batcher = createBatcher(25, (events) => out.push(events));
    batcher.push([text(0, 'a')]);
    batcher.push([text(0, 'b')]);
    batcher.flush();
    expect(out.flat()).toEqual([text(0, 'a'), text(0, 'b')]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

/** A panel that keeps what it gets, and folds it as a panel does. */
function createListener() {
  const posted: HostMessage[] = [];
  const panel: Panel = { post: (message) => posted.push(message), alive: true, greeted: true, shows: undefined };
  const batches = () => posted.flatMap((message) => (message.kind === 'run.batch' ? [message.batch] : []));
  return {
    panel,
    batches,
    events: () => {
      const all: ChatEvent[] = [];
      for (const batch of batches()) {
        if (batch.restart) all.length = 0;
        all.push(...batch.events);
      }
      return all;
    },
  };
}

const ids = { runId: 'r1', conversationId: 'c1', messageId: 'm1' };

describe('createFeed', () => {
  it('gives every follower exactly what came after its number, however late it comes', () => {
    const numbered = (count: number) => Array.from({ length: count }, (_, index) => text(index, String(index)));
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.nat(),
        (sizes, a, b) => {
          const all = numbered(sizes.reduce((sum, size) => sum + size, 0));
          const feed = createFeed(ids);
          const joins = a % sizes.length;
          const listener = createListener();
          let at = 0;
          let from = 0;
          for (const [index, size] of sizes.entries()) {
            if (index === joins) {
              from = b % (at + 1);
              feed.follow(listener.panel, from);
            }
            feed.append(all.slice(at, at + size));
            at += size;
          }
          expect(listener.events()).toEqual(all.slice(from));
          let last = from;
          for (const batch of listener.batches()) {
            expect(batch.seq).toBe(last + batch.events.length);
            last = batch.seq;
          }
          expect(last).toBe(feed.seq);
        },
      ),
    );
  });

  it('tells the answer from its beginning where events stand for more than they are', () => {
    const feed = createFeed(ids);
    feed.append([text(0, 'one two')], 10);
    feed.append([text(0, ' three')], 15);
    const [exact, between, beyond] = [createListener(), createListener(), createListener()];
    feed.follow(exact.panel, 10);
    feed.follow(between.panel, 12);
    feed.follow(beyond.panel, 99);
    expect(exact.batches()).toEqual([{ ...ids, seq: 15, events: [text(0, ' three')] }]);
    expect(between.batches()).toEqual([
      { ...ids, seq: 15, events: [text(0, 'one two'), text(0, ' three')], restart: true },
    ]);
    expect(beyond.batches()).toEqual([]);
  });

  it('follows a panel once, however often it asks, and forgets it when it is gone', () => {
    const feed = createFeed(ids);
    const listener = createListener();
    feed.follow(listener.panel, 0);
    feed.follow(listener.panel, 0);
    feed.append([text(0, 'once')]);
    expect(listener.events()).toEqual([text(0, 'once')]);
    const dead = { ...listener.panel, alive: false };
    feed.follow(dead, 1);
    expect(feed.end()).toEqual([listener.panel]);
    feed.append([text(0, 'nobody')]);
    expect(listener.events()).toEqual([text(0, 'once')]);
  });
});

describe('restate', () => {
  it('leads a watcher to what the owner has, from any moment to any later one', () => {
    fc.assert(
      fc.property(stream, fc.nat(), fc.nat(), (events, a, b) => {
        const [early, late] = [a % (events.length + 1), b % (events.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const at = (count: number) => {
          const answer = createAnswer(base);
          answer.push(events.slice(0, count));
          return answer.message();
        };
        const watcher = createAnswer(base);
        watcher.push(restate(base, at(early)) ?? []);
        watcher.push(restate(at(early), at(late)) ?? []);
        const shown = (message: MessageRecord) => [message.parts.map(({ raw: _, ...part }) => part), message.notices];
        expect(shown(watcher.message())).toEqual(shown(at(late)));
      }),
    );
  });

  it('says so where the later answer does not continue the earlier one', () => {
    const at = (...parts: MessageRecord['parts']): MessageRecord => ({ ...base, parts });
    expect(restate(at({ type: 'text', text: 'One' }), at({ type: 'text', text: 'Two' }))).toBeUndefined();
    expect(restate(at({ type: 'text', text: 'One' }), at({ type: 'reasoning', text: 'One' }))).toBeUndefined();
    expect(restate(at({ type: 'text', text: 'One' }), at())).toBeUndefined();
  });
});
