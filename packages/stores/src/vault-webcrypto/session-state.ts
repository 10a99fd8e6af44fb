import { type Json, type Key, policyFromJson, policyToJson } from '@patchbay/core';
import type { Entry } from './envelopes.ts';
import { damagedKey, sessionError } from './errors.ts';
import type { SessionArea } from './session-area.ts';

const UNLOCKED = 'patchbay.vault.unlocked';
const USED = 'patchbay.vault.used';
const KEYS = 'patchbay.vault.keys';

/** Everything that mode `session` keeps. */
export interface SessionContents {
  readonly ledgerId?: string;
  readonly entries: readonly Entry[];
}

/**
 * What the vault keeps until the browser closes: the unlocked data key, the time of its last use, and in mode `session`
 * the keys themselves. The first and the last name the generation they belong to, so that a leftover is never taken.
 */
export interface SessionState {
  unlocked(generation: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  unlock(generation: string, dataKey: Uint8Array<ArrayBuffer>): Promise<void>;
  lock(): Promise<void>;
  /** ms since epoch. */
  usedAt(): Promise<number | undefined>;
  use(at: number): Promise<void>;
  contents(generation: string): Promise<SessionContents | undefined>;
  keep(generation: string, contents: SessionContents): Promise<void>;
  drop(): Promise<void>;
}

export function createSessionState(area: SessionArea): SessionState {
  const get = (key: string) => area.get(key).catch(rethrow);
  const set = (key: string, value: Json) => area.set(key, value).catch(rethrow);
  const remove = (key: string) => area.remove(key).catch(rethrow);

  return {
    unlocked: async (generation) => {
      const held = (await get(UNLOCKED)) as { generation?: unknown; key?: unknown } | undefined;
      return held?.generation === generation && typeof held.key === 'string' ? fromBase64(held.key) : undefined;
    },
    unlock: (generation, dataKey) => set(UNLOCKED, { generation, key: btoa(String.fromCharCode(...dataKey)) }),
    lock: () => remove(UNLOCKED),
    usedAt: async () => {
      const at = await get(USED);
      return typeof at === 'number' ? at : undefined;
    },
    use: (at) => set(USED, at),
    contents: async (generation) => {
      const held = (await get(KEYS)) as { generation?: unknown; ledgerId?: string; entries?: unknown } | undefined;
      if (held?.generation !== generation || !Array.isArray(held.entries)) return undefined;
      return {
        ...(held.ledgerId !== undefined && { ledgerId: held.ledgerId }),
        entries: held.entries.map((entry: { key: Omit<Key, 'policy'>; policy: unknown; secret: string }) => {
          const policy = policyFromJson(entry.policy);
          if (!policy) throw damagedKey(entry.key.label);
          return { key: { ...entry.key, policy }, secret: entry.secret };
        }),
      };
    },
    keep: (generation, { ledgerId, entries }) =>
      set(KEYS, {
        generation,
        ...(ledgerId !== undefined && { ledgerId }),
        entries: entries.map(({ key: { policy, ...key }, secret }) => ({
          key: key as unknown as Json,
          policy: policyToJson(policy),
          secret,
        })),
      }),
    drop: () => remove(KEYS),
  };
}

function rethrow(error: unknown): never {
  throw sessionError(error);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
