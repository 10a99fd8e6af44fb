import type { HostMessage } from '../contract/messages.ts';
import type { Panel } from './panel.ts';

/** Tells panels what changed: many changes at once become one message, and none where nothing looks different. */
export interface Broadcasts {
  state(): void;
  conversations(): void;
  /** To the panels that show it, but for the one that changed it. */
  conversation(id: string, except?: Panel): void;
  /** To those who show it, and to those named. */
  ended(message: Extract<HostMessage, { kind: 'run.ended' }>, followers: readonly Panel[]): void;
}

export interface BroadcastSources {
  readonly state: () => Promise<Extract<HostMessage, { kind: 'state' }>>;
  readonly conversations: () => Promise<Extract<HostMessage, { kind: 'conversations' }>>;
  readonly conversation: (id: string) => Promise<Extract<HostMessage, { kind: 'conversation' }> | undefined>;
}

/** @param panels those connected now */
export function createBroadcasts(
  panels: ReadonlySet<Panel>,
  sources: BroadcastSources,
  onError: (error: unknown) => void,
): Broadcasts {
  const greeted = () => [...panels].filter((panel) => panel.greeted);
  const state = gather(sources.state, (message) => {
    for (const panel of greeted()) panel.post(message);
  });
  const conversations = gather(sources.conversations, (message) => {
    for (const panel of greeted()) panel.post(message);
  });

  /** Runs `make` once for all calls of this moment, and once more for those that come while it works. */
  function gather<T>(make: () => Promise<T>, send: (message: T) => void): () => void {
    let wanted = false;
    let working = false;
    const work = async () => {
      working = true;
      while (wanted) {
        await Promise.resolve();
        wanted = false;
        try {
          send(await make());
        } catch (error) {
          onError(error);
        }
      }
      working = false;
    };
    return () => {
      wanted = true;
      if (!working && panels.size > 0) void work();
    };
  }

  return {
    state,
    conversations,
    conversation: (id, except) => {
      const watching = () => greeted().filter((panel) => panel.shows === id && panel !== except);
      if (watching().length === 0) return;
      sources.conversation(id).then((message) => {
        if (message) for (const panel of watching()) panel.post(message);
      }, onError);
    },
    ended: (message, followers) => {
      const all = new Set([...followers, ...greeted().filter((panel) => panel.shows === message.conversationId)]);
      for (const panel of all) panel.post(message);
    },
  };
}
