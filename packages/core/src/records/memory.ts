import type { BlobRecord, ConversationRecord, MessageRecord, RunRecord, SettingsRecord } from './records.ts';
import { searchConversation, searchWords } from './search.ts';
import { type BlobStore, type ConversationStore, type SearchHit, StoreError, type Write } from './store.ts';

interface Tables {
  readonly conversation: Map<string, ConversationRecord>;
  readonly message: Map<string, MessageRecord>;
  readonly run: Map<string, RunRecord>;
  readonly settings: Map<string, SettingsRecord>;
}

/** Conversations that live as long as the process: for tests, and for windows that must leave no trace. */
export function createMemoryConversationStore(): ConversationStore {
  let tables: Tables = { conversation: new Map(), message: new Map(), run: new Map(), settings: new Map() };

  const commit = (batch: readonly Write[]) => {
    // Built beside the present tables and swapped in at the end: a throw on the way leaves nothing behind.
    const next: Tables = {
      conversation: new Map(tables.conversation),
      message: new Map(tables.message),
      run: new Map(tables.run),
      settings: new Map(tables.settings),
    };
    for (const write of batch) apply(next, write);
    tables = next;
  };
  const byAge = (a: MessageRecord, b: MessageRecord) => a.createdAt - b.createdAt;
  const newest = () => [...tables.conversation.values()].sort((a, b) => b.updatedAt - a.updatedAt);
  const messagesOf = (id: string) =>
    [...tables.message.values()].filter((message) => message.conversationId === id).sort(byAge);

  return {
    conversations: async () => structuredClone(newest()),
    conversation: async (id) => structuredClone(tables.conversation.get(id)),
    messages: async (conversationId) => structuredClone(messagesOf(conversationId)),
    message: async (id) => structuredClone(tables.message.get(id)),
    run: async (id) => structuredClone(tables.run.get(id)),
    runs: async (status) => structuredClone([...tables.run.values()].filter((run) => run.status === status)),
    settings: async () => structuredClone(tables.settings.get('settings')),
    write: async (batch) => commit(batch),
    update: async (id, change) => {
      if (!tables.conversation.has(id)) return undefined;
      commit([{ update: 'conversation', id, change }]);
      return structuredClone(tables.conversation.get(id));
    },
    updateRun: async (id, change) => {
      if (!tables.run.has(id)) return undefined;
      commit([{ update: 'run', id, change }]);
      return structuredClone(tables.run.get(id));
    },
    search: async (text, limit) => {
      const words = searchWords(text);
      const hits: SearchHit[] = [];
      for (const conversation of newest()) {
        if (hits.length >= limit) break;
        const hit = await searchConversation(words, conversation, async () => messagesOf(conversation.id));
        if (hit) hits.push(hit);
      }
      return hits;
    },
    wipe: async () => {
      for (const table of Object.values(tables)) table.clear();
    },
    health: async () => ({ state: 'ready' }),
  };
}

function apply(tables: Tables, write: Write): void {
  if ('delete' in write) {
    tables.conversation.delete(write.id);
    for (const table of [tables.message, tables.run]) {
      for (const [id, record] of table) if (record.conversationId === write.id) table.delete(id);
    }
  } else if ('update' in write) {
    const table = tables[write.update] as Map<string, unknown>;
    const before = table.get(write.id);
    if (before === undefined) throw new StoreError('missing', `This ${write.update} does not exist any more.`);
    table.set(write.id, structuredClone(write.change(structuredClone(before) as never)));
  } else if ('insert' in write) {
    if (tables.run.has(write.record.id)) throw new StoreError('conflict', 'This request was started already.');
    tables.run.set(write.record.id, structuredClone(write.record));
  } else {
    const table = tables[write.put] as Map<string, unknown>;
    table.set(write.record.id, structuredClone(write.record));
  }
}

/** Images and files that live as long as the process. */
export function createMemoryBlobStore(): BlobStore {
  const blobs = new Map<string, { readonly record: BlobRecord; readonly bytes: Uint8Array<ArrayBuffer> }>();
  return {
    put: async (record, bytes) => {
      if (blobs.has(record.id)) throw new StoreError('conflict', 'An image or file of this id exists already.');
      blobs.set(record.id, { record: structuredClone(record), bytes: bytes.slice() });
    },
    get: async (id) => structuredClone(blobs.get(id)),
    list: async () => structuredClone([...blobs.values()].map((blob) => blob.record)),
    keep: async (ids) => {
      for (const id of ids) {
        const blob = blobs.get(id);
        if (blob) blobs.set(id, { ...blob, record: { ...blob.record, kept: true } });
      }
    },
    delete: async (ids) => {
      for (const id of ids) blobs.delete(id);
    },
    wipe: async () => blobs.clear(),
  };
}
