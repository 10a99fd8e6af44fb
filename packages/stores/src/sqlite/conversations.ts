import {
  type ConversationRecord,
  type ConversationStore,
  type MessageRecord,
  type RecordKind,
  type RecordKinds,
  type RunRecord,
  readRecord,
  type SearchHit,
  StoreError,
  type StoreHealth,
  searchConversation,
  searchWords,
  type Write,
} from '@patchbay/core';
import { type Connection, type Database, type Row, sqliteError } from './database.ts';

type Kind = 'conversation' | 'message' | 'run' | 'settings';

/**
 * Conversations, messages, runs and settings in SQLite, shared by all windows. A database of newer code can be read as
 * far as its records can; writing throws `newer`.
 */
export function createConversationStore(database: Database): ConversationStore {
  const get = <K extends Kind>(kind: K, id: string): RecordKinds[K] | undefined =>
    database.read((db) => recordOf(kind, db.get(`SELECT record FROM ${kind} WHERE id = ?`, id)));

  const listConversations = (): ConversationRecord[] =>
    readable(
      'conversation',
      database.read((db) => db.all('SELECT record FROM conversation')),
    ).sort((a, b) => b.updatedAt - a.updatedAt);

  const messagesOf = (conversationId: string): MessageRecord[] =>
    database
      .read((db) => db.all('SELECT record FROM message WHERE conversation = ? ORDER BY created, rowid', conversationId))
      .map((row) => parse('message', row));

  const update = <K extends 'conversation' | 'run'>(
    kind: K,
    id: string,
    change: (before: RecordKinds[K]) => RecordKinds[K],
  ): Promise<RecordKinds[K] | undefined> => database.write((db) => changeOne(db, kind, id, change));

  return {
    conversations: async () => listConversations(),
    conversation: async (id) => get('conversation', id),
    messages: async (conversationId) => messagesOf(conversationId),
    message: async (id) => get('message', id),
    run: async (id) => get('run', id),
    runs: async (status) =>
      readable(
        'run',
        database.read((db) => db.all('SELECT record FROM run WHERE status = ?', status)),
      ),
    settings: async () => get('settings', 'settings'),
    write: async (batch, options) => {
      const durability = options?.checkpoint ? 'checkpoint' : 'full';
      await database.write(
        (db) => {
          for (const write of batch) apply(db, write);
        },
        { durability },
      );
    },
    update: async (id, change) => update('conversation', id, change),
    updateRun: async (id, change) => update('run', id, change),
    search: async (text, limit) => {
      const words = searchWords(text);
      const hits: SearchHit[] = [];
      if (words.length === 0) return hits;
      for (const conversation of listConversations()) {
        if (hits.length >= limit) break;
        // A search of a long history lets running answers through between any two conversations.
        await new Promise<void>((resolve) => setImmediate(resolve));
        const hit = await searchConversation(words, conversation, async () => messagesOf(conversation.id));
        if (hit) hits.push(hit);
      }
      return hits;
    },
    wipe: async () =>
      database.write((db) => {
        for (const table of ['conversation', 'message', 'run', 'settings']) db.run(`DELETE FROM ${table}`);
      }),
    health: async () => healthOf(database),
  };
}

/** A kind and its change belong together by the type of `Write`, which TypeScript cannot follow across the union. */
type Change = (before: RecordKinds['conversation' | 'message' | 'run']) => typeof before;

function apply(db: Connection, write: Write): void {
  if ('delete' in write) {
    db.run('DELETE FROM conversation WHERE id = ?', write.id);
    db.run('DELETE FROM message WHERE conversation = ?', write.id);
    db.run('DELETE FROM run WHERE conversation = ?', write.id);
  } else if ('update' in write) {
    const after = changeOne(db, write.update, write.id, write.change as Change);
    if (after === undefined) throw new StoreError('missing', `This ${write.update} does not exist any more.`);
  } else if ('insert' in write) {
    if (db.get('SELECT 1 FROM run WHERE id = ?', write.record.id)) {
      throw new StoreError('conflict', 'This request was started already.');
    }
    put(db, 'run', write.record);
  } else {
    put(db, write.put, write.record);
  }
}

function changeOne<K extends Kind>(
  db: Connection,
  kind: K,
  id: string,
  change: (before: RecordKinds[K]) => RecordKinds[K],
): RecordKinds[K] | undefined {
  const before = recordOf(kind, db.get(`SELECT record FROM ${kind} WHERE id = ?`, id));
  if (before === undefined) return undefined;
  const after = change(before);
  put(db, kind, after);
  return parse(kind, { record: JSON.stringify(after) });
}

function put(db: Connection, kind: Kind, record: RecordKinds[Kind]): void {
  const json = JSON.stringify(record);
  if (kind === 'message') {
    const { id, conversationId, createdAt } = record as MessageRecord;
    db.run(
      `INSERT INTO message (id, conversation, created, record) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET conversation = excluded.conversation, created = excluded.created, record = excluded.record`,
      id,
      conversationId,
      createdAt,
      json,
    );
  } else if (kind === 'run') {
    const { id, conversationId, status } = record as RunRecord;
    db.run(
      `INSERT INTO run (id, conversation, status, record) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET conversation = excluded.conversation, status = excluded.status, record = excluded.record`,
      id,
      conversationId,
      status,
      json,
    );
  } else {
    db.run(
      `INSERT INTO ${kind} (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record`,
      record.id,
      json,
    );
  }
}

function recordOf<K extends RecordKind>(kind: K, row: Row | undefined): RecordKinds[K] | undefined {
  return row && parse(kind, row);
}

/** @throws StoreError `newer` or `unreadable` */
function parse<K extends RecordKind>(kind: K, row: Row): RecordKinds[K] {
  let stored: unknown;
  try {
    stored = JSON.parse(String(row.record));
  } catch {
    stored = undefined;
  }
  return readRecord(kind, stored);
}

/** Those that this code can read: one damaged record does not hide the others. */
function readable<K extends RecordKind>(kind: K, rows: readonly Row[]): RecordKinds[K][] {
  return rows.flatMap((row) => {
    try {
      return [parse(kind, row)];
    } catch {
      return [];
    }
  });
}

async function healthOf(database: Database): Promise<StoreHealth> {
  try {
    await database.write(() => undefined, { durability: 'checkpoint' });
    return { state: 'ready' };
  } catch (error) {
    const { code, message } = sqliteError(error);
    return { state: code === 'newer' || code === 'closed' ? code : 'unreadable', message };
  }
}
