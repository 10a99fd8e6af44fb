import type { Failure, Part } from '@patchbay/core';
import type {
  ChatParameters,
  ConversationSummary,
  ConversationView,
  HostState,
  MessageRecord,
  ModelChoice,
  ModelView,
  RunBatch,
  SettingsRecord,
} from './views.ts';

/** What a panel may ask of its host, and what the answer is. No message carries a secret in either direction. */
export interface Requests {
  /** First message on a port. */
  hello: { params: { contractVersion: number }; result: HostState };
  'conversation.list': { params: { search?: string }; result: { conversations: readonly ConversationSummary[] } };
  'conversation.create': { params: { id: string }; result: ConversationView };
  'conversation.open': { params: { id: string }; result: ConversationView };
  'conversation.rename': { params: { id: string; title: string }; result: null };
  'conversation.delete': { params: { id: string }; result: null };
  /** Shows another branch: `headId` is any message; the host walks down to that branch's newest leaf. */
  'conversation.branch': { params: { id: string; headId: string }; result: ConversationView };
  'conversation.configure': {
    params: {
      id: string;
      choice?: ModelChoice;
      system?: string;
      parameters?: ChatParameters;
      /** Null: those of the settings again. */
      fallbacks?: readonly ModelChoice[] | null;
    };
    result: null;
  };
  'draft.save': { params: { conversationId: string; draft: string }; result: null };
  /**
   * Starts an answer. With `parts` a user message is appended under `parentId`; without, `parentId` is the user message
   * to answer again (retry: a sibling branch); with `continues`, the answer that was cut: its continuation is a sibling of
   * it that begins with its words. Sent twice with one `runId`, it starts once. Whoever started a run follows it from its
   * first event.
   */
  'run.start': {
    params: {
      runId: string;
      conversationId: string;
      parentId: string | null;
      parts?: readonly Part[];
      continues?: true;
      choice: ModelChoice;
      /** For this one message only; the conversation's own stay as they are. */
      parameters?: ChatParameters;
    };
    result: { userMessage: MessageRecord; assistantMessage: MessageRecord };
  };
  'run.stop': { params: { runId: string }; result: null };
  /**
   * Sends every event after `fromSeq` as `run.batch`, then follows. An ended run answers with its message alone. While it
   * runs, `message` says who answers and since when; its content is what the events fold to.
   */
  'run.attach': {
    params: { runId: string; fromSeq: number };
    result: { status: 'running' | 'ended'; message: MessageRecord };
  };
  'models.list': {
    params: { refresh?: boolean };
    result: { models: readonly ModelView[]; failures: readonly Failure[] };
  };
  'settings.save': { params: { settings: SettingsRecord }; result: null };
  /** Media: base64 in slices, so that no message is larger than a port likes. */
  'blob.begin': { params: { id: string; mediaType: string; bytes: number }; result: null };
  'blob.append': { params: { id: string; base64: string; last: boolean }; result: null };
  'blob.read': {
    params: { id: string; offset: number; length: number };
    result: { mediaType: string; bytes: number; base64: string };
  };
  /** Opens the product's own place for keys and caps (options page, input box). */
  'keys.manage': { params: { keyId?: string; reason?: 'add' | 'caps' | 'unlock' }; result: null };
  'keys.acknowledgeOverrun': { params: { keyId: string }; result: null };
  'ledger.confirm': { params: Record<string, never>; result: null };
  /** The user says that the clock is right: the ledger's time, which is far ahead, becomes the clock's. */
  'ledger.setTimeBack': { params: Record<string, never>; result: null };
  /** Text of one slice of the export; `next` is absent in the last one. Holds everything but secrets. */
  'data.export': { params: { cursor?: string }; result: { text: string; next?: string } };
  'data.deleteAll': { params: { keys: boolean }; result: null };
}

export type RequestName = keyof Requests;

/** Panel to host. */
export type PanelMessage = {
  [N in RequestName]: { readonly id: number; readonly name: N; readonly params: Requests[N]['params'] };
}[RequestName];

/** Host to panel. */
export type HostMessage =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'run.batch'; readonly batch: RunBatch }
  /** The run is over and its message is final. */
  | {
      readonly kind: 'run.ended';
      readonly runId: string;
      readonly conversationId: string;
      readonly message: MessageRecord;
    }
  /** Keys, caps, vault, settings or ledger changed. */
  | { readonly kind: 'state'; readonly state: HostState }
  | { readonly kind: 'conversations'; readonly conversations: readonly ConversationSummary[] }
  /** Another panel changed this conversation. */
  | { readonly kind: 'conversation'; readonly view: ConversationView };

/** One end of a connection; what a product has to provide. */
export interface Port<In, Out> {
  send(message: Out): void;
  onMessage(listener: (message: In) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

export type PanelPort = Port<HostMessage, PanelMessage>;
export type HostPort = Port<PanelMessage, HostMessage>;
