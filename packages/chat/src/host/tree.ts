import type { MessageRecord } from '@patchbay/core';

/**
 * A conversation is a tree: every message names its parent, siblings are branches. These functions only read; a message
 * whose parent is gone counts as a root, and a ring of parents (a damaged import) ends where it began.
 */
export interface Tree {
  readonly byId: ReadonlyMap<string, MessageRecord>;
  /** Children by parent id, `null` for roots; oldest first. */
  readonly children: ReadonlyMap<string | null, readonly MessageRecord[]>;
}

/** In time linear in the messages. */
export function treeOf(messages: readonly MessageRecord[]): Tree {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const children = new Map<string | null, MessageRecord[]>();
  for (const message of messages) {
    const parent = message.parentId !== null && byId.has(message.parentId) ? message.parentId : null;
    const siblings = children.get(parent);
    if (siblings) siblings.push(message);
    else children.set(parent, [message]);
  }
  for (const siblings of children.values()) siblings.sort((a, b) => a.createdAt - b.createdAt);
  return { byId, children };
}

/** The messages from the root to this one; empty for one that is not there. */
export function pathTo(tree: Tree, id: string | null): readonly MessageRecord[] {
  const path: MessageRecord[] = [];
  const seen = new Set<string>();
  for (let at = id; at !== null && !seen.has(at); ) {
    const message = tree.byId.get(at);
    if (!message) break;
    seen.add(at);
    path.push(message);
    at = message.parentId;
  }
  return path.reverse();
}

/** The end of the branch through this message: from each fork the newest child is followed. */
export function newestLeaf(tree: Tree, id: string): string {
  const seen = new Set<string>();
  let at = id;
  for (;;) {
    seen.add(at);
    const next = tree.children.get(at)?.at(-1);
    if (!next || seen.has(next.id)) return at;
    at = next.id;
  }
}
