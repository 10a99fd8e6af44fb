import type { Failure } from '@patchbay/core';
import type { HostMessage, PanelMessage, PanelPort, RequestName, Requests } from './messages.ts';
import { CONTRACT_VERSION, type HostState, type RunBatch } from './views.ts';

/** What a panel hears without asking. */
export type PanelEvent =
  | Exclude<HostMessage, { kind: 'result' } | { kind: 'error' }>
  /**
   * `ready`: answered by a host of this version (again, after `lost`). `lost`: the port closed, trying again.
   * `failed`: for good, `failure` says why (another version: reload the panel).
   */
  | { readonly kind: 'connection'; readonly state: 'ready' | 'lost' }
  | { readonly kind: 'connection'; readonly state: 'failed'; readonly failure: Failure };

/** What a rejected request carries: `failure.message` is a sentence for the user. */
export class PanelError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'PanelError';
    this.failure = failure;
  }
}

export interface PanelClient {
  /**
   * Resolves with the host's answer, however often the port has to be opened again until then. What cannot be repeated
   * safely (a slice of an upload, deleting everything, opening a window) is rejected when the port closes before it was
   * answered.
   * @throws PanelError
   */
  request<N extends RequestName>(name: N, params: Requests[N]['params']): Promise<Requests[N]['result']>;
  /**
   * Calls `listener` with everything the host sends, from now on. Each event of a run that this client started or
   * attached arrives exactly once and in order, across reconnects.
   * @returns a function that ends it
   */
  subscribe(listener: (event: PanelEvent) => void): () => void;
  /** The state of the first `hello`; rejects with a PanelError where panel and host do not fit together. */
  readonly ready: Promise<HostState>;
  /** Ends the connection; what is unanswered is rejected. */
  close(): void;
}

export interface PanelClientOptions {
  /** First pause before connecting again, ms; doubles up to `maxDelayMs`. Default 100. */
  readonly minDelayMs?: number;
  /** Default 5,000. */
  readonly maxDelayMs?: number;
  /** A host that has not answered `hello` after this is taken for dead, ms. Default 15,000. */
  readonly helloTimeoutMs?: number;
  /**
   * Where the browser stops a host that has nothing to do: calls `listener` whenever one has started. A port that closes
   * while nothing is under way then stays closed until that, or until the next request; without it, it is opened at once.
   */
  readonly onHostStart?: (listener: () => void) => void;
}

/** Requests that would do something twice if they were sent twice. */
const ONCE: ReadonlySet<RequestName> = new Set(['blob.append', 'data.deleteAll', 'keys.manage']);

interface Pending {
  readonly message: PanelMessage;
  readonly resolve: (result: never) => void;
  readonly reject: (error: PanelError) => void;
  sent: boolean;
}

/** A run this client follows: the number of the last event it has passed on, and the attach request that it waits for. */
interface Followed {
  seq: number;
  awaiting: number | undefined;
}

/**
 * A panel's end of the contract. It says hello by itself; when the port closes (the browser stopped the background), it
 * connects again with growing pauses, says hello, sends again what was not answered and attaches the running runs where
 * they were.
 * @param connect opens a port; called again for each connection
 */
export function createPanelClient(connect: () => PanelPort, options: PanelClientOptions = {}): PanelClient {
  const minDelay = options.minDelayMs ?? 100;
  const maxDelay = options.maxDelayMs ?? 5_000;
  const helloTimeout = options.helloTimeoutMs ?? 15_000;

  const listeners = new Set<(event: PanelEvent) => void>();
  const pending = new Map<number, Pending>();
  const followed = new Map<string, Followed>();
  let nextId = 1;
  let port: PanelPort | undefined;
  let isReady = false;
  let ended: Failure | undefined;
  let delay = minDelay;
  let openedAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The host was stopped while nothing was under way: opened again when there is something. */
  let isResting = false;

  let resolveReady: (state: HostState) => void = () => undefined;
  let rejectReady: (error: PanelError) => void = () => undefined;
  const ready = new Promise<HostState>((resolve, reject) => {
    resolveReady = resolve;
    rejectReady = reject;
  });
  ready.catch(() => undefined);

  const emit = (event: PanelEvent) => {
    for (const listener of [...listeners]) listener(event);
  };

  const end = (failure: Failure) => {
    ended = failure;
    clearTimeout(timer);
    const waiting = [...pending.values()];
    pending.clear();
    followed.clear();
    port?.close();
    port = undefined;
    isReady = false;
    rejectReady(new PanelError(failure));
    for (const one of waiting) one.reject(new PanelError(failure));
  };

  const send = (one: Pending) => {
    const { message } = one;
    if (message.name === 'run.attach') follow(message.params.runId, message.params.fromSeq, message.id);
    if (message.name === 'run.start' && !followed.has(message.params.runId)) follow(message.params.runId, 0);
    one.sent = true;
    try {
      port?.send(message);
    } catch {
      // The port is dead and its close is about to be reported; then this is sent again.
    }
  };

  const follow = (runId: string, seq: number, awaiting?: number) => followed.set(runId, { seq, awaiting });

  const ask = (name: RequestName, params: object): Promise<never> =>
    new Promise<never>((resolve, reject) => {
      const message = { id: nextId++, name, params } as PanelMessage;
      const one: Pending = { message, resolve, reject, sent: false };
      pending.set(message.id, one);
      if (isReady || name === 'hello') send(one);
      else rouse();
    });

  const answered = (id: number, deliver: (one: Pending) => void) => {
    const one = pending.get(id);
    if (!one) return;
    pending.delete(id);
    deliver(one);
  };

  const receive = (message: HostMessage) => {
    switch (message.kind) {
      case 'result': {
        answered(message.id, (one) => {
          if (one.message.name === 'run.attach') attached(one.message.params.runId, one.message.id, message.result);
          one.resolve(message.result as never);
        });
        return;
      }
      case 'error':
        answered(message.id, (one) => {
          if (one.message.name === 'run.attach' || one.message.name === 'run.start') {
            followed.delete(one.message.params.runId);
          }
          one.reject(new PanelError(message.failure));
        });
        return;
      case 'run.batch': {
        const batch = unseen(message.batch);
        if (batch) emit({ kind: 'run.batch', batch });
        return;
      }
      case 'run.ended':
        followed.delete(message.runId);
        emit(message);
        return;
      default:
        emit(message);
    }
  };

  const attached = (runId: string, requestId: number, result: unknown) => {
    const run = followed.get(runId);
    if (run?.awaiting !== requestId) return;
    run.awaiting = undefined;
    if ((result as Requests['run.attach']['result']).status === 'ended') followed.delete(runId);
  };

  /** What of a batch has not been passed on yet; undefined where nothing is left of it. */
  const unseen = (batch: RunBatch): RunBatch | undefined => {
    const run = followed.get(batch.runId);
    // Sent before the attach that we wait for was answered: the answer brings it again, from where it was asked for.
    if (!run || run.awaiting !== undefined) return undefined;
    if (batch.restart) {
      run.seq = batch.seq;
      return batch;
    }
    const news = Math.min(batch.seq - run.seq, batch.events.length);
    if (news <= 0) return undefined;
    run.seq = batch.seq;
    return news === batch.events.length ? batch : { ...batch, events: batch.events.slice(-news) };
  };

  /** Attaches a run again after the port was opened again, and says so where it has ended meanwhile. */
  const resume = async (runId: string, seq: number) => {
    try {
      const result: Requests['run.attach']['result'] = await ask('run.attach', { runId, fromSeq: seq });
      if (result.status !== 'ended') return;
      emit({ kind: 'run.ended', runId, conversationId: result.message.conversationId, message: result.message });
    } catch {
      // Unknown to this host: a repeated `run.start` of it is under way, or its conversation was deleted.
    }
  };

  const rouse = () => {
    if (!isResting || ended) return;
    isResting = false;
    open();
  };

  const open = () => {
    let mine: PanelPort;
    try {
      mine = connect();
    } catch {
      retry();
      return;
    }
    port = mine;
    openedAt = Date.now();
    const lost = () => {
      if (port !== mine) return;
      port = undefined;
      clearTimeout(timer);
      const wasReady = isReady;
      isReady = false;
      for (const [id, one] of [...pending]) {
        const { name } = one.message;
        if (!one.sent || (name !== 'hello' && !ONCE.has(name))) continue;
        pending.delete(id);
        one.reject(new PanelError(LOST));
      }
      // A background that dies at once each time is not called again at full speed.
      const diedAtOnce = Date.now() - openedAt <= maxDelay;
      if (!diedAtOnce) delay = minDelay;
      isResting =
        options.onHostStart !== undefined && wasReady && !diedAtOnce && pending.size === 0 && followed.size === 0;
      if (isResting) return;
      if (wasReady) emit({ kind: 'connection', state: 'lost' });
      retry();
    };
    mine.onMessage((message) => {
      if (port === mine) receive(message);
    });
    mine.onClose(lost);
    timer = setTimeout(() => {
      mine.close();
      lost();
    }, helloTimeout);
    ask('hello', { contractVersion: CONTRACT_VERSION }).then(welcome, refused);
  };

  const welcome = (state: HostState) => {
    clearTimeout(timer);
    if (state.contractVersion !== CONTRACT_VERSION) return fail(RELOAD);
    isReady = true;
    resolveReady(state);
    emit({ kind: 'state', state });
    emit({ kind: 'connection', state: 'ready' });
    const starting = new Set<string>();
    for (const one of [...pending.values()]) {
      if (one.message.name === 'run.start') starting.add(one.message.params.runId);
      send(one);
    }
    // A repeated start or attach is followed by itself; what else was running is attached where it was.
    for (const [runId, run] of [...followed]) {
      if (run.awaiting === undefined && !starting.has(runId)) void resume(runId, run.seq);
    }
  };

  const refused = (error: PanelError) => {
    if (error.failure !== LOST && !ended) fail(error.failure);
  };

  const fail = (failure: Failure) => {
    end(failure);
    emit({ kind: 'connection', state: 'failed', failure });
  };

  const retry = () => {
    if (ended) return;
    timer = setTimeout(open, delay);
    delay = Math.min(delay * 2, maxDelay);
  };

  options.onHostStart?.(rouse);
  open();
  return {
    request: (name, params) => (ended ? Promise.reject(new PanelError(ended)) : ask(name, params)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ready,
    close: () => {
      if (!ended) end(CLOSED);
    },
  };
}

const LOST: Failure = {
  kind: 'unavailable',
  retryable: true,
  fallbackable: false,
  message: 'The connection to Patchbay’s background was lost before it answered. Try again.',
  userAction: 'retry',
};

const CLOSED: Failure = {
  kind: 'aborted',
  retryable: false,
  fallbackable: false,
  message: 'This panel was closed.',
  userAction: 'none',
};

const RELOAD: Failure = {
  kind: 'internal',
  retryable: false,
  fallbackable: false,
  message: 'Patchbay was updated while this panel was open. Reload the panel.',
  userAction: 'reload',
};
