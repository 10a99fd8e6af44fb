import type { BlobRecord, ConversationRecord, MessageRecord, RunRecord, SettingsRecord } from './records.ts';

/** Thrown by stores; `code` says what the user can do. */
export class StoreError extends Error {
  /**
   * `full`: no space left. `unreadable`: damaged. `newer`: written by newer code. `closed`: the engine went away (an upgrade
   * in another window). `conflict`: a record of this id exists. `missing`: the record to change is gone.
   */
  readonly code: 'full' | 'unreadable' | 'newer' | 'closed' | 'conflict' | 'missing';
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
  /**
   * Reads, lets `change` decide, writes, inside the batch: no other writer in between. Fails the whole batch with `missing`
   * if the record is gone, so that nothing is written for a conversation that was deleted meanwhile; a throw of `change`
   * undoes the batch and comes back as it is.
   */
  | {
      readonly update: 'conversation';
      readonly id: string;
      readonly change: (before: ConversationRecord) => ConversationRecord;
    }
  | { readonly update: 'message'; readonly id: string; readonly change: (before: MessageRecord) => MessageRecord }
  | { readonly update: 'run'; readonly id: string; readonly change: (before: RunRecord) => RunRecord }
  | { readonly delete: 'conversation'; readonly id: string };

/** Can conversations be read and saved? Anything but `ready`: reading may work, saving does not. */
export type StoreHealth =
  | { readonly state: 'ready' }
  | { readonly state: 'unreadable' | 'newer' | 'closed'; readonly message: string };

export interface SearchHit {
  readonly conversationId: string;
  /** Absent where the title was found. */
  readonly messageId?: string;
  /** The words with some text around them, on one line. */
  readonly excerpt: string;
}

/**
 * Conversations, messages, runs and settings. One instance may be shared by several hosts on one engine. What it returns
 * belongs to the caller. All methods throw `StoreError`. A conversation or run that cannot be read is left out of lists, so
 * that it does not hide the others; asked for by its id, it throws.
 */
export interface ConversationStore {
  /** Newest change first. */
  conversations(): Promise<readonly ConversationRecord[]>;
  conversation(id: string): Promise<ConversationRecord | undefined>;
  /** Oldest first. */
  messages(conversationId: string): Promise<readonly MessageRecord[]>;
  message(id: string): Promise<MessageRecord | undefined>;
  run(id: string): Promise<RunRecord | undefined>;
  runs(status: RunRecord['status']): Promise<readonly RunRecord[]>;
  settings(): Promise<SettingsRecord | undefined>;
  /**
   * All or nothing, durable when it resolves. Deleting a conversation deletes its messages and runs.
   * @param options.checkpoint may be lost at a power cut (never at the end of a process), and is cheaper for it
   */
  write(batch: readonly Write[], options?: { readonly checkpoint?: boolean }): Promise<void>;
  /** Reads a conversation, lets `change` decide, writes: no other writer in between. */
  update(
    id: string,
    change: (before: ConversationRecord) => ConversationRecord,
  ): Promise<ConversationRecord | undefined>;
  /** The same for a run: how another window asks for a stop, and how the owner checkpoints without losing that. */
  updateRun(id: string, change: (before: RunRecord) => RunRecord): Promise<RunRecord | undefined>;
  /** Conversations whose title or one of whose messages holds all the words, in any order and case; newest change first. */
  search(words: string, limit: number): Promise<readonly SearchHit[]>;
  wipe(): Promise<void>;
  /** Never throws. */
  health(): Promise<StoreHealth>;
}

/** Bytes of images and files, by id. A blob never changes. */
export interface BlobStore {
  /** Throws `conflict` if the id is taken. */
  put(record: BlobRecord, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  get(id: string): Promise<{ readonly record: BlobRecord; readonly bytes: Uint8Array<ArrayBuffer> } | undefined>;
  list(): Promise<readonly BlobRecord[]>;
  /** A message refers to them now (`kept`): they go with their conversation, not with the sweep of abandoned uploads. */
  keep(ids: readonly string[]): Promise<void>;
  delete(ids: readonly string[]): Promise<void>;
  wipe(): Promise<void>;
}
