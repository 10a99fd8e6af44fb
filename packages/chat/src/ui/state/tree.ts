import type { MessageRecord } from '../../contract/index.ts';

/** One message of the branch in view, and its siblings: the other answers, or the other versions of a question. */
export interface Step {
  readonly message: MessageRecord;
  /** Ids of all versions, oldest first, this one included. */
  readonly versions: readonly string[];
  /** Where this one stands among them, from 0. */
  readonly version: number;
}

interface Index {
  readonly byId: ReadonlyMap<string, MessageRecord>;
  readonly children: ReadonlyMap<string | null, readonly MessageRecord[]>;
}

const indexes = new WeakMap<readonly MessageRecord[], Index>();

function indexOf(messages: readonly MessageRecord[]): Index {
  const known = indexes.get(messages);
  if (known) return known;
  const byId = new Map(messages.map((message) => [message.id, message]));
  const children = new Map<string | null, MessageRecord[]>();
  for (const message of messages) {
    // A parent that is gone (an import cut short) makes its children roots: they stay reachable.
    const parent = message.parentId !== null && byId.has(message.parentId) ? message.parentId : null;
    const siblings = children.get(parent);
    if (siblings) siblings.push(message);
    else children.set(parent, [message]);
  }
  for (const siblings of children.values()) siblings.sort(byAge);
  const index = { byId, children };
  indexes.set(messages, index);
  return index;
}

const byAge = (a: MessageRecord, b: MessageRecord) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);

/** The branch that ends at `headId`, first message first; without a head, the newest branch. */
export function branch(messages: readonly MessageRecord[], headId: string | null): readonly Step[] {
  const { byId, children } = indexOf(messages);
  const steps: Step[] = [];
  const seen = new Set<string>();
  let at = (headId === null ? undefined : byId.get(headId)) ?? byId.get(newestLeaf(messages, null) ?? '');
  while (at !== undefined && !seen.has(at.id)) {
    seen.add(at.id);
    const parent = at.parentId === null ? undefined : byId.get(at.parentId);
    const siblings = children.get(parent?.id ?? null) ?? [at];
    steps.push({
      message: at,
      versions: siblings.map((sibling) => sibling.id),
      version: siblings.indexOf(at),
    });
    at = parent;
  }
  return steps.reverse();
}

/** The newest leaf below a message (null: of all): where a switch to its branch leads. */
export function newestLeaf(messages: readonly MessageRecord[], id: string | null): string | null {
  const { children } = indexOf(messages);
  let at = id;
  const seen = new Set<string | null>();
  for (;;) {
    if (seen.has(at)) return at;
    seen.add(at);
    const newest = children.get(at)?.at(-1);
    if (newest === undefined) return at;
    at = newest.id;
  }
}

/** Puts messages into a list by id: those known are replaced where they stand, new ones come last. */
export function upsert(
  messages: readonly MessageRecord[],
  changed: readonly MessageRecord[],
): readonly MessageRecord[] {
  const byId = new Map(changed.map((message) => [message.id, message]));
  const kept = messages.map((message) => {
    const now = byId.get(message.id);
    byId.delete(message.id);
    return now ?? message;
  });
  return [...kept, ...byId.values()];
}

/** What a message says in words. */
export const textOf = (message: MessageRecord): string =>
  message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
