import {
  type ChatParameters,
  type MessageRecord,
  type ModelChoice,
  modelName,
  type Part,
} from '../../contract/index.ts';
import { strings } from '../strings.ts';
import { choiceProblem, effectiveChoice } from './choices.ts';
import { announce, complain, failureOf, type PanelContext, setComposer, setSheet, setThread } from './context.ts';
import { type Drafts, unsent } from './drafts.ts';
import type { PanelState } from './state.ts';
import { branch, textOf, upsert } from './tree.ts';

/** What can be done about answers. */
export interface Runs {
  /**
   * Sends what stands in the composer; while an answer is being written, right after it.
   * @param parameters for this one message
   */
  send(parameters?: ChatParameters): Promise<void>;
  /** Sends a text that was not typed, such as a question to the guide; what stands in the composer stays there. */
  ask(text: string, choice: ModelChoice): Promise<void>;
  /** Answers a question again, as another version beside the answer `assistantId`. */
  retry(
    assistantId: string,
    change?: { readonly choice?: ModelChoice; readonly parameters?: ChatParameters },
  ): Promise<void>;
  /**
   * Goes on where an answer was cut, as another version beside it.
   * @param choice with this model instead of the one that was asked
   */
  continue(assistantId: string, choice?: ModelChoice): Promise<void>;
  /** Puts a question into the composer, to be sent as another version of it. */
  beginEdit(userId: string): void;
  cancelEdit(): void;
  cancelQueue(): void;
  dismissProblem(): void;
  stop(): Promise<void>;
  /** An answer is final. */
  ended(message: MessageRecord): void;
}

/** The answer being written at the end of the branch in view. */
export function runningAnswer(state: PanelState): MessageRecord | undefined {
  const last = branch(state.thread.messages, state.thread.record.headId).at(-1)?.message;
  return last?.status === 'streaming' ? last : undefined;
}

/** Who answers the next message. */
export const nextChoice = (state: PanelState): ModelChoice | undefined =>
  effectiveChoice({
    override: state.composer.override,
    conversation: state.thread.record.choice,
    settings: state.host?.settings.choice,
    models: state.models.list,
  });

export function createRuns(
  context: PanelContext,
  parts: { readonly drafts: Drafts; readonly ensureStored: () => Promise<void>; readonly followed: Set<string> },
): Runs {
  const { client, store, draft, live } = context;

  /** @throws PanelError where the host refused */
  const start = async (run: {
    readonly parentId: string | null;
    readonly parts?: readonly Part[];
    readonly continues?: true;
    readonly choice: ModelChoice;
    readonly parameters?: ChatParameters | undefined;
  }) => {
    // The user may go on to another conversation before this one is stored.
    const conversationId = store.get().thread.record.id;
    await parts.ensureStored();
    const runId = crypto.randomUUID();
    parts.followed.add(runId);
    announce(context, strings.status.waiting(modelName(store.get().models.list, run.choice)));
    try {
      const { parameters, ...rest } = run;
      const result = await client.request('run.start', {
        runId,
        conversationId,
        ...rest,
        ...(parameters && { parameters }),
      });
      setThread(context, (thread) => {
        if (thread.record.id !== conversationId) return thread;
        // A short answer may have ended before its start was acknowledged.
        const known = thread.messages.find(({ id }) => id === result.assistantMessage.id);
        const final = known && known.status !== 'streaming' ? known : result.assistantMessage;
        return {
          ...thread,
          record: { ...thread.record, headId: final.id },
          messages: upsert(thread.messages, [result.userMessage, final]),
        };
      });
    } catch (error) {
      parts.followed.delete(runId);
      live.end(runId);
      announce(context, failureOf(error).message);
      throw error;
    }
  };

  /** From now on: whether another conversation came into view, with a composer of its own. */
  const left = () => {
    const { id } = store.get().thread.record;
    return () => store.get().thread.record.id !== id;
  };

  const attempt = async (work: () => Promise<void>) => {
    if (store.get().composer.sending) return false;
    const isLeft = left();
    setComposer(context, { sending: true, problem: undefined });
    try {
      await work();
      return true;
    } catch (error) {
      // What was asked is kept with its conversation, which is not the one in view any more.
      if (isLeft()) complain(context, error);
      else setComposer(context, { problem: { failure: failureOf(error), at: Date.now() } });
      return false;
    } finally {
      if (!isLeft()) setComposer(context, { sending: false });
    }
  };

  const parentOf = (assistantId: string): MessageRecord | undefined => {
    const { messages } = store.get().thread;
    const answer = messages.find(({ id }) => id === assistantId);
    return messages.find(({ id }) => id === answer?.parentId);
  };

  /** A conversation that was left while its message was on its way was left with that as its draft. */
  const clearKeptDraft = async (conversationId: string, kept: string, stash: string) => {
    try {
      const { conversation } = await client.request('conversation.open', { id: conversationId });
      if (conversation.draft === kept) await client.request('draft.save', { conversationId, draft: stash });
    } catch {
      // Then what was sent stands there once more, as after a crash.
    }
  };

  const send = async (parameters?: ChatParameters) => {
    const state = store.get();
    const text = draft.get();
    const { attachments, editing, sending } = state.composer;
    const kept = editing ? keptParts(state, editing.messageId) : [];
    const attached = attachments.filter((one) => one.state === 'ready').map((one) => one.part);
    if (sending || state.thread.loading) return;
    if (text.trim() === '' && attached.length === 0 && kept.length === 0) return;
    if (attachments.some((one) => one.state === 'uploading')) return;
    if (runningAnswer(state) && !editing) {
      setComposer(context, { queued: true });
      announce(context, strings.composer.queued);
      return;
    }
    const choice = nextChoice(state);
    const problem = choiceProblem(choice, state.host);
    if (choice === undefined || problem === 'key-missing') {
      setSheet(context, { kind: 'picker' });
      return;
    }
    if (problem === 'vault-locked' || problem === 'ledger' || problem === 'key-locked') {
      announce(context, `${strings.composer.notSent}: ${strings.composer.blocked[problem]}`);
      return;
    }
    const messageParts: readonly Part[] = [...kept, ...attached, ...(text.trim() === '' ? [] : [textPart(text)])];
    const head = branch(state.thread.messages, state.thread.record.headId).at(-1)?.message.id ?? null;
    const isLeft = left();
    const keptOnLeaving = unsent(context);
    const sent = await attempt(() =>
      start({ parentId: editing ? editing.parentId : head, parts: messageParts, choice, parameters }),
    );
    if (!sent) return;
    // The acknowledgement is what the draft waited for. What was typed meanwhile stays.
    const stash = editing?.stash ?? '';
    if (isLeft()) {
      await clearKeptDraft(state.thread.record.id, keptOnLeaving, stash);
      return;
    }
    setComposer(context, { attachments: [], override: undefined, editing: undefined, queued: false });
    if (draft.get() === text) {
      draft.set(() => stash);
      parts.drafts.flush();
    }
  };

  return {
    send,
    ask: async (text, choice) => {
      const { thread } = store.get();
      const head = branch(thread.messages, thread.record.headId).at(-1)?.message.id ?? null;
      await attempt(() => start({ parentId: head, parts: [textPart(text)], choice }));
    },
    retry: async (assistantId, change) => {
      const question = parentOf(assistantId);
      const answer = store.get().thread.messages.find(({ id }) => id === assistantId);
      const choice = change?.choice ?? answer?.asked ?? nextChoice(store.get());
      if (!question || !choice) return;
      await attempt(() => start({ parentId: question.id, choice, parameters: change?.parameters }));
    },
    continue: async (assistantId, other) => {
      const answer = store.get().thread.messages.find(({ id }) => id === assistantId);
      const choice = other ?? answer?.asked ?? nextChoice(store.get());
      if (!answer || !choice) return;
      await attempt(() => start({ parentId: assistantId, continues: true, choice }));
    },
    beginEdit: (userId) => {
      const message = store.get().thread.messages.find(({ id }) => id === userId);
      if (!message) return;
      const before = store.get().composer.editing;
      setComposer(context, {
        editing: { messageId: userId, parentId: message.parentId, stash: before?.stash ?? draft.get() },
        queued: false,
        problem: undefined,
      });
      draft.set(() => textOf(message));
    },
    cancelEdit: () => {
      const { editing } = store.get().composer;
      if (!editing) return;
      setComposer(context, { editing: undefined });
      draft.set(() => editing.stash);
    },
    cancelQueue: () => setComposer(context, { queued: false }),
    dismissProblem: () => setComposer(context, { problem: undefined }),
    stop: async () => {
      const running = runningAnswer(store.get());
      if (running?.runId === undefined) return;
      setComposer(context, { queued: false });
      try {
        await client.request('run.stop', { runId: running.runId });
      } catch (error) {
        complain(context, error);
      }
    },
    ended: (message) => {
      if (message.runId !== undefined) parts.followed.delete(message.runId);
      const { thread, models } = store.get();
      if (thread.record.id === message.conversationId) {
        setThread(context, (now) => ({ ...now, messages: upsert(now.messages, [message]) }));
        announce(context, endOf(message, modelName(models.list, message.asked ?? { provider: '', model: '' })));
      }
      if (message.runId !== undefined) live.end(message.runId);
      if (store.get().composer.queued && !runningAnswer(store.get())) {
        setComposer(context, { queued: false });
        void send();
      }
    },
  };
}

const textPart = (text: string): Part => ({ type: 'text', text });

/** Images and files of a question that is asked anew. */
export function keptParts(state: PanelState, messageId: string): readonly Part[] {
  const message = state.thread.messages.find(({ id }) => id === messageId);
  return message?.parts.filter((part) => part.type !== 'text') ?? [];
}

function endOf(message: MessageRecord, name: string): string {
  if (message.failure && message.failure.kind !== 'aborted') return message.failure.message;
  if (message.status === 'complete') return strings.status.complete(name);
  return message.failure?.kind === 'aborted' ? strings.status.stopped : strings.status.interrupted;
}
