import {
  type ChatEvent,
  type ChatRequest,
  type ConversationStore,
  type MessageRecord,
  type RunRecord,
  StoreError,
  type Write,
} from '@patchbay/core';
import { createAnswer } from './answer.ts';
import { createBatcher } from './batcher.ts';
import { createContinuation } from './continuation.ts';
import { failureOf, toFailure } from './failures.ts';
import { createFeed, type Feed } from './feed.ts';
import type { Media } from './media.ts';
import type { ChatGateway, HostTiming } from './ports.ts';
import type { StorageStatus } from './storage-status.ts';

/** An answer that this host is carrying. */
export interface Run {
  readonly id: string;
  readonly conversationId: string;
  readonly feed: Feed;
  /** The answer as far as followers have it (`feed.seq`). */
  message(): MessageRecord;
  /** Closes the upstream connection at once; what came is kept. */
  stop(): void;
  /** Its conversation was deleted: stops, and saves nothing any more. */
  drop(): void;
  /** Renews the lease and sees what other windows asked for. */
  renew(): Promise<void>;
  /** The final answer, and the batch that could not be saved. Never rejects. */
  readonly done: Promise<Ended>;
}

export interface Ended {
  readonly message: MessageRecord;
  readonly dropped: boolean;
  readonly unsaved?: readonly Write[];
}

export interface RunTools {
  readonly gateway: ChatGateway;
  readonly store: ConversationStore;
  readonly media: Media;
  readonly storage: StorageStatus;
  readonly timing: HostTiming;
  readonly now: () => number;
  /** Money was reserved: caps look different now. */
  readonly onReserved: () => void;
}

/**
 * Carries one request from its stored start to its stored end. Panels come and go on its feed; a store that fails on the
 * way is told to them and tried again, and never ends the answer.
 */
export function carryRun(record: RunRecord, base: MessageRecord, request: ChatRequest, tools: RunTools): Run {
  const { store, media, storage, timing, now } = tools;
  const abort = new AbortController();
  const answer = createAnswer(base);
  const continuation = createContinuation(base);
  const feed = createFeed({ runId: record.id, conversationId: record.conversationId, messageId: base.id });
  const ids: { reservationId?: string; responseId?: string } = {};
  let dropped = false;
  let told = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Whoever follows has what was there before from the same events as what comes.
  feed.append(continuation.told);
  let saving: Promise<void> = Promise.resolve();

  /** Ours, whatever another window thought of us while this machine slept. */
  const alive = (before: RunRecord): RunRecord => ({
    ...before,
    ...ids,
    status: 'running',
    ownerId: record.ownerId,
    leaseUntil: now() + timing.lease,
  });

  const batcher = createBatcher(timing.flush, (events) => {
    answer.push(events);
    feed.append(continuation.renumbered(events));
    if (timer === undefined && !dropped) timer = setTimeout(checkpoint, timing.checkpoint);
  });

  const drop = () => {
    dropped = true;
    clearTimeout(timer);
    abort.abort();
  };

  const failed = (error: unknown) => {
    if (isGone(error)) return drop();
    storage.failed(error);
    if (told) return;
    told = true;
    const message = `${toFailure(error).message} The answer goes on, and is tried to be saved again.`;
    batcher.push([{ type: 'notice', code: 'not-saved', message }]);
  };

  const checkpoint = () => {
    const seq = feed.seq;
    const message = withoutOwnTrouble(answer.message());
    saving = store
      .write(
        [
          { update: 'run', id: record.id, change: (before) => ({ ...alive(before), seq }) },
          { put: 'message', record: message },
        ],
        { checkpoint: true },
      )
      .then(storage.worked, failed)
      .then(() => {
        timer = undefined;
        if (feed.seq > seq && !dropped) timer = setTimeout(checkpoint, timing.checkpoint);
      });
  };

  const note = async (more: typeof ids) => {
    Object.assign(ids, more);
    await store.updateRun(record.id, alive).catch(failed);
  };

  const receive = async () => {
    const options = {
      runId: record.id,
      signal: abort.signal,
      onReservation: async (reservationId: string) => {
        await note({ reservationId });
        tools.onReserved();
      },
      onResponse: (responseId: string) => note({ responseId }),
    };
    try {
      for await (const batch of tools.gateway.chat(request, options)) {
        const events = media.unload(batch, failed);
        batcher.push(events instanceof Promise ? await events : events);
      }
      batcher.flush();
      if (!answer.outcome()) batcher.push([broken(answer.message(), request, 'the answer ended without its end')]);
    } catch (error) {
      batcher.flush();
      const why = error instanceof Error ? error.name : typeof error;
      batcher.push([broken(answer.message(), request, why)]);
    }
    batcher.flush();
  };

  const finish = async (): Promise<Ended> => {
    await receive();
    await saving;
    clearTimeout(timer);
    const message = withoutOwnTrouble(answer.message());
    const status = answer.outcome()?.run ?? 'failed';
    const end = now();
    const batch: Write[] = [
      {
        update: 'run',
        id: record.id,
        change: (before) => ({ ...alive(before), status, endedAt: end, leaseUntil: end, seq: feed.seq }),
      },
      { put: 'message', record: message },
      { update: 'conversation', id: record.conversationId, change: (before) => ({ ...before, updatedAt: end }) },
    ];
    if (dropped) return { message, dropped };
    try {
      await store.write(batch);
      storage.worked();
      return { message, dropped };
    } catch (error) {
      if (isGone(error)) return { message, dropped: true };
      storage.failed(error);
      const notice = {
        code: 'not-saved',
        message: `${toFailure(error).message} This answer is not saved yet.`,
      } as const;
      return { message: { ...message, notices: [...(message.notices ?? []), notice] }, dropped, unsaved: batch };
    }
  };

  return {
    id: record.id,
    conversationId: record.conversationId,
    feed,
    message: answer.message,
    stop: () => abort.abort(),
    drop,
    renew: async () => {
      // A store that fails here fails at the next checkpoint too, which says so.
      const run = await store.updateRun(record.id, alive).catch(() => 'unknown' as const);
      if (run === 'unknown') return;
      if (!run) drop();
      else if (run.stopRequested) abort.abort();
    },
    done: finish(),
  };
}

/** The conversation was deleted meanwhile, here or in another window. */
function isGone(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'missing';
}

/** What is stored does not say that it was not stored. */
function withoutOwnTrouble(message: MessageRecord): MessageRecord {
  const { notices, ...rest } = message;
  const others = notices?.filter((notice) => notice.code !== 'not-saved') ?? [];
  return others.length > 0 ? { ...rest, notices: others } : rest;
}

/** A gateway that breaks its word still leaves an answer with an end and a reason. */
function broken(message: MessageRecord, request: ChatRequest, why: string): ChatEvent {
  const text = `The answer of ${request.choice.model} broke off inside Patchbay (${why}). Try again.`;
  const failure = failureOf('internal', text, 'retry');
  return { type: 'finish', reason: message.parts.length > 0 ? 'interrupted' : 'error', failure };
}
