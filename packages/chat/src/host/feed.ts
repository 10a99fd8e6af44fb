import type { ChatEvent } from '@patchbay/core';
import type { RunBatch } from '../contract/views.ts';
import type { Panel } from './panel.ts';

/** A run's events by number, for whoever follows it. */
export interface Feed {
  /** Number of the last event. */
  readonly seq: number;
  /**
   * Posts events to the followers and keeps them for those who come later.
   * @param seq number of the last of them; larger than their count where they stand for more events than they are
   */
  append(events: readonly ChatEvent[], seq?: number): void;
  /** Forgets what was: these events tell the whole answer anew. */
  restart(events: readonly ChatEvent[], seq: number): void;
  /** Sends what came after `fromSeq`, then everything that comes. Following again begins again. */
  follow(panel: Panel, fromSeq: number): void;
  /** Those who follow, and forgets them: the run is over. */
  end(): readonly Panel[];
}

/** Most events of one message, so that a long replay does not block a port. */
const REPLAY = 2_000;

export function createFeed(ids: Pick<RunBatch, 'runId' | 'conversationId' | 'messageId'>): Feed {
  const log: { readonly from: number; readonly seq: number; readonly events: readonly ChatEvent[] }[] = [];
  const followers = new Set<Panel>();
  let last = 0;

  const post = (panel: Panel, events: readonly ChatEvent[], seq: number, restart?: true) =>
    panel.post({ kind: 'run.batch', batch: { ...ids, seq, events, ...(restart && { restart }) } });

  const replay = (panel: Panel, fromSeq: number) => {
    const missed = log.filter((batch) => batch.seq > fromSeq);
    const first = missed[0];
    if (!first) return;
    // Events that stand for more than they are have no place to cut them: the answer is told from its beginning.
    const cut = first.from < fromSeq;
    if (cut && first.events.length !== first.seq - first.from) {
      return post(
        panel,
        log.flatMap((batch) => batch.events),
        last,
        true,
      );
    }
    for (let at = 0; at < missed.length; ) {
      const events: ChatEvent[] = [];
      let seq = 0;
      do {
        const batch = missed[at++];
        if (!batch) break;
        // One by one: a read of very many events is more than one call takes.
        const missing = batch.from < fromSeq ? batch.events.slice(fromSeq - batch.from) : batch.events;
        for (const event of missing) events.push(event);
        seq = batch.seq;
      } while (events.length < REPLAY && at < missed.length);
      post(panel, events, seq);
    }
  };

  return {
    get seq() {
      return last;
    },
    append: (events, seq = last + events.length) => {
      if (events.length === 0) return;
      log.push({ from: last, seq, events });
      last = seq;
      for (const panel of followers) {
        if (panel.alive) post(panel, events, seq);
        else followers.delete(panel);
      }
    },
    restart: (events, seq) => {
      log.length = 0;
      log.push({ from: 0, seq, events });
      last = seq;
      for (const panel of followers) post(panel, events, seq, true);
    },
    follow: (panel, fromSeq) => {
      replay(panel, fromSeq);
      followers.add(panel);
    },
    end: () => {
      const all = [...followers].filter((panel) => panel.alive);
      followers.clear();
      return all;
    },
  };
}
