import type { Part } from '@patchbay/core';
import { toNativeInput } from './messages.ts';

/** A call as VS Code hands it back. */
export interface NativeCall {
  readonly callId: string;
  readonly name: string;
  readonly input: unknown;
}

/** What assistants wrote in turns that called tools, whole and with its `raw`, by those calls. */
export interface TurnCache {
  /** Keeps a turn; one without tool calls needs no keeping. */
  keep(parts: readonly Part[]): void;
  /** The turn that made exactly these calls. */
  find(calls: readonly NativeCall[]): readonly Part[] | undefined;
}

/** Turns of a long session; the oldest go first. */
const MOST = 500;

/** Ids alone do not tell turns apart: some servers number the calls of each answer from the beginning. */
export function createTurnCache(most = MOST): TurnCache {
  const turns = new Map<string, readonly Part[]>();
  const nameOf = (calls: readonly NativeCall[]) =>
    JSON.stringify(calls.map(({ callId, name, input }) => JSON.stringify([callId, name, sorted(input)])).toSorted());
  return {
    keep: (parts) => {
      const calls = parts.flatMap((part): NativeCall[] => {
        if (part.type !== 'tool-call') return [];
        const { callId, name, arguments: text } = part;
        return [{ callId, name, input: toNativeInput(text) }];
      });
      if (calls.length === 0) return;
      const name = nameOf(calls);
      turns.delete(name);
      turns.set(name, parts);
      for (const old of turns.keys()) {
        if (turns.size <= most) break;
        turns.delete(old);
      }
    },
    find: (calls) => (calls.length === 0 ? undefined : turns.get(nameOf(calls))),
  };
}

/** The same value with its names in order: on its way through the editor an object may lose that. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}
