import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConversationView, type PanelClient, PanelError } from '../../contract/index.ts';
import { completePlatform } from '../platform.ts';
import { refusal } from '../testing/fake-host.ts';
import type { PanelContext } from './context.ts';
import { createConversations } from './conversations.ts';
import { createLiveAnswers } from './live.ts';
import { createRuns } from './runs.ts';
import { emptyRecord, initialState } from './state.ts';
import { createStore } from './store.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { addEventListener: () => undefined, removeEventListener: () => undefined });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const GPT = { provider: 'openai', model: 'gpt-5-mini' };
const view = (id: string, draft = ''): ConversationView => ({
  conversation: { ...emptyRecord(id, 0), title: id, choice: GPT, draft },
  messages: [],
  running: [],
});

/** A panel whose host answers when the test says so. */
function makePanel() {
  const asked: { name: string; params: Readonly<Record<string, unknown>>; answer: PromiseWithResolvers<unknown> }[] =
    [];
  const client: Pick<PanelClient, 'request'> = {
    request: (async (name: string, params: Readonly<Record<string, unknown>>) => {
      const answer = Promise.withResolvers<unknown>();
      asked.push({ name, params, answer });
      return answer.promise;
    }) as PanelClient['request'],
  };
  const context: PanelContext = {
    client: client as PanelClient,
    store: createStore(initialState(0)),
    live: createLiveAnswers(),
    draft: createStore(''),
    platform: completePlatform({ memory: { get: () => 'a', set: () => undefined } }),
  };
  const followed = new Set<string>();
  const conversations = createConversations(context, {
    followed,
    leave: () => undefined,
    shown: (draft) => context.draft.set(() => draft),
  });
  const drafts = { flush: () => undefined, adopt: () => undefined, close: () => undefined };
  const runs = createRuns(context, { drafts, followed, ensureStored: conversations.ensureStored });
  const flushed = () => vi.advanceTimersByTimeAsync(0);
  return {
    ...context,
    conversations,
    runs,
    asked: (name: string) => asked.filter((one) => one.name === name),
    /** Answers the first request of that name which has no answer yet; `id` where there are several. */
    answer: async (name: string, result: unknown, id?: string) => {
      const at = asked.findIndex((one) => one.name === name && (id === undefined || one.params.id === id));
      const [found] = asked.splice(at, 1);
      if (at < 0 || !found) throw new Error(`nobody asked for ${name}`);
      if (result instanceof Error) found.answer.reject(result);
      else found.answer.resolve(result);
      await flushed();
    },
    shown: () => context.store.get().thread.record.id,
    flushed,
  };
}

describe('the conversation in view', () => {
  it('is the one that was wanted last, in whichever order the host answers', async () => {
    const panel = makePanel();
    void panel.conversations.open('a');
    void panel.conversations.open('b');
    await panel.answer('conversation.open', view('b'), 'b');
    await panel.answer('conversation.open', view('a'), 'a');
    expect(panel.shown()).toBe('b');
    expect(panel.store.get().thread.loading).toBe(false);
  });

  it('is a new one where that was wanted while the last one was still being fetched', async () => {
    const panel = makePanel();
    void panel.conversations.restore();
    await panel.answer('conversation.list', { conversations: [{ id: 'a', title: 'a' }] });
    panel.conversations.create();
    const created = panel.shown();
    await panel.answer('conversation.open', view('a'));
    expect(panel.shown()).toBe(created);
  });

  it('is a new one where that was wanted before it was known which one was open last', async () => {
    const panel = makePanel();
    void panel.conversations.restore();
    panel.conversations.create();
    const created = panel.shown();
    await panel.answer('conversation.list', { conversations: [{ id: 'a', title: 'a' }] });
    expect(panel.asked('conversation.open')).toEqual([]);
    expect(panel.shown()).toBe(created);
    expect(panel.store.get().conversations.all).toHaveLength(1);
  });

  it('hears nothing of the failure of one that is not wanted any more', async () => {
    const panel = makePanel();
    void panel.conversations.open('gone');
    void panel.conversations.open('b');
    await panel.answer('conversation.open', new PanelError(refusal('storage', 'It is gone.')), 'gone');
    expect(panel.store.get().thread.loading).toBe(true);
    await panel.answer('conversation.open', view('b'), 'b');
    expect(panel.store.get().toasts).toEqual([]);
    expect(panel.store.get().thread.loading).toBe(false);
    expect(panel.store.get().thread.failure).toBeUndefined();
  });
});

describe('a message that is on its way when another conversation is opened', () => {
  /** Sends in `a`, then goes on to `b`, which has a draft of its own. */
  async function leaving() {
    const panel = makePanel();
    void panel.conversations.open('a');
    await panel.answer('conversation.open', view('a'));
    panel.draft.set(() => 'A question');
    void panel.runs.send();
    await panel.flushed();
    void panel.conversations.open('b');
    await panel.answer('conversation.open', view('b', 'A draft'));
    return panel;
  }
  const message = (id: string, role: string) => ({ id, role, conversationId: 'a', parentId: null, parts: [] });
  const started = { userMessage: message('u', 'user'), assistantMessage: message('m', 'assistant') };

  it('goes to the one it was written in, which does not keep it as a draft', async () => {
    const panel = await leaving();
    expect(panel.asked('run.start').map(({ params }) => params.conversationId)).toEqual(['a']);
    await panel.answer('run.start', started);
    await panel.answer('conversation.open', view('a', 'A question'));
    expect(panel.asked('draft.save').map(({ params }) => params)).toEqual([{ conversationId: 'a', draft: '' }]);
    expect(panel.draft.get()).toBe('A draft');
    expect(panel.store.get().thread.messages).toEqual([]);
  });

  it('leaves what was typed there since', async () => {
    const panel = await leaving();
    await panel.answer('run.start', started);
    await panel.answer('conversation.open', view('a', 'A question, and one more'));
    expect(panel.asked('draft.save')).toEqual([]);
  });

  it('says so where it is refused, and keeps both drafts', async () => {
    const panel = await leaving();
    await panel.answer('run.start', new PanelError(refusal('cap', 'It could cost too much.')));
    expect(panel.store.get().composer.problem).toBeUndefined();
    expect(panel.store.get().toasts.map(({ text }) => text)).toEqual(['It could cost too much.']);
    expect(panel.asked('draft.save')).toEqual([]);
    expect(panel.draft.get()).toBe('A draft');
  });

  it('goes to the one it was written in also where that was not stored yet', async () => {
    const panel = makePanel();
    panel.conversations.create();
    const created = panel.shown();
    panel.store.set((state) => ({
      ...state,
      thread: { ...state.thread, record: { ...state.thread.record, choice: GPT } },
    }));
    panel.draft.set(() => 'A question');
    void panel.runs.send();
    await panel.flushed();
    void panel.conversations.open('b');
    await panel.answer('conversation.open', view('b'));
    await panel.answer('conversation.create', view(created));
    await panel.answer('conversation.configure', undefined);
    expect(panel.asked('run.start').map(({ params }) => params.conversationId)).toEqual([created]);
  });
});
