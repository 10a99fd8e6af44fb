import { describe, it } from 'vitest';
import { createMemoryBlobStore, createMemoryConversationStore } from './memory.ts';
import { blobCases, conversationCases } from './records.testing.ts';

describe('createMemoryConversationStore', () => {
  it.each(conversationCases)('$name', ({ run }) =>
    run(async () => {
      const store = createMemoryConversationStore();
      return { store, second: store };
    }),
  );
});

describe('createMemoryBlobStore', () => {
  it.each(blobCases)('$name', ({ run }) => run(async () => ({ store: createMemoryBlobStore() })));
});
