import { blobIdsOf, type ConversationRecord, type ConversationStore, type SettingsRecord } from '@patchbay/core';
import type { Requests } from '../contract/messages.ts';
import type { ConversationSummary, ConversationView } from '../contract/views.ts';
import { Refusal } from './failures.ts';
import type { HostDeps } from './ports.ts';
import type { Runs, Snapshot } from './runs.ts';
import { newestLeaf, treeOf } from './tree.ts';

/** Conversations as panels see and change them. */
export interface Conversations {
  list(search?: string): Promise<readonly ConversationSummary[]>;
  create(id: string): Promise<ConversationView>;
  /** Undefined where it does not exist. */
  view(id: string): Promise<ConversationView | undefined>;
  rename(params: Requests['conversation.rename']['params']): Promise<void>;
  configure(params: Requests['conversation.configure']['params']): Promise<void>;
  branch(params: Requests['conversation.branch']['params']): Promise<ConversationView>;
  saveDraft(params: Requests['draft.save']['params']): Promise<void>;
  delete(id: string): Promise<void>;
}

/** A run that ends while its conversation is read makes it be read again; so many in a row do not happen. */
const MOST_READS = 5;
/** Most finds of one search. */
const MOST_HITS = 50;

export const DEFAULT_SETTINGS: SettingsRecord = {
  v: 1,
  id: 'settings',
  parameters: {},
  theme: 'system',
  pinned: [],
  enterSends: true,
};

export function createConversations(
  { conversations: store, blobs, now }: Pick<HostDeps, 'conversations' | 'blobs' | 'now'>,
  runs: Pick<Runs, 'discover' | 'snapshot' | 'busy' | 'drop'>,
): Conversations {
  const summary = (busy: ReadonlySet<string>) => {
    return ({ id, title, updatedAt }: ConversationRecord): ConversationSummary => ({
      id,
      title,
      updatedAt,
      busy: busy.has(id),
    });
  };

  const view = async (id: string): Promise<ConversationView | undefined> => {
    const conversation = await store.conversation(id);
    if (!conversation) return undefined;
    let seen: Snapshot;
    let reads = 0;
    do {
      const stored = await store.messages(id);
      await runs.discover(id);
      seen = runs.snapshot(id, stored);
      reads += 1;
    } while (seen.stale && reads < MOST_READS);
    return { conversation, messages: seen.messages, running: seen.running };
  };

  const change = async (id: string, how: (before: ConversationRecord) => ConversationRecord) => {
    if (!(await store.update(id, how))) throw gone();
  };

  return {
    list: async (search) => {
      const all = await store.conversations();
      const make = summary(await runs.busy());
      if (search === undefined || search.trim() === '') return all.map(make);
      const byId = new Map(all.map((conversation) => [conversation.id, conversation]));
      return (await store.search(search, MOST_HITS)).flatMap(({ conversationId, messageId, excerpt }) => {
        const conversation = byId.get(conversationId);
        return conversation ? [{ ...make(conversation), excerpt, ...(messageId !== undefined && { messageId }) }] : [];
      });
    },

    create: async (id) => {
      const known = await view(id);
      if (known) return known;
      const settings = (await store.settings()) ?? DEFAULT_SETTINGS;
      const choice = settings.choice ?? (await lastChoice(store));
      const conversation: ConversationRecord = {
        v: 1,
        id,
        title: '',
        titled: false,
        createdAt: now(),
        updatedAt: now(),
        headId: null,
        parameters: settings.parameters,
        draft: '',
        ...(choice && { choice }),
        ...(settings.system !== undefined && { system: settings.system }),
      };
      await store.write([{ put: 'conversation', record: conversation }]);
      return { conversation, messages: [], running: [] };
    },

    view,

    // A name taken away lets the next message name it again.
    rename: ({ id, title }) =>
      change(id, (before) => ({ ...before, title: title.trim(), titled: title.trim() !== '' })),

    configure: ({ id, choice, system, parameters, fallbacks }) =>
      change(id, ({ fallbacks: before, ...rest }) => {
        const wanted = fallbacks === undefined ? before : (fallbacks ?? undefined);
        return {
          ...rest,
          ...(choice && { choice }),
          ...(system !== undefined && { system }),
          ...(parameters && { parameters }),
          ...(wanted && { fallbacks: wanted }),
        };
      }),

    branch: async ({ id, headId }) => {
      const tree = treeOf(await store.messages(id));
      if (!tree.byId.has(headId)) throw gone();
      const leaf = newestLeaf(tree, headId);
      await change(id, (before) => ({ ...before, headId: leaf }));
      const shown = await view(id);
      if (!shown) throw gone();
      return shown;
    },

    saveDraft: ({ conversationId, draft }) => change(conversationId, (before) => ({ ...before, draft })),

    delete: async (id) => {
      runs.drop(id);
      const media = blobIdsOf(await store.messages(id).catch(() => []));
      await store.write([{ delete: 'conversation', id }]);
      // What began in between was deleted with it, and nobody else is to be asked.
      runs.drop(id);
      if (media.size > 0) await blobs.delete([...media]);
    },
  };
}

/** The model of the newest conversation that has one: who never set a default goes on with what was used last. */
async function lastChoice(store: ConversationStore): Promise<ConversationRecord['choice']> {
  return (await store.conversations()).find((conversation) => conversation.choice)?.choice;
}

export function gone(): Refusal {
  return new Refusal('internal', 'This conversation or message was deleted.', 'none');
}
