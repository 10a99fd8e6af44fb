import type {
  ChatEvent,
  ChatParameters,
  ConversationRecord,
  MessageRecord,
  Modality,
  ModelChoice,
  SettingsRecord,
  VaultMode,
} from '@patchbay/core';

/** Raised by every change that an older panel or host could not read. */
export const CONTRACT_VERSION = 1;

export interface ConversationSummary {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: number;
  /** A run of it is going on. */
  readonly busy: boolean;
  /** In the answer to a search: the message that was found (absent: the title), and the words around the find. */
  readonly messageId?: string;
  readonly excerpt?: string;
}

/** A conversation as the panel shows it: the whole tree, and the leaf in view. Media by blob id only. */
export interface ConversationView {
  readonly conversation: ConversationRecord;
  readonly messages: readonly MessageRecord[];
  /** Runs still going, with the sequence number the messages above contain. */
  readonly running: readonly { readonly runId: string; readonly messageId: string; readonly seq: number }[];
}

export interface CapView {
  readonly limitUsd: string;
  readonly window: 'day' | 'week' | 'month' | 'total';
  readonly spentUsd: string;
  readonly reservedUsd: string;
  readonly leftUsd: string;
  readonly resetsAt?: number;
}

/** A key as everybody but the vault may see it. */
export interface KeyView {
  readonly id: string;
  readonly label: string;
  readonly provider: string;
  readonly providerName: string;
  readonly origin: string;
  readonly lastFour: string;
  readonly caps: readonly CapView[];
  readonly todayUsd: string;
  readonly monthUsd: string;
  readonly totalUsd: string;
  /** An overrun waits for the user's consent. */
  readonly locked: boolean;
  /** The ledger could not be read: the amounts are not known, whatever they say. */
  readonly unknown?: true;
}

export interface ModelView {
  readonly choice: ModelChoice;
  readonly name: string;
  readonly providerName: string;
  readonly keyLabel: string;
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  /** USD per million tokens, decimal strings; absent means unknown. */
  readonly inputPerMillion?: string;
  readonly outputPerMillion?: string;
  /** USD that every request costs beside its tokens, where it does. */
  readonly perRequest?: string;
  readonly free?: boolean;
  readonly input?: readonly Modality[];
  readonly reasoning?: boolean;
  readonly tools?: boolean;
  readonly expires?: string;
  /** Shown beside the name, such as "not an AI model". */
  readonly note?: string;
}

export interface HostState {
  readonly contractVersion: number;
  readonly vault: { readonly mode: VaultMode; readonly locked: boolean; readonly autoLockMinutes?: number };
  /** Something that keeps money from being spent until the user acts. */
  readonly ledger: {
    readonly state: 'ready' | 'missing' | 'unreadable' | 'newer';
    readonly message?: string;
    /** Its time is far ahead of the clock, so that no cap begins anew. */
    readonly ahead?: {
      readonly message: string;
      /** Since when, and what the clock says now. */
      readonly details: string;
      /** What setting it back does. Absent where it cannot be: the clock itself is certainly wrong. */
      readonly remedy?: string;
    };
  };
  readonly keys: readonly KeyView[];
  readonly settings: SettingsRecord;
  /** Absent while conversations can be read and saved. */
  readonly storage?: { readonly state: 'full' | 'unreadable' | 'newer' | 'closed'; readonly message: string };
}

/** Batches of a run: `seq` is the number of the last event in `events`; the first event of a run has number 1. */
export interface RunBatch {
  readonly runId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly seq: number;
  readonly events: readonly ChatEvent[];
  /** The events restate the answer from its beginning: what was folded of it before is to be forgotten. */
  readonly restart?: true;
}

export type { ChatEvent, ChatParameters, ConversationRecord, MessageRecord, ModelChoice, SettingsRecord };
