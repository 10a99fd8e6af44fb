import { type PanelContext, setThread } from './context.ts';
import { textOf } from './tree.ts';

/**
 * Shortest time between two saves of what is being typed, ms. The first key is saved at once: a page that is torn down
 * may not get to say another word.
 */
const PAUSE_MS = 400;

/** Keeps what is typed with its conversation, so that it survives the panel. */
export interface Drafts {
  /** Saves now what is not saved yet. */
  flush(): void;
  /** The text was sent, or belongs to another conversation now: what is typed next is compared with this. */
  adopt(text: string): void;
  close(): void;
}

/** @param ensureStored makes the host know the conversation in view */
export function createDrafts(context: PanelContext, ensureStored: () => Promise<void>): Drafts {
  let saved = '';
  let hasChanged = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const save = async () => {
    const text = unsent(context);
    if (text === saved) return;
    saved = text;
    const { id } = context.store.get().thread.record;
    try {
      await ensureStored();
      await context.client.request('draft.save', { conversationId: id, draft: text });
      setThread(context, (now) => (now.record.id === id ? { ...now, record: { ...now.record, draft: text } } : now));
    } catch {
      // Still in the composer; the next key tries again.
      saved = `${text}\0`;
    }
  };

  const rest = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const tick = () => {
    timer = undefined;
    if (!hasChanged) return;
    // What is typed before its conversation is here is saved with it.
    if (!context.store.get().thread.loading) {
      hasChanged = false;
      void save();
    }
    timer = setTimeout(tick, PAUSE_MS);
  };
  const flush = () => {
    rest();
    if (!context.store.get().thread.loading) void save();
  };
  const unsubscribe = context.draft.subscribe(() => {
    hasChanged = true;
    if (timer === undefined) tick();
  });
  const hidden = () => {
    if (document.hidden) flush();
  };
  document.addEventListener('visibilitychange', hidden);
  addEventListener('pagehide', flush);

  return {
    flush,
    adopt: (text) => {
      rest();
      saved = text;
    },
    close: () => {
      rest();
      unsubscribe();
      document.removeEventListener('visibilitychange', hidden);
      removeEventListener('pagehide', flush);
    },
  };
}

/** All that would be lost with the panel: the draft, and below it what was changed in an old message and not sent. */
export function unsent({ store, draft }: PanelContext): string {
  const { thread, composer } = store.get();
  const { editing } = composer;
  if (!editing) return draft.get();
  const original = thread.messages.find(({ id }) => id === editing.messageId);
  const changed = original && textOf(original) === draft.get() ? '' : draft.get();
  return [editing.stash, changed].filter(Boolean).join('\n\n');
}
