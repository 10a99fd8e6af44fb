import {
  type ConversationRecord,
  type ConversationStore,
  type MessageRecord,
  type RecordKind,
  type RecordKinds,
  readRecord,
  type SearchHit,
  StoreError,
  type StoreHealth,
  searchConversation,
  searchWords,
  type Write,
} from '@patchbay/core';
import { CONVERSATION_INDEX, CONVERSATION_STORES, STATUS_INDEX } from './conversations-schema.ts';
import { type Database, result, storeError } from './database.ts';

const { conversations, messages, runs, settings } = CONVERSATION_STORES;
const STORE = { conversation: conversations, message: messages, run: runs, settings } as const;

/**
 * Conversations, messages, runs and settings in IndexedDB. A conversation opens with one indexed read, however many others
 * there are. A database of newer code can be read as far as its records can; writing throws `newer`.
 */
export function createConversationStore(database: Database): ConversationStore {
  const read = <T>(stores: readonly string[], body: (transaction: IDBTransaction) => Promise<T>): Promise<T> =>
    database.transaction({ stores, mode: 'readonly', newer: 'read' }, body);

  const get = async <K extends keyof typeof STORE>(kind: K, id: string): Promise<RecordKinds[K] | undefined> => {
    const stored = await read([STORE[kind]], (transaction) => result(transaction.objectStore(STORE[kind]).get(id)));
    return stored === undefined ? undefined : readRecord(kind, stored);
  };

  const listConversations = async (): Promise<ConversationRecord[]> => {
    const stored = await read([conversations], (transaction) =>
      result(transaction.objectStore(conversations).getAll()),
    );
    return readable('conversation', stored).sort((a, b) => b.updatedAt - a.updatedAt);
  };

  const messagesOf = async (conversationId: string): Promise<MessageRecord[]> => {
    const stored = await read([messages], (transaction) =>
      result(transaction.objectStore(messages).index(CONVERSATION_INDEX).getAll(conversationId)),
    );
    return stored.map((one) => readRecord('message', one)).sort((a, b) => a.createdAt - b.createdAt);
  };

  /** Reads, changes and writes one record, and gives it back; undefined where there is none. */
  const update = <K extends 'conversation' | 'run'>(
    kind: K,
    id: string,
    change: (before: RecordKinds[K]) => RecordKinds[K],
  ): Promise<RecordKinds[K] | undefined> =>
    database.transaction({ stores: [STORE[kind]], mode: 'readwrite' }, (transaction) =>
      changeOne(transaction, kind, id, change),
    );

  return {
    conversations: listConversations,
    conversation: (id) => get('conversation', id),
    messages: messagesOf,
    message: (id) => get('message', id),
    run: (id) => get('run', id),
    runs: async (status) => {
      const stored = await read([runs], (transaction) =>
        result(transaction.objectStore(runs).index(STATUS_INDEX).getAll(status)),
      );
      return readable('run', stored);
    },
    settings: () => get('settings', 'settings'),
    write: (batch, options) =>
      database.transaction(
        {
          stores: [conversations, messages, runs, settings],
          mode: 'readwrite',
          durability: options?.checkpoint ? 'relaxed' : 'strict',
        },
        async (transaction) => {
          for (const write of batch) await apply(transaction, write);
        },
      ),
    update: (id, change) => update('conversation', id, change),
    updateRun: (id, change) => update('run', id, change),
    search: async (text, limit) => {
      const words = searchWords(text);
      const hits: SearchHit[] = [];
      if (words.length === 0) return hits;
      // A transaction for each conversation: a run that has to save never waits for a whole search.
      for (const conversation of await listConversations()) {
        if (hits.length >= limit) break;
        const hit = await searchConversation(words, conversation, () => messagesOf(conversation.id));
        if (hit) hits.push(hit);
      }
      return hits;
    },
    wipe: () =>
      database.transaction(
        { stores: [conversations, messages, runs, settings], mode: 'readwrite', durability: 'strict' },
        async (transaction) => {
          for (const store of Object.values(STORE)) await result(transaction.objectStore(store).clear());
        },
      ),
    health: () => healthOf(database),
  };
}

/** A kind and its change belong together by the type of `Write`, which TypeScript cannot follow across the union. */
type Change = (before: RecordKinds['conversation' | 'message' | 'run']) => typeof before;

async function apply(transaction: IDBTransaction, write: Write): Promise<void> {
  if ('delete' in write) {
    await result(transaction.objectStore(conversations).delete(write.id));
    for (const store of [messages, runs]) {
      const keys = await result(transaction.objectStore(store).index(CONVERSATION_INDEX).getAllKeys(write.id));
      for (const key of keys) await result(transaction.objectStore(store).delete(key));
    }
  } else if ('update' in write) {
    const after = await changeOne(transaction, write.update, write.id, write.change as Change);
    if (after === undefined) throw new StoreError('missing', `This ${write.update} does not exist any more.`);
  } else if ('insert' in write) {
    const store = transaction.objectStore(runs);
    if ((await result(store.getKey(write.record.id))) !== undefined) {
      throw new StoreError('conflict', 'This request was started already.');
    }
    await result(store.add(write.record));
  } else {
    await result(transaction.objectStore(STORE[write.put]).put(write.record));
  }
}

async function changeOne<K extends keyof typeof STORE>(
  transaction: IDBTransaction,
  kind: K,
  id: string,
  change: (before: RecordKinds[K]) => RecordKinds[K],
): Promise<RecordKinds[K] | undefined> {
  const store = transaction.objectStore(STORE[kind]);
  const stored = await result(store.get(id));
  if (stored === undefined) return undefined;
  const after = change(readRecord(kind, stored));
  await result(store.put(after));
  return after;
}

/** Those that this code can read: one damaged record does not hide the others. */
function readable<K extends RecordKind>(kind: K, stored: readonly unknown[]): RecordKinds[K][] {
  return stored.flatMap((one) => {
    try {
      return [readRecord(kind, one)];
    } catch {
      return [];
    }
  });
}

async function healthOf(database: Database): Promise<StoreHealth> {
  try {
    await database.transaction({ stores: [conversations], mode: 'readonly' }, () => undefined);
    return { state: 'ready' };
  } catch (error) {
    const { code, message } = storeError(error);
    return { state: code === 'newer' || code === 'closed' ? code : 'unreadable', message };
  }
}
