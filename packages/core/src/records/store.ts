import type { BlobRecord, ConversationRecord, MessageRecord, RunRecord, SettingsRecord } from './records.ts';

/** Thrown by stores; `code` says what the user can do. */
export class StoreError extends Error {
  readonly code: 'full' | 'unreadable' | 'newer' | 'closed' | 'conflict';
  constructor(code: StoreError['code'], message: string) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}

export type Write =
  | { readonly put: 'conversation'; readonly record: ConversationRecord }
  | { readonly put: 'message'; readonly record: MessageRecord }
  | { readonly put: 'run'; readonly record: RunRecord }
  | { readonly put: 'settings'; readonly record: SettingsRecord }
  /** Fails the whole batch with `conflict` if a run of this id exists: `run.start` is idempotent. */
  | { readonly insert: 'run'; readonly record: RunRecord }
  | { readonly delete: 'conversation'; readonly id: string };

/** Conversations, messages, runs and settings. One instance may be shared by several hosts on one engine. */
export interface ConversationStore {
  conversations(): Promise<readonly ConversationRecord[]>;
  conversation(id: string): Promise<ConversationRecord | undefined>;
  messages(conversationId: string): Promise<readonly MessageRecord[]>;
  message(id: string): Promise<MessageRecord | undefined>;
  run(id: string): Promise<RunRecord | undefined>;
  runs(status: RunRecord['status']): Promise<readonly RunRecord[]>;
  settings(): Promise<SettingsRecord | undefined>;
  /** All or nothing, durable when it resolves. Deleting a conversation deletes its messages and runs. */
  write(batch: readonly Write[]): Promise<void>;
  /** Reads a conversation, lets `change` decide, writes: no other writer in between. */
  update(
    id: string,
    change: (before: ConversationRecord) => ConversationRecord,
  ): Promise<ConversationRecord | undefined>;
  /** The same for a run: how another window asks for a stop, and how the owner checkpoints without losing that. */
  updateRun(id: string, change: (before: RunRecord) => RunRecord): Promise<RunRecord | undefined>;
  /** Conversation ids whose title or messages hold the words, newest first. */
  search(
    words: string,
    limit: number,
  ): Promise<readonly { readonly conversationId: string; readonly messageId?: string; readonly excerpt: string }[]>;
  wipe(): Promise<void>;
}

export interface BlobStore {
  put(record: BlobRecord, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  get(id: string): Promise<{ readonly record: BlobRecord; readonly bytes: Uint8Array<ArrayBuffer> } | undefined>;
  list(): Promise<readonly BlobRecord[]>;
  delete(ids: readonly string[]): Promise<void>;
  wipe(): Promise<void>;
}
