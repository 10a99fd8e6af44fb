import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageRecord } from '../../contract/index.ts';
import { branch, newestLeaf, upsert } from './tree.ts';

const message = (id: string, parentId: string | null, createdAt = 0): MessageRecord => ({
  v: 1,
  id,
  conversationId: 'c',
  parentId,
  createdAt,
  role: 'user',
  parts: [],
  status: 'complete',
});

/**
 * u1 ─ a1 ─ u2 ─ a2
 *    └ a1b ─ u3
 */
const TREE = [
  message('u1', null, 1),
  message('a1', 'u1', 2),
  message('a1b', 'u1', 3),
  message('u2', 'a1', 4),
  message('a2', 'u2', 5),
  message('u3', 'a1b', 6),
];
const ids = (headId: string | null, messages = TREE) => branch(messages, headId).map((step) => step.message.id);

describe('branch', () => {
  it.each([
    ['a2', ['u1', 'a1', 'u2', 'a2']],
    ['u3', ['u1', 'a1b', 'u3']],
    ['a1', ['u1', 'a1']],
    [null, ['u1', 'a1b', 'u3']],
    ['gone', ['u1', 'a1b', 'u3']],
  ])('ends at %s', (headId, expected) => {
    expect(ids(headId)).toEqual(expected);
  });

  it('names the versions of each message, oldest first', () => {
    expect(branch(TREE, 'u3').map(({ versions, version }) => [versions, version])).toEqual([
      [['u1'], 0],
      [['a1', 'a1b'], 1],
      [['u3'], 0],
    ]);
  });

  it('is empty for an empty conversation', () => {
    expect(branch([], null)).toEqual([]);
    expect(branch([], 'x')).toEqual([]);
  });

  it('reaches messages whose parent is gone, and ends in a circle', () => {
    expect(ids('b', [message('b', 'lost'), message('c', 'b', 1)])).toEqual(['b']);
    expect(ids('x', [message('x', 'y'), message('y', 'x')])).toHaveLength(2);
  });

  it('is a path of parents from a root to the head, whatever the tree', () => {
    const trees = fc
      .array(fc.nat(), { minLength: 1, maxLength: 40 })
      .map((parents) => parents.map((parent, n) => message(`m${n}`, n === 0 ? null : `m${parent % n}`, parent % 7)));
    fc.assert(
      fc.property(trees, fc.nat(), (messages, pick) => {
        const head = messages[pick % messages.length] as MessageRecord;
        const steps = branch(messages, head.id);
        expect(steps.at(-1)?.message).toBe(head);
        expect(steps[0]?.message.parentId).toBeNull();
        steps.forEach(({ message: one, versions, version }, index) => {
          expect(one.parentId).toBe(steps[index - 1]?.message.id ?? null);
          expect(versions[version]).toBe(one.id);
          const siblings = messages.filter(({ parentId }) => parentId === one.parentId);
          expect([...versions].sort()).toEqual(siblings.map(({ id }) => id).sort());
        });
        const leaf = newestLeaf(messages, head.id);
        expect(messages.some(({ parentId }) => parentId === leaf)).toBe(false);
        expect(branch(messages, leaf).map((step) => step.message.id)).toContain(head.id);
      }),
    );
  });
});

describe('newestLeaf', () => {
  it.each([
    ['u1', 'u3'],
    ['a1', 'a2'],
    ['a2', 'a2'],
    [null, 'u3'],
  ])('below %s is %s', (id, leaf) => {
    expect(newestLeaf(TREE, id)).toBe(leaf);
  });

  it('is null without messages', () => {
    expect(newestLeaf([], null)).toBeNull();
  });
});

describe('upsert', () => {
  it('replaces where it stands and appends what is new', () => {
    const changed = message('a1', 'u1', 99);
    const added = message('n', 'a2');
    const after = upsert(TREE, [added, changed]);
    expect(after.map(({ id }) => id)).toEqual(['u1', 'a1', 'a1b', 'u2', 'a2', 'u3', 'n']);
    expect(after[1]).toBe(changed);
    expect(after[0]).toBe(TREE[0]);
  });
});
