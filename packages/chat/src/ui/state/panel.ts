import { type Failure, type HostState, type PanelClient, PanelError, type PanelEvent } from '../../contract/index.ts';
import type { CompletePlatform } from '../platform.ts';
import { type Attachments, createAttachments } from './attachments.ts';
import { type Blobs, createBlobs } from './blobs.ts';
import { complain, failureOf, type PanelContext, setSheet, toast } from './context.ts';
import { type Conversations, createConversations } from './conversations.ts';
import { createData, type Data } from './data.ts';
import { createDrafts } from './drafts.ts';
import { createLiveAnswers, type LiveAnswers } from './live.ts';
import { createModels, type Models } from './models.ts';
import { createRuns, type Runs } from './runs.ts';
import { initialState, type PanelState, type Sheet } from './state.ts';
import { createStore, type Store } from './store.ts';

/** The panel without its looks: what is shown, and all that can be done. */
export interface Panel {
  readonly store: Store<PanelState>;
  readonly draft: Store<string>;
  readonly live: LiveAnswers;
  readonly platform: CompletePlatform;
  readonly blobs: Blobs;
  readonly conversations: Conversations;
  readonly runs: Runs;
  readonly models: Models;
  readonly attachments: Attachments;
  readonly data: Data;
  openSheet(sheet: Sheet | undefined): void;
  focusComposer(): void;
  /** Says at the foot of the panel that something did not work. */
  complain(text: string): void;
  /** Opens the way to a first key: the product's own form in the panel where it has one, else its key page. */
  addKey(): void;
  /** Opens the product's own place for keys and caps. */
  manageKeys(keyId?: string, reason?: 'add' | 'caps' | 'unlock'): Promise<void>;
  confirmLedger(): Promise<void>;
  setTimeBack(): Promise<void>;
  acknowledgeOverrun(keyId: string): Promise<void>;
  close(): void;
}

export interface PanelOptions {
  readonly client: PanelClient;
  readonly platform: CompletePlatform;
  /** What the user typed before the panel ran. */
  readonly typed: string;
  readonly focusComposer: () => void;
  /** The product brings a form for keys. */
  readonly hasKeyForm: boolean;
}

export function createPanel(options: PanelOptions): Panel {
  const { client, platform, typed } = options;
  const store = createStore(initialState(Date.now()));
  const draft = createStore(typed);
  const live = createLiveAnswers();
  const context: PanelContext = { client, store, live, draft, platform };
  const followed = new Set<string>();
  const blobs = createBlobs(client);
  const models = createModels(context);

  let restored = false;
  /** A conversation that the product wants in view before the panel is ready for it. */
  let wanted: string | undefined;
  const drafts = createDrafts(context, () => conversations.ensureStored());
  const conversations = createConversations(context, {
    followed,
    leave: () => drafts.flush(),
    shown: (saved) => {
      drafts.adopt(saved);
      // What was typed while the panel was still starting goes below what was kept from last time.
      const early = restored ? '' : draft.get();
      draft.set(() => [saved, early].filter(Boolean).join('\n\n'));
    },
  });
  const runs = createRuns(context, { drafts, followed, ensureStored: conversations.ensureStored });
  const attachments = createAttachments(context, blobs);
  const data = createData(context, async () => {
    conversations.create();
    await models.load();
    const { conversations: all } = await client.request('conversation.list', {});
    store.set((state) => ({ ...state, conversations: { ...state.conversations, all } }));
  });

  const begin = async () => {
    await conversations.restore();
    restored = true;
    if (wanted !== undefined) bringUp(wanted);
  };

  let keys = '';
  const stateChanged = (host: HostState) => {
    store.set((state) => ({ ...state, host }));
    const now = JSON.stringify([host.vault.locked, host.keys.map((key) => [key.id, key.label, key.origin])]);
    if (now === keys) return;
    keys = now;
    void models.load();
  };

  const failed = (failure: Failure) =>
    store.set((state) => ({ ...state, connection: 'failed', connectionFailure: failure }));

  const receive = (event: PanelEvent) => {
    switch (event.kind) {
      case 'state':
        stateChanged(event.state);
        return;
      case 'conversations':
        conversations.listed(event.conversations);
        return;
      case 'conversation':
        conversations.adopt(event.view);
        return;
      case 'run.batch':
        if (event.batch.conversationId === store.get().thread.record.id) live.apply(event.batch);
        return;
      case 'run.ended':
        runs.ended(event.message);
        return;
      case 'connection':
        if (event.state === 'failed') failed(event.failure);
        else {
          const again = store.get().connection !== 'connecting';
          store.set((state) => ({ ...state, connection: event.state }));
          if (again && event.state === 'ready') void conversations.refresh();
        }
    }
  };

  const unsubscribe = client.subscribe(receive);
  client.ready.then(
    () => void begin(),
    (error: unknown) => failed(error instanceof PanelError ? error.failure : failureOf(error)),
  );
  const bringUp = (id: string) => {
    wanted = undefined;
    setSheet(context, undefined);
    if (store.get().thread.record.id !== id) void conversations.open(id);
  };
  const endShow = platform.onShow((id) => {
    // What was open last time is still being fetched, and would take its place.
    if (restored) bringUp(id);
    else wanted = id;
  });
  const leaving = () => conversations.flushRemovals();
  addEventListener('pagehide', leaving);

  const quietly = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (error) {
      complain(context, error);
    }
  };

  const manageKeys: Panel['manageKeys'] = (keyId, reason) =>
    quietly(
      client.request('keys.manage', { ...(keyId !== undefined && { keyId }), ...(reason !== undefined && { reason }) }),
    );

  return {
    store,
    draft,
    live,
    platform,
    blobs,
    conversations,
    runs,
    models,
    attachments,
    data,
    openSheet: (sheet) => setSheet(context, sheet),
    focusComposer: options.focusComposer,
    complain: (text) => void toast(context, text),
    addKey: () => {
      if (options.hasKeyForm) setSheet(context, { kind: 'add-key' });
      else void manageKeys(undefined, 'add');
    },
    manageKeys,
    confirmLedger: () => quietly(client.request('ledger.confirm', {})),
    setTimeBack: () => quietly(client.request('ledger.setTimeBack', {})),
    acknowledgeOverrun: (keyId) => quietly(client.request('keys.acknowledgeOverrun', { keyId })),
    close: () => {
      drafts.flush();
      conversations.flushRemovals();
      unsubscribe();
      endShow();
      removeEventListener('pagehide', leaving);
      drafts.close();
      live.clear();
      blobs.close();
      client.close();
    },
  };
}
