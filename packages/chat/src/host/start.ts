import type { ChatRequest, ConversationRecord, MessageRecord, RunRecord, Write } from '@patchbay/core';
import { blobIdsOf, StoreError } from '@patchbay/core';
import type { Requests } from '../contract/messages.ts';
import { continuable, writersOf } from './continuation.ts';
import { Refusal } from './failures.ts';
import { requestOf } from './history.ts';
import type { HostDeps, HostTiming } from './ports.ts';
import { titleOf } from './title.ts';
import { pathTo, treeOf } from './tree.ts';

type StartParams = Requests['run.start']['params'];

/** A run as stored, and what is to be asked; without `request` it had begun before. */
export interface Beginning {
  readonly record: RunRecord;
  readonly userMessage: MessageRecord;
  readonly assistantMessage: MessageRecord;
  readonly request?: ChatRequest;
}

export interface BeginPorts {
  /** Throws a Refusal where it would be refused anyway. */
  readonly admit: (choice: StartParams['choice']) => Promise<void>;
  /** Messages with what this host knows better than the store. */
  readonly fresh: (messages: readonly MessageRecord[]) => readonly MessageRecord[];
}

/**
 * Writes the user's message, the empty answer and the run in one batch. Whatever goes wrong before that is thrown, and
 * nothing is written: the panel still has the draft.
 */
export async function beginRun(
  params: StartParams,
  deps: Pick<HostDeps, 'conversations' | 'blobs' | 'now' | 'newId' | 'ownerId'>,
  timing: Pick<HostTiming, 'lease'>,
  ports: BeginPorts,
): Promise<Beginning> {
  const { conversations: store } = deps;
  const before = await begunBefore(params.runId, store);
  if (before) return before;
  const conversation = await store.conversation(params.conversationId);
  if (!conversation) throw new Refusal('internal', 'This conversation was deleted. Start a new one.');
  await ports.admit(params.choice);
  const settings = await store.settings();

  const messages = ports.fresh(await store.messages(conversation.id));
  const tree = treeOf(messages);
  const parent = params.parentId === null ? undefined : tree.byId.get(params.parentId);
  if (params.parentId !== null && !parent) {
    throw new Refusal('internal', 'The message above this one was deleted. Open the conversation again.', 'reload');
  }
  const cut = params.continues ? parent : undefined;
  const said = cut?.role === 'assistant' && cut.status !== 'streaming' ? continuable(cut) : undefined;
  if (params.continues && !said) {
    throw new Refusal('internal', 'There is nothing of this answer to go on from. Try it again instead.');
  }
  const question = cut ? tree.byId.get(cut.parentId ?? '') : parent;
  if (!params.parts && question?.role !== 'user') {
    throw new Refusal('internal', 'Only a message of yours can be answered again.');
  }

  // Times grow along a conversation even where a clock does not: they order it.
  const at = messages.reduce((latest, message) => Math.max(latest, message.createdAt + 1), deps.now());
  const base = { v: 1, conversationId: conversation.id } as const;
  const userMessage: MessageRecord =
    params.parts || !question
      ? {
          ...base,
          id: deps.newId(),
          parentId: params.parentId,
          createdAt: at,
          role: 'user',
          parts: params.parts ?? [],
          status: 'complete',
        }
      : question;
  const assistantMessage: MessageRecord = {
    ...base,
    id: deps.newId(),
    parentId: userMessage.id,
    createdAt: at + 1,
    role: 'assistant',
    parts: said ?? [],
    ...(cut && { earlier: writersOf(cut) }),
    runId: params.runId,
    asked: params.choice,
    status: 'streaming',
  };
  const record: RunRecord = {
    ...base,
    id: params.runId,
    userMessageId: userMessage.id,
    assistantMessageId: assistantMessage.id,
    status: 'running',
    startedAt: deps.now(),
    ownerId: deps.ownerId,
    leaseUntil: deps.now() + timing.lease,
    seq: 0,
  };
  const batch: Write[] = [
    { insert: 'run', record },
    ...(params.parts ? [{ put: 'message' as const, record: userMessage }] : []),
    { put: 'message', record: assistantMessage },
    { update: 'conversation', id: conversation.id, change: (now) => headed(now, params, assistantMessage) },
  ];
  const blobs = blobIdsOf(params.parts ? [userMessage] : []);
  if (blobs.size > 0) await deps.blobs.keep([...blobs]);
  try {
    await store.write(batch);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'conflict') throw error;
    // Another window was faster with the very same run.
    const theirs = await begunBefore(params.runId, store);
    if (theirs) return theirs;
    throw error;
  }
  const path = [...pathTo(tree, userMessage.parentId), userMessage, ...(cut && said ? [{ ...cut, parts: said }] : [])];
  return {
    record,
    userMessage,
    assistantMessage,
    request: requestOf(conversation, path, params.choice, params.parameters, settings),
  };
}

async function begunBefore(runId: string, store: HostDeps['conversations']): Promise<Beginning | undefined> {
  const record = await store.run(runId);
  if (!record) return undefined;
  const [userMessage, assistantMessage] = [
    await store.message(record.userMessageId),
    await store.message(record.assistantMessageId),
  ];
  if (!userMessage || !assistantMessage) throw new Refusal('internal', 'This answer was deleted.');
  return { record, userMessage, assistantMessage };
}

function headed(conversation: ConversationRecord, params: StartParams, head: MessageRecord): ConversationRecord {
  const title = conversation.titled || !params.parts ? undefined : titleOf(params.parts);
  return {
    ...conversation,
    headId: head.id,
    updatedAt: Math.max(conversation.updatedAt, head.createdAt),
    choice: conversation.choice ?? params.choice,
    ...(params.parts && { draft: '' }),
    ...(title !== undefined && { title, titled: true }),
  };
}
