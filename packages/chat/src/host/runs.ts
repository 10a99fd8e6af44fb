import type { ChatRequest, Correction, CostRecord, MessageRecord, RunRecord } from '@patchbay/core';
import type { HostMessage, Requests } from '../contract/messages.ts';
import type { ConversationView } from '../contract/views.ts';
import { Refusal } from './failures.ts';
import type { Media } from './media.ts';
import { endOrphans } from './orphans.ts';
import type { Panel } from './panel.ts';
import type { HostDeps, HostTiming } from './ports.ts';
import { carryRun, type Ended, type Run } from './run.ts';
import { type Beginning, beginRun } from './start.ts';
import type { StorageStatus } from './storage-status.ts';
import { createUnsaved } from './unsaved.ts';
import { addUsd, subtractUsd } from './usd.ts';
import { createWatch, type Watch } from './watch.ts';

/** What is to happen once the panel has its answer, so that no batch arrives before it. */
export interface Reply<T> {
  readonly result: T;
  readonly after?: () => void;
}

export interface Runs {
  start(params: Requests['run.start']['params'], panel: Panel): Promise<Reply<Requests['run.start']['result']>>;
  attach(params: Requests['run.attach']['params'], panel: Panel): Promise<Reply<Requests['run.attach']['result']>>;
  stop(runId: string): Promise<void>;
  /** Finds out which runs other windows carry in this conversation. */
  discover(conversationId: string): Promise<void>;
  /** In one step, so that an answer and its number belong together. */
  snapshot(conversationId: string, stored: readonly MessageRecord[]): Snapshot;
  /** The same messages, with what this host knows better than the store. */
  fresh(messages: readonly MessageRecord[]): readonly MessageRecord[];
  /** Ids of the conversations in which a run goes on. */
  busy(): Promise<ReadonlySet<string>>;
  /** Its conversation, or everything, is being deleted: stops what runs there and saves nothing more of it. */
  drop(conversationId?: string): void;
  /** The real cost of an answer became known: its message says so from now on. */
  correct(correction: Correction): Promise<void>;
  /** Marks what dead owners left; at start, and again by itself when a lease may have run out. */
  sweep(): Promise<void>;
  /** Stops looking after anything; running answers are left to their lease. */
  close(): void;
}

export interface Snapshot extends Pick<ConversationView, 'running' | 'messages'> {
  /** A run ended after its message was read: read again. */
  readonly stale: boolean;
}

export interface RunsPorts {
  readonly deps: HostDeps;
  readonly timing: HostTiming;
  readonly media: Media;
  readonly storage: StorageStatus;
  readonly admit: (choice: Requests['run.start']['params']['choice']) => Promise<void>;
  readonly onReserved: () => void;
  /** A run began; `by` knows already. */
  readonly onStarted: (run: RunRecord, by: Panel) => void;
  readonly onEnded: (run: RunRecord, message: MessageRecord, followers: readonly Panel[]) => void;
  /** A message that was over changed. */
  readonly onCorrected: (conversationId: string) => void;
}

export function createRuns(ports: RunsPorts): Runs {
  const { deps, timing, storage } = ports;
  const { conversations: store, now } = deps;
  const active = new Map<string, { readonly run: Run; readonly record: RunRecord; ended?: Ended }>();
  const starting = new Map<
    string,
    { readonly begun: Promise<Beginning>; readonly conversationId: string; dropped?: true }
  >();
  const watches = new Map<string, Watch>();
  const asking = new Set<string>();
  const unsaved = createUnsaved(store, storage, timing.retrySave, deps.keepAwake);
  let heart: ReturnType<typeof setInterval> | undefined;
  let nextSweep: { readonly at: number; readonly timer: ReturnType<typeof setTimeout> } | undefined;
  let closed = false;

  const beat = () => {
    if (active.size === 0 && watches.size === 0) {
      clearInterval(heart);
      heart = undefined;
      return;
    }
    for (const { run } of active.values()) void oneAtATime(run.id, run.renew);
    for (const watch of watches.values()) void oneAtATime(watch.run.id, () => look(watch));
  };
  /** A slow store is not asked again before it has answered: an older answer must not come after a newer one. */
  const oneAtATime = async (runId: string, act: () => Promise<void>) => {
    if (asking.has(runId)) return;
    asking.add(runId);
    await act();
    asking.delete(runId);
  };
  const wake = () => {
    if (!closed) heart ??= setInterval(beat, timing.heartbeat);
  };

  const look = async (watch: Watch) => {
    const news = await watch.look().catch(() => undefined);
    if (watches.get(watch.run.id) !== watch) return;
    if (news === undefined) return;
    watches.delete(watch.run.id);
    const followers = watch.feed.end();
    if (news !== 'gone') ports.onEnded(watch.run, news, followers);
  };

  const carry = ({ record, assistantMessage }: Beginning, request: ChatRequest) => {
    const run = carryRun(record, assistantMessage, request, {
      gateway: deps.gateway,
      store,
      media: ports.media,
      storage,
      timing,
      now,
      onReserved: ports.onReserved,
    });
    const entry: { run: Run; record: RunRecord; ended?: Ended } = { run, record };
    active.set(run.id, entry);
    wake();
    const over = run.done.then((ended) => {
      entry.ended = ended;
      active.delete(run.id);
      const followers = run.feed.end();
      if (ended.dropped) return;
      if (ended.unsaved) unsaved.keep(ended.message, ended.unsaved);
      ports.onEnded(record, ended.message, followers);
    });
    deps.keepAwake?.(over);
    return entry;
  };

  /** A run that goes on elsewhere, followed through the store; undefined where it is over or gone. */
  const watch = async (record: RunRecord): Promise<Watch | undefined> => {
    const known = watches.get(record.id);
    if (known || unsaved.hasRun(record.id)) return known;
    // It may have ended since it was found.
    const run = await store.run(record.id);
    const message = await store.message(record.assistantMessageId);
    if (run?.status !== 'running' || !message) return undefined;
    const made = watches.get(run.id) ?? createWatch(run, message, store);
    watches.set(run.id, made);
    wake();
    sweepAt(run.leaseUntil);
    return made;
  };

  /** Looks for dead owners at this time, or earlier. */
  const sweepAt = (at: number) => {
    if (closed || (nextSweep && nextSweep.at <= at)) return;
    clearTimeout(nextSweep?.timer);
    const wait = Math.min(Math.max(at - now(), timing.heartbeat), timing.lease);
    nextSweep = { at, timer: setTimeout(() => sweep().catch(storage.failed), wait) };
  };

  const sweep = async () => {
    clearTimeout(nextSweep?.timer);
    nextSweep = undefined;
    const isOurs = (id: string) => active.has(id) || starting.has(id) || unsaved.hasRun(id);
    const { ended, nextAt } = await endOrphans({
      store,
      ledger: deps.ledger,
      ownerId: deps.ownerId,
      soleOwner: deps.soleOwner,
      now,
      isOurs,
    });
    for (const run of ended) {
      const followers = watches.get(run.id)?.feed.end() ?? [];
      watches.delete(run.id);
      const message = await store.message(run.assistantMessageId);
      if (message) ports.onEnded(run, message, followers);
    }
    if (nextAt !== undefined) sweepAt(nextAt);
  };

  /** From its first event if it goes on; else tells how it ended. For a panel that asked to start it. */
  const follow = (record: RunRecord, panel: Panel) => {
    const mine = active.get(record.id);
    if (mine) return mine.run.feed.follow(panel, 0);
    const others = async () => {
      const other = await watch(record);
      if (other) other.feed.follow(panel, 0);
      else panel.post(endedMessage(record, await final(record)));
    };
    others().catch(storage.failed);
  };

  const final = async ({ assistantMessageId: id }: RunRecord): Promise<MessageRecord> => {
    const message = unsaved.message(id) ?? (await store.message(id));
    if (!message) throw new Refusal('internal', 'This answer was deleted.');
    return message;
  };

  return {
    start: async (params, panel) => {
      const { runId } = params;
      const known = active.get(runId);
      if (known) {
        const userMessage = await store.message(known.record.userMessageId);
        if (!userMessage) throw new Refusal('internal', 'This conversation was deleted.');
        const assistantMessage: MessageRecord = { ...known.run.message(), parts: [] };
        return { result: { userMessage, assistantMessage }, after: () => follow(known.record, panel) };
      }
      let beginning = starting.get(runId);
      if (!beginning) {
        const begun = beginRun(params, deps, timing, { admit: ports.admit, fresh }).then((begun) => {
          if (starting.get(runId)?.dropped) throw new Refusal('internal', 'This conversation was deleted.');
          // In one step with `starting.delete`, so that the run is never in neither.
          if (begun.request) {
            storage.worked();
            carry(begun, begun.request);
            ports.onStarted(begun.record, panel);
          }
          return begun;
        });
        beginning = { begun, conversationId: params.conversationId };
        starting.set(runId, beginning);
        begun
          .finally(() => starting.delete(runId))
          // Reported to those who asked.
          .catch(() => undefined);
      }
      const { userMessage, assistantMessage, record } = await beginning.begun;
      const running = assistantMessage.status === 'streaming';
      return {
        result: { userMessage, assistantMessage: running ? { ...assistantMessage, parts: [] } : assistantMessage },
        after: () => follow(record, panel),
      };
    },

    attach: async ({ runId, fromSeq }, panel) => {
      await starting.get(runId)?.begun;
      const mine = active.get(runId);
      if (mine) {
        const message: MessageRecord = { ...mine.run.message(), parts: [] };
        const after = () =>
          mine.ended ? panel.post(endedMessage(mine.record, mine.ended.message)) : mine.run.feed.follow(panel, fromSeq);
        return { result: { status: 'running', message }, after };
      }
      const record = await store.run(runId);
      if (!record) throw new Refusal('internal', 'This answer was deleted.');
      const other = await watch(record);
      if (!other) return { result: { status: 'ended', message: await final(record) } };
      const message: MessageRecord = { ...other.message(), parts: [] };
      return { result: { status: 'running', message }, after: () => other.feed.follow(panel, fromSeq) };
    },

    stop: async (runId) => {
      await starting.get(runId)?.begun.catch(() => undefined);
      const mine = active.get(runId);
      if (mine) return mine.run.stop();
      await store.updateRun(runId, (before) =>
        before.status === 'running' ? { ...before, stopRequested: true } : before,
      );
    },

    discover: async (conversationId) => {
      for (const record of await store.runs('running')) {
        if (record.conversationId === conversationId && !active.has(record.id)) await watch(record);
      }
    },

    snapshot: (conversationId, stored) => {
      const mine = [...active.values()].map(({ run, record }) => ({ record, seq: run.feed.seq }));
      const others = [...watches.values()].map(({ run, feed }) => ({ record: run, seq: feed.seq }));
      const running = [...mine, ...others]
        .filter(({ record }) => record.conversationId === conversationId)
        .map(({ record, seq }) => ({ runId: record.id, messageId: record.assistantMessageId, seq }));
      const going = new Set(running.map(({ messageId }) => messageId));
      const messages = fresh(stored);
      return {
        running,
        messages,
        stale: messages.some(({ status, id }) => status === 'streaming' && !going.has(id)),
      };
    },

    fresh,

    busy: async () => {
      const stored = (await store.runs('running')).filter((run) => !unsaved.hasRun(run.id));
      return new Set([...stored, ...[...active.values()].map(({ record }) => record)].map((run) => run.conversationId));
    },

    drop: (conversationId) => {
      for (const { run } of active.values()) {
        if (conversationId === undefined || run.conversationId === conversationId) run.drop();
      }
      for (const one of starting.values()) {
        if (conversationId === undefined || one.conversationId === conversationId) one.dropped = true;
      }
      unsaved.forget(conversationId);
    },

    correct: async (correction) => {
      const run = await store.run(correction.runId);
      if (!run) return;
      // A run that is still being saved would write over it; so would one that goes on with its words.
      for (const { run: other } of active.values()) if (other.conversationId === run.conversationId) await other.done;
      const change = (message: MessageRecord) => corrected(message, correction);
      const changed = (await store.messages(run.conversationId)).filter((message) => change(message) !== message);
      await store.write(changed.map(({ id }) => ({ update: 'message', id, change })));
      ports.onCorrected(run.conversationId);
    },

    sweep,

    close: () => {
      closed = true;
      clearInterval(heart);
      clearTimeout(nextSweep?.timer);
      unsaved.close();
    },
  };

  function fresh(messages: readonly MessageRecord[]): readonly MessageRecord[] {
    const live = new Map<string, MessageRecord>();
    for (const { run, record } of active.values()) live.set(record.assistantMessageId, run.message());
    for (const one of watches.values()) live.set(one.run.assistantMessageId, one.message());
    return messages.map((message) => live.get(message.id) ?? unsaved.message(message.id) ?? message);
  }
}

/** The answer of the run, and every answer that goes on with its words; any other message as it is. */
function corrected(message: MessageRecord, correction: Correction): MessageRecord {
  const { runId, reservationId, fromUsd, usd, source } = correction;
  const costOf = (cost: CostRecord): CostRecord => ({ usd: addUsd(subtractUsd(cost.usd, fromUsd), usd), source });
  if (message.earlier?.some((one) => one.runId === runId)) {
    const earlier = message.earlier.map((one) =>
      one.runId === runId && one.cost ? { ...one, cost: costOf(one.cost) } : one,
    );
    return { ...message, earlier };
  }
  if (message.runId !== runId || !message.cost) return message;
  if (message.hops?.some((hop) => hop.reservationId === reservationId)) {
    // A failed attempt’s bill: where the answer’s own came from stays as it was.
    const hops = message.hops.map((hop) =>
      hop.reservationId === reservationId && hop.cost ? { ...hop, cost: costOf(hop.cost) } : hop,
    );
    return { ...message, hops, cost: { ...costOf(message.cost), source: message.cost.source } };
  }
  const notices = message.notices?.filter((notice) => notice.code !== 'cost-estimated');
  return { ...message, cost: costOf(message.cost), ...(notices && { notices }) };
}

function endedMessage({ id: runId, conversationId }: RunRecord, message: MessageRecord): HostMessage {
  return { kind: 'run.ended', runId, conversationId, message };
}
