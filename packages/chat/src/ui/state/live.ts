import { useCallback, useSyncExternalStore } from 'react';
import {
  type ChatEvent,
  createFold,
  type Fold,
  lasting,
  type MessageRecord,
  type Part,
  type RunBatch,
} from '../../contract/index.ts';
import { sumUsd } from '../format/money.ts';
import { createFrames } from './frames.ts';

type Hop = NonNullable<MessageRecord['hops']>[number];
type Attempt = Hop['attempt'];

/** An answer that is still being written: what its record will say, as far as it is known. */
export interface LiveAnswer {
  readonly parts: readonly Part[];
  readonly attempt?: Attempt;
  readonly maxOutputTokens?: number;
  readonly answeredBy?: NonNullable<MessageRecord['answeredBy']>;
  readonly usage?: NonNullable<MessageRecord['usage']>;
  readonly cost?: NonNullable<MessageRecord['cost']>;
  readonly notices: NonNullable<MessageRecord['notices']>;
  readonly hops: NonNullable<MessageRecord['hops']>;
  /** Something can be read: text, thinking, an image, a tool call. */
  readonly begun: boolean;
  /** The model that is asked now has said some of it; what is continued was there before. */
  readonly said?: true;
}

/**
 * The answers being written, outside of React: events are folded as they come, watchers hear of it once per frame, and
 * only whoever shows that answer renders.
 */
export interface LiveAnswers {
  apply(batch: RunBatch): void;
  get(runId: string): LiveAnswer | undefined;
  subscribe(runId: string, listener: () => void): () => void;
  /** The answer's record is final. */
  end(runId: string): void;
  clear(): void;
}

interface Entry {
  fold: Fold;
  provider: string | undefined;
  /** What the attempt that runs now has cost. */
  bill: Hop['cost'];
  extra: Omit<LiveAnswer, 'parts' | 'begun' | 'usage'>;
  snapshot: LiveAnswer | undefined;
  readonly listeners: Set<() => void>;
}

const EMPTY: Entry['extra'] = { notices: [], hops: [] };

export function createLiveAnswers(): LiveAnswers {
  const entries = new Map<string, Entry>();
  const changed = new Set<Entry>();
  const frames = createFrames(() => {
    const batch = [...changed];
    changed.clear();
    for (const entry of batch) {
      entry.snapshot = undefined;
      for (const listener of [...entry.listeners]) listener();
    }
  });

  const entryOf = (runId: string): Entry => {
    const known = entries.get(runId);
    if (known) return known;
    const made: Entry = {
      fold: createFold(),
      provider: undefined,
      bill: undefined,
      extra: EMPTY,
      snapshot: undefined,
      listeners: new Set(),
    };
    entries.set(runId, made);
    return made;
  };

  return {
    apply: (batch) => {
      const entry = entryOf(batch.runId);
      if (batch.restart) {
        entry.fold = createFold();
        entry.bill = undefined;
        entry.extra = EMPTY;
      }
      entry.fold.push(batch.events);
      for (const event of batch.events) note(entry, event);
      changed.add(entry);
      frames.request();
    },
    get: (runId) => {
      const entry = entries.get(runId);
      if (!entry) return undefined;
      entry.snapshot ??= snapshotOf(entry);
      return entry.snapshot;
    },
    subscribe: (runId, listener) => {
      const { listeners } = entryOf(runId);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    end: (runId) => {
      const entry = entries.get(runId);
      if (!entry) return;
      entries.delete(runId);
      changed.delete(entry);
      for (const listener of [...entry.listeners]) listener();
    },
    clear: () => {
      frames.close();
      entries.clear();
      changed.clear();
    },
  };
}

/** Keeps what the fold does not: what the gateway says around the answer. */
function note(entry: Entry, event: ChatEvent): void {
  switch (event.type) {
    case 'attempt-start':
      entry.provider = event.attempt.provider;
      entry.extra = { ...entry.extra, attempt: event.attempt, maxOutputTokens: event.maxOutputTokens };
      return;
    case 'response-start':
      if (event.model === undefined) return;
      entry.extra = {
        ...entry.extra,
        answeredBy: { provider: event.provider ?? entry.provider ?? '', model: event.model },
      };
      return;
    case 'text':
    case 'reasoning':
    case 'tool-call-start':
    case 'image':
      if (entry.extra.attempt && !entry.extra.said) entry.extra = { ...entry.extra, said: true };
      return;
    case 'attempt-failed': {
      const hop = { attempt: event.attempt, failure: event.failure, ...(entry.bill && { cost: entry.bill }) };
      entry.bill = undefined;
      entry.extra = {
        ...entry.extra,
        hops: [...entry.extra.hops, hop],
        notices: lasting(entry.extra.notices),
      };
      return;
    }
    case 'notice':
      entry.extra = {
        ...entry.extra,
        notices: [...entry.extra.notices, { code: event.code, message: event.message }],
      };
      return;
    case 'cost': {
      const { usd, source, capLeftUsd } = event;
      const before = entry.extra.cost;
      entry.bill = { usd, source };
      // Each attempt that was sent has a bill; the message shows their sum.
      const sum = before ? sumUsd([before.usd, usd]) : usd;
      entry.extra = { ...entry.extra, cost: { usd: sum, source, ...(capLeftUsd !== undefined && { capLeftUsd }) } };
      return;
    }
    default:
  }
}

function snapshotOf(entry: Entry): LiveAnswer {
  const { parts, usage } = entry.fold.answer();
  return { ...entry.extra, parts, begun: parts.length > 0, ...(usage && { usage }) };
}

/** The answer of a run while it is being written; undefined for any other. */
export function useLive(live: LiveAnswers, runId: string | undefined): LiveAnswer | undefined {
  const subscribe = useCallback(
    (listener: () => void) => (runId === undefined ? () => undefined : live.subscribe(runId, listener)),
    [live, runId],
  );
  return useSyncExternalStore(subscribe, () => (runId === undefined ? undefined : live.get(runId)));
}
