import type { ConversationStore, MessageRecord, RunRecord } from '@patchbay/core';
import { createFeed, type Feed } from './feed.ts';
import { restate } from './restate.ts';

/** A run that another window carries, followed through the store. */
export interface Watch {
  readonly run: RunRecord;
  readonly feed: Feed;
  /** As last read; its content is what the feed's events fold to. */
  message(): MessageRecord;
  /** Reads again. Undefined while it goes on; then its final message, or `gone` where it was deleted. */
  look(): Promise<MessageRecord | 'gone' | undefined>;
}

/** @param message the run's answer as just read */
export function createWatch(run: RunRecord, message: MessageRecord, store: ConversationStore): Watch {
  const feed = createFeed({ runId: run.id, conversationId: run.conversationId, messageId: message.id });
  let seen = bare(message);

  const advance = (next: MessageRecord, seq: number) => {
    const events = restate(seen, next);
    // Numbered like the owner's where that is possible; what was joined is never fewer numbers than events.
    if (events) feed.append(events, Math.max(seq, feed.seq + events.length));
    else feed.restart(restate(bare(next), next) ?? [], Math.max(seq, feed.seq + 1));
    seen = next;
  };
  advance(message, run.seq);

  return {
    run,
    feed,
    message: () => seen,
    look: async () => {
      const now = await store.run(run.id);
      const next = await store.message(run.assistantMessageId);
      if (!now || !next) return 'gone';
      if (now.status !== 'running') return next;
      advance(next, now.seq);
      return undefined;
    },
  };
}

/** The answer before its first event. */
function bare(message: MessageRecord): MessageRecord {
  const { answeredBy: _, notices: __, hops: ___, ...rest } = message;
  return { ...rest, parts: [] };
}
