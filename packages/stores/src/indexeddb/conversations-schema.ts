/** Object stores of conversations and blobs. All keys are the records' ids. */
export const CONVERSATION_STORES = {
  conversations: 'conversations',
  messages: 'messages',
  runs: 'runs',
  settings: 'settings',
  /** What is known of a blob; listing never reads bytes. */
  blobs: 'blobs',
  /** The bytes, as `Uint8Array`. */
  bytes: 'blob-bytes',
} as const;

/** Messages and runs of one conversation. */
export const CONVERSATION_INDEX = 'conversation';
/** Runs by status: what a start has to look at, however many there were. */
export const STATUS_INDEX = 'status';

/** Migration 2. */
export function createConversationStores(db: IDBDatabase): void {
  db.createObjectStore(CONVERSATION_STORES.conversations, { keyPath: 'id' });
  const messages = db.createObjectStore(CONVERSATION_STORES.messages, { keyPath: 'id' });
  messages.createIndex(CONVERSATION_INDEX, 'conversationId');
  const runs = db.createObjectStore(CONVERSATION_STORES.runs, { keyPath: 'id' });
  runs.createIndex(CONVERSATION_INDEX, 'conversationId');
  runs.createIndex(STATUS_INDEX, 'status');
  db.createObjectStore(CONVERSATION_STORES.settings, { keyPath: 'id' });
  db.createObjectStore(CONVERSATION_STORES.blobs, { keyPath: 'id' });
  db.createObjectStore(CONVERSATION_STORES.bytes);
}
