import type { Part } from '@patchbay/core';

/** What assistants wrote in turns that called tools, whole and with its `raw`, by the ids of those calls. */
export interface TurnCache {
  /** Keeps a turn; one without tool calls needs no keeping. */
  keep(parts: readonly Part[]): void;
  /** The turn that made exactly these calls. */
  find(callIds: readonly string[]): readonly Part[] | undefined;
}

/** Turns of a long session; the oldest go first. */
const MOST = 500;

export function createTurnCache(most = MOST): TurnCache {
  const turns = new Map<string, readonly Part[]>();
  const callsOf = (parts: readonly Part[]) => parts.flatMap((part) => (part.type === 'tool-call' ? [part.callId] : []));
  const nameOf = (calls: readonly string[]) => JSON.stringify(calls.toSorted());
  return {
    keep: (parts) => {
      const calls = callsOf(parts);
      if (calls.length === 0) return;
      const name = nameOf(calls);
      turns.delete(name);
      turns.set(name, parts);
      for (const old of turns.keys()) {
        if (turns.size <= most) break;
        turns.delete(old);
      }
    },
    find: (callIds) => (callIds.length === 0 ? undefined : turns.get(nameOf(callIds))),
  };
}
