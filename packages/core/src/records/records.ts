import type { Attempt, CostSource, FinishReason, NoticeCode } from '../chat/event.ts';
import type { Failure } from '../chat/failure.ts';
import type { Part } from '../chat/part.ts';
import type { ChatParameters, ModelChoice } from '../chat/request.ts';
import type { Usage } from '../chat/usage.ts';

/** Version of every record below; a change of shape is a numbered migration in `migrations.ts` with a frozen fixture. */
export const RECORDS_VERSION = 1;

export interface ConversationRecord {
  readonly v: 1;
  readonly id: string;
  readonly title: string;
  /** False until the user (or the first message) named it. */
  readonly titled: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Leaf of the branch that is shown; null in an empty conversation. */
  readonly headId: string | null;
  /** Sticky default for the next message. */
  readonly choice?: ModelChoice;
  readonly system?: string;
  readonly parameters: ChatParameters;
  /** Models to ask when the chosen one fails before its answer begins; absent: those of the settings. */
  readonly fallbacks?: readonly ModelChoice[];
  /** What the user has typed and not sent. */
  readonly draft: string;
}

/** What one answer cost, kept with the message for ever. */
export interface CostRecord {
  readonly usd: string;
  readonly source: CostSource;
  readonly capLeftUsd?: string;
}

export interface NoticeRecord {
  readonly code: NoticeCode;
  readonly message: string;
}

/** Who wrote the beginning of an answer that was cut and then continued, and what that cost. */
export interface EarlierRecord {
  /** The answer that was cut; it stays in the tree, beside its continuation. */
  readonly messageId: string;
  readonly runId?: string;
  readonly asked?: ModelChoice;
  readonly fallback?: ModelChoice;
  readonly answeredBy?: MessageRecord['answeredBy'];
  readonly usage?: Usage;
  readonly cost?: CostRecord;
}

/** An attempt that failed before anything of its answer was seen. */
export interface HopRecord {
  readonly attempt: Attempt;
  readonly failure: Failure;
  /** What it cost all the same; absent where nothing was billed, and in records from before this was kept. */
  readonly cost?: CostRecord;
  /** Whose settlement `cost` is: a later correction names it. */
  readonly reservationId?: string;
}

/** A message in the tree: every message has a parent, siblings are branches. */
export interface MessageRecord {
  readonly v: 1;
  readonly id: string;
  readonly conversationId: string;
  readonly parentId: string | null;
  readonly createdAt: number;
  readonly role: 'user' | 'assistant' | 'tool';
  readonly parts: readonly Part[];
  /** Assistant: the run that wrote it. */
  readonly runId?: string;
  /** Assistant: the model asked. */
  readonly asked?: ModelChoice;
  /** Assistant: the model or way that was taken instead of the one asked. */
  readonly fallback?: ModelChoice;
  /** Assistant: the model that the provider says answered, where it said so. */
  readonly answeredBy?: { readonly provider: string; readonly model: string };
  /** Assistant: whose words `parts` begins with, oldest first; everything else here tells of the last one alone. */
  readonly earlier?: readonly EarlierRecord[];
  readonly status: 'complete' | 'streaming' | 'interrupted' | 'failed';
  readonly finishReason?: FinishReason;
  readonly failure?: Failure;
  readonly usage?: Usage;
  /** Assistant: the sum of all attempts, failed ones too. */
  readonly cost?: CostRecord;
  readonly notices?: readonly NoticeRecord[];
  readonly hops?: readonly HopRecord[];
}

export type RunStatus = 'running' | 'done' | 'failed' | 'interrupted' | 'stopped';

/** One request's life, so that it can be resumed for display, stopped from elsewhere, and found dead. */
export interface RunRecord {
  readonly v: 1;
  readonly id: string;
  readonly conversationId: string;
  readonly userMessageId: string;
  readonly assistantMessageId: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Who runs it; only a run whose lease has expired is an orphan. */
  readonly ownerId: string;
  readonly leaseUntil: number;
  /** Last event sequence number that the checkpointed message contains. */
  readonly seq: number;
  /** Somebody else asked the owner to stop it. */
  readonly stopRequested?: boolean;
  readonly reservationId?: string;
  readonly responseId?: string;
}

export interface BlobRecord {
  readonly v: 1;
  readonly id: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly createdAt: number;
  /** A message refers to it; absent on what was uploaded and has not been sent. */
  readonly kept?: boolean;
}

/** Settings that are no secret and no money. */
export interface SettingsRecord {
  readonly v: 1;
  readonly id: 'settings';
  readonly choice?: ModelChoice;
  readonly system?: string;
  readonly parameters: ChatParameters;
  readonly theme: 'system' | 'light' | 'dark';
  /** `provider/model` ids the user pinned in the picker. */
  readonly pinned: readonly string[];
  readonly enterSends: boolean;
  /** Models to ask, in this order, when the chosen one fails before its answer begins. */
  readonly fallbacks?: readonly ModelChoice[];
  /** A fallback may cost more than the model that was chosen. Default no. */
  readonly allowDearer?: boolean;
  /** Each model may also be asked over the user's other keys that reach it. Default no. */
  readonly otherRoutes?: boolean;
  /** The user's own price for models whose price nobody publishes, by `provider/model`; USD per million tokens. */
  readonly worstCase?: { readonly [providerAndModel: string]: { readonly input: string; readonly output: string } };
}
