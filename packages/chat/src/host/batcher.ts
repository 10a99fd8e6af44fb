import type { ChatEvent } from '@patchbay/core';
import { coalesce } from './coalesce.ts';

export interface Batcher {
  push(events: readonly ChatEvent[]): void;
  /** Hands out what is waiting, now. */
  flush(): void;
}

/**
 * Gathers events and hands them out at most every `ms`: at once after a pause (so the first token never waits), later ones
 * together. One timer, and none while nothing comes.
 */
export function createBatcher(ms: number, out: (events: readonly ChatEvent[]) => void): Batcher {
  let waiting: ChatEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    if (waiting.length === 0) return;
    const events = waiting;
    waiting = [];
    out(events);
  };
  const tick = () => {
    timer = undefined;
    if (waiting.length === 0) return;
    flush();
    timer = setTimeout(tick, ms);
  };
  return {
    push: (events) => {
      coalesce(waiting, events);
      if (timer !== undefined) return;
      flush();
      timer = setTimeout(tick, ms);
    },
    flush: () => {
      clearTimeout(timer);
      timer = undefined;
      flush();
    },
  };
}
