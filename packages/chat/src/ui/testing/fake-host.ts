import {
  type ChatEvent,
  CONTRACT_VERSION,
  type ConversationRecord,
  type ConversationView,
  createFold,
  type Failure,
  type HostMessage,
  type HostPort,
  type HostState,
  type MessageRecord,
  type ModelChoice,
  type ModelView,
  type PanelMessage,
  type PanelPort,
  type Part,
  type RequestName,
  type Requests,
} from '../../contract/index.ts';
import { createPortPair } from '../../contract/port-pair.testing.ts';
import { newestLeaf } from '../state/tree.ts';

/** How a model of the fake host answers. */
export interface Script {
  /** Events in the batches in which they are sent. */
  readonly batches: readonly (readonly ChatEvent[])[];
  /** Pause before each batch, ms. */
  readonly everyMs: number;
  /** Pause before the first one, ms. */
  readonly firstMs?: number;
  readonly status?: MessageRecord['status'];
}

export interface FakeHostOptions {
  readonly state?: Partial<HostState>;
  readonly models?: readonly ModelView[];
  readonly conversations?: readonly {
    readonly record: ConversationRecord;
    readonly messages: readonly MessageRecord[];
  }[];
  /** Images and files that are there already, by id. */
  readonly blobs?: ReadonlyMap<string, { readonly mediaType: string; readonly base64: string }>;
  /** Called for each run. */
  readonly answer: (question: {
    readonly text: string;
    readonly choice: ModelChoice;
    readonly parts: readonly Part[];
  }) => Script;
  /** Pause before every answer to a request, ms. */
  readonly latencyMs?: number;
}

/** A host in the page itself: no storage, no network, but the whole contract. For development and for tests. */
export interface FakeHost {
  connect(): PanelPort;
  /** Everything panels asked for, in order. */
  readonly journal: readonly { readonly name: RequestName; readonly params: unknown }[];
  /** Refuses the next request of this name. */
  refuse(name: RequestName, failure: Failure): void;
  setState(change: Partial<HostState>): void;
  /** Ends all runs and closes all ports, as a browser does to a background it stops. */
  kill(): void;
  /** While true, new connections are never answered. */
  hold(on: boolean): void;
  readonly state: () => HostState;
  readonly blobs: ReadonlyMap<string, { readonly mediaType: string; readonly base64: string }>;
}

interface Run {
  readonly message: MessageRecord;
  readonly events: ChatEvent[];
  timer: ReturnType<typeof setTimeout> | undefined;
}

const pick = ({ asked, answeredBy, cost }: MessageRecord) => ({
  ...(asked && { asked }),
  ...(answeredBy && { answeredBy }),
  ...(cost && { cost }),
});

/** What was there before, and the script behind it, in parts of its own. */
function continued({ parts }: MessageRecord, script: Script): Script {
  const told = parts.flatMap((part, index): ChatEvent[] =>
    part.type === 'text' || part.type === 'reasoning' ? [{ type: part.type, part: index, text: part.text }] : [],
  );
  const batches = script.batches.map((batch) =>
    batch.map((event): ChatEvent => ('part' in event ? { ...event, part: event.part + parts.length } : event)),
  );
  // Quickly: what is slow is slow so that it can be stopped, once.
  return { ...script, everyMs: Math.min(script.everyMs, 4), batches: [told, ...batches] };
}

export function createFakeHost(options: FakeHostOptions): FakeHost {
  let state: HostState = {
    contractVersion: CONTRACT_VERSION,
    vault: { mode: 'device', locked: false },
    ledger: { state: 'ready' },
    keys: [],
    settings: { v: 1, id: 'settings', parameters: {}, theme: 'system', pinned: [], enterSends: true },
    ...options.state,
  };
  const conversations = new Map<string, { record: ConversationRecord; messages: MessageRecord[] }>(
    options.conversations?.map(({ record, messages }) => [record.id, { record, messages: [...messages] }]),
  );
  const runs = new Map<string, Run>();
  const ports = new Map<HostPort, () => void>();
  const journal: { name: RequestName; params: unknown }[] = [];
  const refusals = new Map<RequestName, Failure>();
  const blobs = new Map<string, { mediaType: string; base64: string }>(options.blobs);
  let held = false;

  const post = (message: HostMessage) => {
    for (const port of ports.keys()) port.send(message);
  };
  const summaries = () =>
    [...conversations.values()]
      .map(({ record, messages }) => ({
        id: record.id,
        title: record.title,
        updatedAt: record.updatedAt,
        busy: messages.some(({ status }) => status === 'streaming'),
      }))
      .sort((a, b) => b.updatedAt - a.updatedAt);
  const viewOf = (id: string): ConversationView => {
    const found = conversations.get(id);
    if (!found) throw refusal('storage', 'This conversation does not exist any more.');
    return {
      conversation: found.record,
      messages: found.messages,
      running: [...runs]
        .filter(([, run]) => run.message.conversationId === id)
        .map(([runId, run]) => ({ runId, messageId: run.message.id, seq: 0 })),
    };
  };
  const change = (id: string, record: Partial<ConversationRecord>) => {
    const found = conversations.get(id);
    if (found) found.record = { ...found.record, ...record };
  };
  const put = (message: MessageRecord) => {
    const found = conversations.get(message.conversationId);
    if (!found) return;
    const at = found.messages.findIndex(({ id }) => id === message.id);
    if (at < 0) found.messages.push(message);
    else found.messages[at] = message;
  };

  const finish = (runId: string, status: MessageRecord['status'], failure?: Failure) => {
    const run = runs.get(runId);
    if (!run) return;
    clearTimeout(run.timer);
    runs.delete(runId);
    const message = fold(run.message, run.events, status, failure);
    put(message);
    post({ kind: 'run.ended', runId, conversationId: message.conversationId, message });
    post({ kind: 'conversations', conversations: summaries() });
  };

  const play = (runId: string, script: Script) => {
    const run = runs.get(runId);
    if (!run) return;
    let next = 0;
    const step = () => {
      const events = script.batches[next];
      next += 1;
      if (!events) return finish(runId, script.status ?? 'complete');
      run.events.push(...events);
      const { conversationId, id } = run.message;
      post({ kind: 'run.batch', batch: { runId, conversationId, messageId: id, seq: run.events.length, events } });
      run.timer = setTimeout(step, script.everyMs);
    };
    run.timer = setTimeout(step, script.firstMs ?? script.everyMs);
  };

  const start = (params: Requests['run.start']['params']): Requests['run.start']['result'] => {
    const found = conversations.get(params.conversationId);
    if (!found) throw refusal('storage', 'This conversation does not exist any more.');
    const now = Date.now();
    const cut = params.continues && found.messages.find(({ id }) => id === params.parentId);
    const userMessage: MessageRecord = params.parts
      ? {
          v: 1,
          id: crypto.randomUUID(),
          conversationId: params.conversationId,
          parentId: params.parentId,
          createdAt: now,
          role: 'user',
          parts: params.parts,
          status: 'complete',
        }
      : (found.messages.find(({ id }) => id === (cut ? cut.parentId : params.parentId)) as MessageRecord);
    const assistantMessage: MessageRecord = {
      v: 1,
      id: crypto.randomUUID(),
      conversationId: params.conversationId,
      parentId: userMessage.id,
      createdAt: now + 1,
      role: 'assistant',
      parts: [],
      runId: params.runId,
      asked: params.choice,
      status: 'streaming',
      ...(cut && { earlier: [{ messageId: cut.id, ...pick(cut) }] }),
    };
    put(userMessage);
    put(assistantMessage);
    const text = userMessage.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
    change(params.conversationId, {
      headId: assistantMessage.id,
      updatedAt: now,
      ...(!found.record.titled && { title: text.slice(0, 60), titled: true }),
    });
    runs.set(params.runId, { message: assistantMessage, events: [], timer: undefined });
    const script = options.answer({ text, choice: params.choice, parts: userMessage.parts });
    play(params.runId, cut ? continued(cut, script) : script);
    post({ kind: 'conversations', conversations: summaries() });
    return { userMessage, assistantMessage };
  };

  const handlers: { [N in RequestName]?: (params: Requests[N]['params'], port: HostPort) => Requests[N]['result'] } = {
    hello: () => state,
    'conversation.list': ({ search }) => ({
      conversations: search
        ? summaries().filter(({ title }) => title.toLowerCase().includes(search.toLowerCase()))
        : summaries(),
    }),
    'conversation.create': ({ id }) => {
      const now = Date.now();
      const record: ConversationRecord = {
        ...{
          v: 1,
          id,
          title: '',
          titled: false,
          createdAt: now,
          updatedAt: now,
          headId: null,
          parameters: {},
          draft: '',
        },
      };
      conversations.set(id, { record, messages: [] });
      post({ kind: 'conversations', conversations: summaries() });
      return viewOf(id);
    },
    'conversation.open': ({ id }) => viewOf(id),
    'conversation.rename': ({ id, title }) => {
      change(id, { title, titled: true });
      post({ kind: 'conversations', conversations: summaries() });
      return null;
    },
    'conversation.delete': ({ id }) => {
      conversations.delete(id);
      post({ kind: 'conversations', conversations: summaries() });
      return null;
    },
    'conversation.branch': ({ id, headId }) => {
      change(id, { headId: newestLeaf(conversations.get(id)?.messages ?? [], headId) });
      return viewOf(id);
    },
    'conversation.configure': ({ id, fallbacks, ...record }) => {
      change(id, { ...record, ...(fallbacks && { fallbacks }) });
      return null;
    },
    'draft.save': ({ conversationId, draft }) => {
      change(conversationId, { draft });
      return null;
    },
    'run.start': start,
    'run.stop': ({ runId }) => {
      finish(runId, 'interrupted', refusal('aborted', 'You stopped this answer.'));
      return null;
    },
    'run.attach': ({ runId, fromSeq }, port) => {
      const run = runs.get(runId);
      if (run) {
        const { conversationId, id } = run.message;
        const events = run.events.slice(fromSeq);
        const batch = { runId, conversationId, messageId: id, seq: run.events.length, events };
        // Behind the answer to the request, which the client waits for.
        if (events.length > 0) queueMicrotask(() => port.send({ kind: 'run.batch', batch }));
        return { status: 'running', message: run.message };
      }
      for (const { messages } of conversations.values()) {
        const message = messages.find((one) => one.runId === runId);
        if (message) return { status: 'ended', message };
      }
      throw refusal('storage', 'This answer does not exist any more.');
    },
    'models.list': () => ({ models: options.models ?? [], failures: [] }),
    'settings.save': ({ settings }) => {
      setState({ settings });
      return null;
    },
    'blob.begin': ({ id, mediaType }) => {
      blobs.set(id, { mediaType, base64: '' });
      return null;
    },
    'blob.append': ({ id, base64 }) => {
      const blob = blobs.get(id);
      if (blob) blob.base64 += base64;
      return null;
    },
    'blob.read': ({ id, offset, length }) => {
      const blob = blobs.get(id);
      if (!blob) throw refusal('storage', 'This image is gone.');
      const bytes = atob(blob.base64);
      return { mediaType: blob.mediaType, bytes: bytes.length, base64: btoa(bytes.slice(offset, offset + length)) };
    },
    'keys.manage': () => null,
    'keys.acknowledgeOverrun': ({ keyId }) => {
      setState({ keys: state.keys.map((key) => (key.id === keyId ? { ...key, locked: false } : key)) });
      return null;
    },
    'ledger.confirm': () => {
      setState({ ledger: { state: 'ready' } });
      return null;
    },
    'ledger.setTimeBack': () => {
      setState({ ledger: { state: 'ready' } });
      return null;
    },
    'data.export': ({ cursor }) => {
      const all = [...conversations.values()];
      const at = Number(cursor ?? 0);
      const text = `${at === 0 ? '[' : ','}${JSON.stringify(all[at] ?? null)}${at + 1 >= all.length ? ']' : ''}`;
      return at + 1 < all.length ? { text, next: String(at + 1) } : { text };
    },
    'data.deleteAll': ({ keys }) => {
      conversations.clear();
      blobs.clear();
      if (keys) setState({ keys: [] });
      return null;
    },
  };

  const setState = (changed: Partial<HostState>) => {
    state = { ...state, ...changed };
    post({ kind: 'state', state });
  };

  const receive = (port: HostPort, message: PanelMessage) => {
    if (held) return;
    journal.push({ name: message.name, params: message.params });
    const reply = () => {
      const refused = refusals.get(message.name);
      refusals.delete(message.name);
      try {
        if (refused) throw refused;
        const handle = handlers[message.name] as (params: unknown, port: HostPort) => unknown;
        port.send({ kind: 'result', id: message.id, result: handle(message.params, port) });
      } catch (failure) {
        port.send({ kind: 'error', id: message.id, failure: failure as Failure });
      }
    };
    if (options.latencyMs) setTimeout(reply, options.latencyMs);
    else reply();
  };

  return {
    connect: () => {
      const pair = createPortPair();
      ports.set(pair.host, pair.kill);
      pair.host.onMessage((message) => receive(pair.host, message));
      pair.host.onClose(() => ports.delete(pair.host));
      return pair.panel;
    },
    journal,
    refuse: (name, failure) => refusals.set(name, failure),
    setState,
    kill: () => {
      for (const [runId, run] of [...runs]) {
        clearTimeout(run.timer);
        runs.delete(runId);
        put(fold(run.message, run.events, 'interrupted'));
      }
      for (const close of [...ports.values()]) close();
      ports.clear();
    },
    hold: (on) => {
      held = on;
    },
    state: () => state,
    blobs,
  };
}

export const refusal = (kind: Failure['kind'], message: string, more: Partial<Failure> = {}): Failure => ({
  kind,
  retryable: false,
  fallbackable: false,
  message,
  userAction: 'none',
  ...more,
});

/** A run's events as the record that stays. */
function fold(
  message: MessageRecord,
  events: readonly ChatEvent[],
  status: MessageRecord['status'],
  stopped?: Failure,
): MessageRecord {
  const all = createFold();
  all.push(events);
  const { parts, model, usage, finish } = all.answer();
  const started = events.findLast((event) => event.type === 'response-start');
  const cost = events.findLast((event) => event.type === 'cost');
  const failure = stopped ?? finish?.failure;
  return {
    ...message,
    parts,
    status,
    ...(model !== undefined && { answeredBy: { provider: started?.provider ?? message.asked?.provider ?? '', model } }),
    ...(usage && { usage }),
    ...(finish && { finishReason: finish.reason }),
    ...(failure && { failure }),
    ...(cost && {
      cost: { usd: cost.usd, source: cost.source, ...(cost.capLeftUsd && { capLeftUsd: cost.capLeftUsd }) },
    }),
    notices: events.flatMap((event) => (event.type === 'notice' ? [{ code: event.code, message: event.message }] : [])),
    hops: events.flatMap((event) =>
      event.type === 'attempt-failed' ? [{ attempt: event.attempt, failure: event.failure }] : [],
    ),
  };
}
