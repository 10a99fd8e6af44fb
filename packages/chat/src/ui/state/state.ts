import type {
  ConversationRecord,
  ConversationSummary,
  Failure,
  HostState,
  MessageRecord,
  ModelChoice,
  ModelView,
  Part,
} from '../../contract/index.ts';

/** The conversation in view. */
export interface Thread {
  readonly record: ConversationRecord;
  readonly messages: readonly MessageRecord[];
  /** The host knows it; a new one is created there when there is something to keep. */
  readonly stored: boolean;
  readonly loading: boolean;
  readonly failure?: Failure | undefined;
  /** A message to scroll to, found by a search. */
  readonly reveal?: string | undefined;
}

/** An image or a file on its way into the next message. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly state: 'uploading' | 'ready' | 'failed';
  /** What will be sent; its blob is whole once `state` is `ready`. */
  readonly part: Extract<Part, { type: 'image' | 'file' }>;
}

/** A failure that belongs to no message: nothing was started. */
export interface Problem {
  readonly failure: Failure;
  readonly at: number;
}

export interface ComposerState {
  /** For the next message only. */
  readonly override?: ModelChoice | undefined;
  readonly attachments: readonly Attachment[];
  /** The user message whose new version is being written, and the draft that was set aside for it. */
  readonly editing?:
    | { readonly messageId: string; readonly parentId: string | null; readonly stash: string }
    | undefined;
  readonly sending: boolean;
  /** To be sent when the answer being written is done. */
  readonly queued: boolean;
  readonly problem?: Problem | undefined;
}

export type Sheet =
  | { readonly kind: 'conversations' }
  /** Picks for the next message, to answer a question again, or to continue an answer. */
  | { readonly kind: 'picker'; readonly retry?: string; readonly continues?: string }
  | { readonly kind: 'settings' }
  | { readonly kind: 'caps' }
  /** Sets the ledger's time back. */
  | { readonly kind: 'set-back' }
  | { readonly kind: 'data' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'add-key' }
  /** The user's own price for a model that has none; then the message is tried again. */
  | { readonly kind: 'price'; readonly choice: ModelChoice; readonly retry?: string };

export interface Toast {
  readonly id: string;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

export interface PanelState {
  readonly connection: 'connecting' | 'ready' | 'lost' | 'failed';
  readonly connectionFailure?: Failure | undefined;
  readonly host?: HostState | undefined;
  readonly models: {
    readonly list: readonly ModelView[];
    readonly failures: readonly Failure[];
    readonly loading: boolean;
  };
  readonly conversations: {
    /** Absent until the host has answered once. */
    readonly all?: readonly ConversationSummary[] | undefined;
    readonly query: string;
    /** Absent without a query, and until its answer is there. */
    readonly found?: readonly ConversationSummary[] | undefined;
    /** Deleted, but not yet beyond undoing. */
    readonly removed: ReadonlySet<string>;
  };
  readonly thread: Thread;
  readonly composer: ComposerState;
  readonly sheet?: Sheet | undefined;
  readonly toasts: readonly Toast[];
  /** What a screen reader is told. */
  readonly status: string;
}

export function emptyRecord(id: string, now: number): ConversationRecord {
  return {
    v: 1,
    id,
    title: '',
    titled: false,
    createdAt: now,
    updatedAt: now,
    headId: null,
    parameters: {},
    draft: '',
  };
}

export const EMPTY_COMPOSER: ComposerState = { attachments: [], sending: false, queued: false };

export function initialState(now: number): PanelState {
  return {
    connection: 'connecting',
    models: { list: [], failures: [], loading: true },
    conversations: { query: '', removed: new Set() },
    thread: { record: emptyRecord(crypto.randomUUID(), now), messages: [], stored: false, loading: true },
    composer: EMPTY_COMPOSER,
    toasts: [],
    status: '',
  };
}
