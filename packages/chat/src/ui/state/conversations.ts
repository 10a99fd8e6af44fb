import type { ConversationSummary, ConversationView, MessageRecord } from '../../contract/index.ts';
import { strings } from '../strings.ts';
import { announce, complain, failureOf, type PanelContext, setThread, TOAST_MS, toast } from './context.ts';
import { EMPTY_COMPOSER, emptyRecord } from './state.ts';
import { branch, newestLeaf } from './tree.ts';

/** What the list of conversations and the conversation in view can do. */
export interface Conversations {
  /** Opens the one that was open last, else the newest, else a new one. */
  restore(): Promise<void>;
  /** @param messageId is brought into view, and its branch with it */
  open(id: string, messageId?: string): Promise<void>;
  /** The message that was asked for is in view. */
  revealed(): void;
  /** Reads the conversation in view again, after the connection was lost. */
  refresh(): Promise<void>;
  create(): void;
  /** Makes the host know the conversation in view. */
  ensureStored(): Promise<void>;
  rename(id: string, title: string): Promise<void>;
  /** Hides it, and deletes it when nobody has undone that in time. */
  remove(id: string): void;
  search(query: string): Promise<void>;
  /** Takes over the host's list, and from it the name of the conversation in view. */
  listed(all: readonly ConversationSummary[]): void;
  /** Takes over what the host says about the conversation in view. */
  adopt(view: ConversationView): void;
  /** Shows another version of a message: the newest leaf below it. */
  showVersion(messageId: string): Promise<void>;
  /** Deletes at once what waits for an undo: the panel is going away. */
  flushRemovals(): void;
}

const LAST = 'conversation';

/**
 * @param followed runs that this panel already follows in the conversation in view
 * @param leave called before another conversation comes into view
 * @param shown called with the draft of the conversation that came into view
 */
export function createConversations(
  context: PanelContext,
  hooks: { readonly followed: Set<string>; readonly leave: () => void; readonly shown: (draft: string) => void },
): Conversations {
  const { client, store, live, platform } = context;
  const removals = new Map<string, ReturnType<typeof setTimeout>>();
  let creating: Promise<unknown> | undefined;
  let latestSearch = 0;
  /** Counts what the user wanted in view, one after the other: what was wanted before the last comes too late. */
  let latestNavigation = 0;

  const follow = (view: ConversationView) => {
    for (const { runId } of view.running) {
      if (hooks.followed.has(runId)) continue;
      hooks.followed.add(runId);
      // It is told from its first event, so what was folded of it before is not needed.
      live.end(runId);
      client.request('run.attach', { runId, fromSeq: 0 }).then(
        ({ status, message }) => {
          if (status === 'ended') settle(message);
        },
        () => hooks.followed.delete(runId),
      );
    }
  };

  const settle = (message: MessageRecord) => {
    setThread(context, (thread) =>
      thread.record.id === message.conversationId
        ? { ...thread, messages: thread.messages.map((one) => (one.id === message.id ? message : one)) }
        : thread,
    );
    if (message.runId !== undefined) live.end(message.runId);
  };

  const show = (view: ConversationView) => {
    store.set((state) => ({
      ...state,
      thread: { record: view.conversation, messages: view.messages, stored: true, loading: false },
      composer: EMPTY_COMPOSER,
      sheet: state.sheet?.kind === 'conversations' ? undefined : state.sheet,
    }));
    platform.memory.set(LAST, view.conversation.id);
    hooks.shown(view.conversation.draft);
    follow(view);
  };

  const showNew = () => {
    latestNavigation += 1;
    store.set((state) => ({
      ...state,
      thread: { record: emptyRecord(crypto.randomUUID(), Date.now()), messages: [], stored: false, loading: false },
      composer: EMPTY_COMPOSER,
      sheet: state.sheet?.kind === 'conversations' ? undefined : state.sheet,
    }));
    hooks.shown('');
  };

  const showVersion = async (messageId: string) => {
    const { thread } = store.get();
    const headId = newestLeaf(thread.messages, messageId) ?? messageId;
    setThread(context, (now) => ({ ...now, record: { ...now.record, headId } }));
    try {
      const view = await client.request('conversation.branch', { id: thread.record.id, headId });
      setThread(context, (now) =>
        now.record.id === view.conversation.id
          ? { ...now, record: { ...now.record, headId: view.conversation.headId }, messages: view.messages }
          : now,
      );
      follow(view);
    } catch (error) {
      complain(context, error);
    }
  };

  const reveal = async (messageId: string) => {
    const { thread } = store.get();
    if (!branch(thread.messages, thread.record.headId).some(({ message }) => message.id === messageId)) {
      await showVersion(messageId);
    }
    setThread(context, (now) => ({ ...now, reveal: messageId }));
  };

  const open = async (id: string, messageId?: string) => {
    latestNavigation += 1;
    const mine = latestNavigation;
    hooks.leave();
    hooks.followed.clear();
    store.set((state) => ({ ...state, thread: { ...state.thread, loading: true, failure: undefined } }));
    try {
      const view = await client.request('conversation.open', { id });
      if (mine !== latestNavigation) return;
      show(view);
      if (messageId !== undefined) await reveal(messageId);
    } catch (error) {
      if (mine !== latestNavigation) return;
      // What was in view stays there; at the start there is nothing yet but the failure itself.
      const failure = store.get().thread.stored ? undefined : failureOf(error);
      setThread(context, (thread) => ({ ...thread, loading: false, failure }));
      if (!failure) complain(context, error);
    }
  };

  const erase = (id: string) => {
    removals.delete(id);
    const unhide = () =>
      store.set((state) => {
        const removed = new Set(state.conversations.removed);
        removed.delete(id);
        return { ...state, conversations: { ...state.conversations, removed } };
      });
    client.request('conversation.delete', { id }).then(
      () => {
        store.set((state) => ({
          ...state,
          conversations: { ...state.conversations, all: state.conversations.all?.filter((one) => one.id !== id) },
        }));
        unhide();
      },
      (error: unknown) => {
        unhide();
        complain(context, error);
      },
    );
  };

  return {
    restore: async () => {
      latestNavigation += 1;
      const mine = latestNavigation;
      setThread(context, (thread) => ({ ...thread, loading: true, failure: undefined }));
      try {
        const { conversations } = await client.request('conversation.list', {});
        store.set((state) => ({ ...state, conversations: { ...state.conversations, all: conversations } }));
        if (mine !== latestNavigation) return;
        const last = platform.memory.get(LAST);
        const target = conversations.find(({ id }) => id === last) ?? conversations[0];
        if (target) await open(target.id);
        else setThread(context, (thread) => ({ ...thread, loading: false }));
      } catch (error) {
        if (mine !== latestNavigation) return;
        setThread(context, (thread) => ({ ...thread, loading: false, failure: failureOf(error) }));
      }
    },
    open,
    refresh: async () => {
      const { thread } = store.get();
      if (!thread.stored) return;
      try {
        const view = await client.request('conversation.open', { id: thread.record.id });
        if (store.get().thread.record.id === view.conversation.id) {
          setThread(context, (now) => ({ ...now, record: view.conversation, messages: view.messages }));
          follow(view);
        }
      } catch {
        // What is shown stays; opening it again says what is wrong.
      }
    },
    create: () => {
      hooks.leave();
      hooks.followed.clear();
      showNew();
    },
    ensureStored: async () => {
      const { thread } = store.get();
      if (thread.stored) return;
      creating ??= (async () => {
        const { id, choice, system, parameters, fallbacks } = thread.record;
        const view = await client.request('conversation.create', { id });
        const local = store.get().thread.record;
        if (choice || system || fallbacks || Object.keys(parameters).length > 0)
          await client.request('conversation.configure', {
            id,
            ...(local.choice && { choice: local.choice }),
            ...(local.system !== undefined && { system: local.system }),
            parameters: local.parameters,
            ...(local.fallbacks && { fallbacks: local.fallbacks }),
          });
        platform.memory.set(LAST, id);
        setThread(context, (now) =>
          now.record.id === id
            ? { ...now, stored: true, record: { ...view.conversation, ...pickLocal(now.record) } }
            : now,
        );
      })().finally(() => {
        creating = undefined;
      });
      await creating;
    },
    rename: async (id, title) => {
      const name = title.trim();
      if (name === '') return;
      const { all } = store.get().conversations;
      store.set((state) => ({
        ...state,
        conversations: {
          ...state.conversations,
          all: all?.map((one) => (one.id === id ? { ...one, title: name } : one)),
        },
        thread:
          state.thread.record.id === id
            ? { ...state.thread, record: { ...state.thread.record, title: name, titled: true } }
            : state.thread,
      }));
      try {
        await client.request('conversation.rename', { id, title: name });
      } catch (error) {
        store.set((state) => ({ ...state, conversations: { ...state.conversations, all } }));
        complain(context, error);
      }
    },
    remove: (id) => {
      const { thread, conversations } = store.get();
      const title = conversations.all?.find((one) => one.id === id)?.title || strings.conversations.untitled;
      store.set((state) => ({
        ...state,
        conversations: { ...state.conversations, removed: new Set(state.conversations.removed).add(id) },
      }));
      if (thread.record.id === id) {
        const rest = conversations.all?.filter((one) => one.id !== id && !conversations.removed.has(one.id)) ?? [];
        hooks.leave();
        hooks.followed.clear();
        if (rest[0]) void open(rest[0].id);
        else showNew();
      }
      const close = toast(context, strings.conversations.deleted(title), {
        label: strings.conversations.undo,
        run: () => {
          clearTimeout(removals.get(id));
          removals.delete(id);
          close();
          store.set((state) => {
            const removed = new Set(state.conversations.removed);
            removed.delete(id);
            return { ...state, conversations: { ...state.conversations, removed } };
          });
          if (thread.record.id === id) void open(id);
        },
      });
      removals.set(
        id,
        setTimeout(() => erase(id), TOAST_MS),
      );
    },
    search: async (query) => {
      latestSearch += 1;
      const mine = latestSearch;
      store.set((state) => ({ ...state, conversations: { ...state.conversations, query } }));
      if (query.trim() === '') {
        store.set((state) => ({ ...state, conversations: { ...state.conversations, found: undefined } }));
        return;
      }
      try {
        const { conversations } = await client.request('conversation.list', { search: query });
        if (mine !== latestSearch) return;
        store.set((state) => ({ ...state, conversations: { ...state.conversations, found: conversations } }));
        announce(context, strings.conversations.found(conversations.length));
      } catch (error) {
        if (mine === latestSearch) complain(context, error);
      }
    },
    listed: (all) => {
      store.set((state) => ({ ...state, conversations: { ...state.conversations, all } }));
      setThread(context, (thread) => {
        const title = all.find(({ id }) => id === thread.record.id)?.title;
        return title === undefined || title === thread.record.title
          ? thread
          : { ...thread, record: { ...thread.record, title } };
      });
    },
    adopt: (view) => {
      setThread(context, (thread) =>
        thread.record.id === view.conversation.id
          ? { ...thread, record: view.conversation, messages: view.messages, stored: true }
          : thread,
      );
      if (store.get().thread.record.id === view.conversation.id) follow(view);
    },
    showVersion,
    revealed: () => setThread(context, (thread) => ({ ...thread, reveal: undefined })),
    flushRemovals: () => {
      for (const [id, timer] of [...removals]) {
        clearTimeout(timer);
        erase(id);
      }
    },
  };
}

/** What the user set before the host knew the conversation. */
const pickLocal = ({ choice, system, parameters, fallbacks, draft }: ConversationView['conversation']) => ({
  ...(choice && { choice }),
  ...(system !== undefined && { system }),
  parameters,
  ...(fallbacks && { fallbacks }),
  draft,
});
