import {
  type BlobStore,
  type Catalog,
  type ChatEvent,
  type ChatRequest,
  type ConversationStore,
  createMemoryBlobStore,
  createMemoryConversationStore,
  createMemoryLedger,
  type Ledger,
  type Model,
  type NewKey,
  type Vault,
} from '@patchbay/core';
import { createMemoryVault } from '../../../core/src/keys/memory-vault.ts';
import { createPanelClient, type PanelClient, type PanelEvent } from '../contract/client.ts';
import { LIMITS } from '../contract/limits.ts';
import { createPortPair, type PortPair } from '../contract/port-pair.testing.ts';
import { createHost, type Host } from './host.ts';
import type { ChatGateway, HostDeps, HostTiming } from './ports.ts';

/** One request as the scripted gateway got it; the test plays the provider. */
export interface ScriptedCall {
  readonly request: ChatRequest;
  readonly options: Parameters<ChatGateway['chat']>[1];
  /** One network read. */
  emit(...events: readonly ChatEvent[]): void;
  /** Ends it: cost, finish, end. */
  finish(reason?: 'stop' | 'length'): void;
  /** The last network read. */
  end(...events: readonly ChatEvent[]): void;
  /** Breaks the gateway's promise. */
  crash(error: Error): void;
}

export interface ScriptedGateway extends ChatGateway {
  readonly calls: ScriptedCall[];
  /** Resolves with the call of this number (from 0) once it was made. */
  call(index: number): Promise<ScriptedCall>;
}

/** Keeps a gateway's promises (one finish, a cost before it, an abort ends at once) and leaves the rest to the test. */
export function createScriptedGateway(): ScriptedGateway {
  const calls: ScriptedCall[] = [];
  return {
    calls,
    call: async (index) => {
      await until(() => calls.length > index);
      return calls[index] as ScriptedCall;
    },
    chat: (request, options) => {
      const queue: (readonly ChatEvent[] | Error | 'end')[] = [];
      let wake: (() => void) | undefined;
      const put = (item: (typeof queue)[number]) => {
        queue.push(item);
        wake?.();
      };
      options.signal.addEventListener('abort', () => {
        put([
          { type: 'cost', usd: '0.01', source: 'bound' },
          { type: 'finish', reason: 'interrupted', failure: ABORTED },
        ]);
        put('end');
      });
      calls.push({
        request,
        options,
        emit: (...events) => put(events),
        finish: (reason = 'stop') => {
          put([
            { type: 'cost', usd: '0.002', source: 'provider' },
            { type: 'finish', reason },
          ]);
          put('end');
        },
        end: (...events) => {
          put(events);
          put('end');
        },
        crash: put,
      });
      return (async function* () {
        for (;;) {
          const next = queue.shift();
          if (next === 'end') return;
          if (next instanceof Error) throw next;
          if (next) yield next;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      })();
    },
  };
}

const ABORTED = {
  kind: 'aborted',
  retryable: false,
  fallbackable: false,
  message: 'You stopped it.',
  userAction: 'none',
} as const;

/** What survives a host: its stores, its vault, its ledger. */
export interface World {
  readonly conversations: ConversationStore;
  readonly blobs: BlobStore;
  readonly vault: Vault;
  readonly ledger: Ledger;
}

export function createWorld(more: Partial<World> = {}): World {
  const ledger = more.ledger ?? createMemoryLedger();
  return {
    conversations: createMemoryConversationStore(),
    blobs: createMemoryBlobStore(),
    vault: createMemoryVault({ raisePolicy: ledger.raisePolicy, now: Date.now, newId: () => crypto.randomUUID() }),
    ...more,
    ledger,
  };
}

export const SECRET = 'sk-or-v1-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';

export const newKey: NewKey = { label: 'Mine', provider: 'openrouter', baseUrl: '', secret: SECRET };

/** Everything fast, so that a test waits for what happens and not for a clock. */
const FAST: HostTiming = { flush: 2, checkpoint: 5, lease: 1_000, heartbeat: 10, retrySave: 10 };

export interface TestHost {
  readonly host: Host;
  readonly gateway: ScriptedGateway;
  readonly deps: HostDeps;
  /** Opens a panel; `kill` on its pairs is what a browser does to a background. */
  panel(): TestPanel;
}

export interface TestPanel {
  readonly client: PanelClient;
  readonly events: PanelEvent[];
  /** The connections so far. */
  readonly pairs: PortPair[];
  /** The joined text of the batches of one run, in the order they came. */
  text(runId: string): string;
  ended(runId: string): Promise<Extract<PanelEvent, { kind: 'run.ended' }>>;
}

let hosts = 0;
const open: Host[] = [];

/** Call after each test. */
export function closeHosts(): void {
  for (const host of open.splice(0)) host.close();
}

export function startHost(world: World, more: Partial<HostDeps> = {}): TestHost {
  const gateway = createScriptedGateway();
  const { timing, ...others } = more;
  const deps: HostDeps = {
    gateway,
    ...world,
    catalog: { list: async () => [] },
    openKeys: () => undefined,
    ownerId: `host-${++hosts}`,
    now: Date.now,
    newId: () => crypto.randomUUID(),
    timing: { ...FAST, ...timing },
    ...others,
  };
  const host = createHost(deps);
  open.push(host);
  return { host, gateway, deps, panel: () => openPanel(() => host) };
}

/** @param current the host that answers the next connection */
export function openPanel(current: () => Host): TestPanel {
  const pairs: PortPair[] = [];
  const events: PanelEvent[] = [];
  const client = createPanelClient(
    () => {
      const pair = createPortPair();
      pairs.push(pair);
      current().connect(pair.host);
      return pair.panel;
    },
    { minDelayMs: 1, maxDelayMs: 10 },
  );
  client.subscribe((event) => events.push(event));
  return {
    client,
    events,
    pairs,
    text: (runId) =>
      events
        .flatMap((event) => (event.kind === 'run.batch' && event.batch.runId === runId ? event.batch.events : []))
        .map((event) => (event.type === 'text' ? event.text : ''))
        .join(''),
    ended: async (runId) => {
      const find = () => events.find((event) => event.kind === 'run.ended' && event.runId === runId);
      await until(() => find() !== undefined);
      return find() as Extract<PanelEvent, { kind: 'run.ended' }>;
    },
  };
}

export const GUIDE = { provider: 'guide', model: 'guide' };

/** Sends a text in a conversation that is made where there is none. */
export async function send(
  panel: TestPanel,
  runId: string,
  text: string,
  conversationId = 'c1',
  parentId: string | null = null,
) {
  await panel.client.request('conversation.create', { id: conversationId });
  return panel.client.request('run.start', {
    runId,
    conversationId,
    parentId,
    parts: [{ type: 'text', text }],
    choice: GUIDE,
  });
}

/** Bytes in slices, as a panel sends a file. */
export async function upload(panel: TestPanel, id: string, bytes: Uint8Array): Promise<void> {
  await panel.client.request('blob.begin', { id, mediaType: 'image/png', bytes: bytes.length });
  for (let at = 0; at < bytes.length; at += LIMITS.sliceBytes) {
    const slice = bytes.subarray(at, at + LIMITS.sliceBytes);
    const last = at + LIMITS.sliceBytes >= bytes.length;
    await panel.client.request('blob.append', { id, base64: Buffer.from(slice).toString('base64'), last });
  }
}

/** The same, back. */
export async function download(panel: TestPanel, id: string): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for (let offset = 0; ; ) {
    const { base64, bytes } = await panel.client.request('blob.read', { id, offset, length: LIMITS.sliceBytes });
    const piece = Buffer.from(base64, 'base64');
    pieces.push(piece);
    offset += piece.length;
    if (offset >= bytes) return Buffer.concat(pieces);
  }
}

const image = (blobId: string) =>
  ({ type: 'image', mediaType: 'image/png', source: { kind: 'blob', blobId } }) as const;

export async function sendImage(panel: TestPanel, runId: string, blobId: string, conversationId = 'c1') {
  await panel.client.request('conversation.create', { id: conversationId });
  return panel.client.request('run.start', {
    runId,
    conversationId,
    parentId: null,
    parts: [image(blobId)],
    choice: GUIDE,
  });
}

export const text = (part: number, words: string): ChatEvent => ({ type: 'text', part, text: words });

/** A catalogue of fixed lists. */
export function catalogOf(lists: { readonly [provider: string]: readonly Model[] }): Pick<Catalog, 'list'> {
  return { list: async (provider) => lists[provider] ?? [] };
}

/** Waits until something is so; what never is fails the test by its own time limit, with a name. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 1));
}
