import type { MessageRecord } from '@patchbay/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newestLeaf, pathTo, treeOf } from './tree.ts';

const message = (id: string, parentId: string | null, createdAt: number): MessageRecord => ({
  v: 1,
  id,
  conversationId: 'c1',
  parentId,
  createdAt,
  role: 'user',
  parts: [],
  status: 'complete',
});

/** Any forest: each message hangs below an earlier one or is a root; then in any order. */
const forest = fc
  .array(fc.nat(), { minLength: 1, maxLength: 60 })
  .map((picks) =>
    picks.map((pick, index) => {
      const parent = pick % (index + 1);
      return message(`m${index}`, parent === index ? null : `m${parent}`, index + 1);
    }),
  )
  .chain((messages) => fc.shuffledSubarray(messages, { minLength: messages.length }));

describe('a conversation tree', () => {
  it('has one path to every message, from a root, each the parent of the next', () => {
    fc.assert(
      fc.property(forest, (messages) => {
        const tree = treeOf(messages);
        for (const { id } of messages) {
          const path = pathTo(tree, id);
          expect(path.at(-1)?.id).toBe(id);
          expect(path[0]?.parentId).toBeNull();
          for (const [index, step] of path.entries()) if (index > 0) expect(step.parentId).toBe(path[index - 1]?.id);
        }
      }),
    );
  });

  it('names every message once as somebody’s child, siblings oldest first', () => {
    fc.assert(
      fc.property(forest, (messages) => {
        const children = [...treeOf(messages).children.values()];
        expect(children.flatMap((list) => list.map(({ id }) => id)).sort()).toEqual(
          messages.map(({ id }) => id).sort(),
        );
        for (const list of children) {
          expect(list.map(({ createdAt }) => createdAt)).toEqual(
            list.map(({ createdAt }) => createdAt).sort((a, b) => a - b),
          );
          expect(new Set(list.map(({ parentId }) => parentId)).size).toBe(1);
        }
      }),
    );
  });

  it('walks down to a leaf of the branch, and stays on a leaf', () => {
    fc.assert(
      fc.property(forest, (messages) => {
        const tree = treeOf(messages);
        for (const { id } of messages) {
          const leaf = newestLeaf(tree, id);
          expect(tree.children.get(leaf)).toBeUndefined();
          expect(pathTo(tree, leaf).map((step) => step.id)).toContain(id);
          expect(newestLeaf(tree, leaf)).toBe(leaf);
        }
      }),
    );
  });

  it('does not change by what is appended elsewhere', () => {
    fc.assert(
      fc.property(forest, fc.nat(), (messages, pick) => {
        const parent = messages[pick % messages.length] as MessageRecord;
        const before = treeOf(messages);
        const after = treeOf([...messages, message('new', parent.id, 1_000)]);
        expect(newestLeaf(after, parent.id)).toBe('new');
        for (const { id } of messages) expect(pathTo(after, id)).toEqual(pathTo(before, id));
      }),
    );
  });

  it('bears what damage leaves: a missing parent, a ring, an unknown head', () => {
    const orphan = treeOf([message('a', 'gone', 1), message('b', 'a', 2)]);
    expect(pathTo(orphan, 'b').map(({ id }) => id)).toEqual(['a', 'b']);
    expect(orphan.children.get(null)?.map(({ id }) => id)).toEqual(['a']);
    const ring = treeOf([message('a', 'b', 1), message('b', 'a', 2)]);
    expect(pathTo(ring, 'a').length).toBe(2);
    expect(['a', 'b']).toContain(newestLeaf(ring, 'a'));
    expect(pathTo(ring, 'unknown')).toEqual([]);
    expect(pathTo(ring, null)).toEqual([]);
  });
});
