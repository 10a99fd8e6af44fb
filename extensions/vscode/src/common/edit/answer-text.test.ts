import type { MessageRecord, PanelClient, PanelEvent, Part } from '@patchbay/chat/contract';
import { PanelError } from '@patchbay/chat/contract';
import { describe, expect, it } from 'vitest';
import { answerText } from './answer-text.ts';

const start = {
  runId: 'r1',
  conversationId: 'c1',
  parentId: null,
  parts: [{ type: 'text', text: 'Edit it' } as Part],
  choice: { provider: 'openrouter', model: 'm' },
};

const answer = (text: string): MessageRecord => ({
  v: 1,
  id: 'a1',
  conversationId: 'c1',
  parentId: 'u1',
  createdAt: 1,
  role: 'assistant',
  parts: [{ type: 'text', text }],
  status: 'complete',
});

function world(begins: () => Promise<unknown> = async () => null) {
  const listeners = new Set<(event: PanelEvent) => void>();
  const asked: string[] = [];
  const client = {
    request: async (name: string, params: { readonly runId: string }) => {
      asked.push(`${name} ${params.runId}`);
      if (name !== 'run.start') return null;
      await begins();
      return { userMessage: { id: 'u1' } };
    },
    subscribe: (listener: (event: PanelEvent) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as PanelClient;
  const tell = (event: PanelEvent) => {
    for (const listener of [...listeners]) listener(event);
  };
  const batch = (seq: number, texts: readonly string[], { runId = 'r1', restart = false } = {}) =>
    tell({
      kind: 'run.batch',
      batch: {
        runId,
        conversationId: 'c1',
        messageId: 'a1',
        seq,
        events: texts.map((text) => ({ type: 'text', text })),
        ...(restart && { restart: true as const }),
      },
    });
  const end = (message: MessageRecord) => tell({ kind: 'run.ended', runId: 'r1', conversationId: 'c1', message });
  const heard: string[] = [];
  const abort = new AbortController();
  const begun: string[] = [];
  const listener = { onBegun: (id: string) => begun.push(id), onText: (text: string) => heard.push(text) };
  const done = answerText(client, start, listener, abort.signal);
  done.catch(() => undefined);
  return { tell, batch, end, heard, begun, abort, done, asked, listeners };
}

describe('an answer followed for its text', () => {
  it('hands over each piece once, in order, and what only the final message holds', async () => {
    const { batch, end, heard, begun, done, listeners } = world();
    batch(1, ['one ']);
    batch(2, ['not ours'], { runId: 'r2' });
    batch(3, ['two ', 'three ']);
    end(answer('one two three four'));
    expect(await done).toEqual(answer('one two three four'));
    expect(heard).toEqual(['one ', 'two three ', 'four']);
    expect(begun).toEqual(['u1']);
    expect(listeners.size).toBe(0);
  });

  it('hands nothing over twice where the answer is told again', async () => {
    const { batch, end, heard, done } = world();
    batch(2, ['one two ']);
    batch(1, ['one '], { restart: true });
    batch(3, ['two ', 'three']);
    end(answer('one two three'));
    await done;
    expect(heard.join('')).toBe('one two three');
  });

  it('stops the run where it is aborted, and still waits for its end', async () => {
    const { abort, begun, end, done, asked } = world();
    await expect.poll(() => begun).toEqual(['u1']);
    abort.abort();
    end({ ...answer('on'), status: 'interrupted' });
    expect((await done).status).toBe('interrupted');
    expect(asked).toEqual(['run.start r1', 'run.stop r1']);
  });

  it('says why nothing was started, and listens no longer', async () => {
    const failure = { kind: 'cap', retryable: false, fallbackable: false, message: 'The cap.', userAction: 'none' };
    const { done, listeners } = world(() => Promise.reject(new PanelError(failure as never)));
    await expect(done).rejects.toThrow('The cap.');
    expect(listeners.size).toBe(0);
  });

  it('ends where the host is gone for good', async () => {
    const failure = { kind: 'internal', retryable: false, fallbackable: false, message: 'Gone.', userAction: 'reload' };
    const { tell, done } = world();
    tell({ kind: 'connection', state: 'failed', failure: failure as never });
    await expect(done).rejects.toThrow('Gone.');
  });
});
