import { createMemoryBlobStore, createMemoryConversationStore, type MessageRecord } from '@patchbay/core';
import { expect, it } from 'vitest';
import { createConversations } from './conversations.ts';
import type { Runs } from './runs.ts';

const answer: MessageRecord = {
  v: 1,
  id: 'm1',
  conversationId: 'c1',
  parentId: null,
  createdAt: 1,
  role: 'assistant',
  parts: [],
  status: 'streaming',
};

it('reads a conversation again whose run ended while it was read', async () => {
  const store = createMemoryConversationStore();
  const runs: Pick<Runs, 'discover' | 'snapshot' | 'busy' | 'drop'> = {
    // The run ends between the messages and the look at what runs.
    discover: () => store.write([{ put: 'message', record: { ...answer, status: 'complete' } }]),
    snapshot: (_, messages) => ({
      messages,
      running: [],
      stale: messages.some(({ status }) => status === 'streaming'),
    }),
    busy: async () => new Set(),
    drop: () => undefined,
  };
  const conversations = createConversations(
    { conversations: store, blobs: createMemoryBlobStore(), now: () => 1 },
    runs,
  );
  await conversations.create('c1');
  await store.write([{ put: 'message', record: answer }]);
  expect((await conversations.view('c1'))?.messages).toMatchObject([{ id: 'm1', status: 'complete' }]);
});
