import { describe, expect, it } from 'vitest';
import { createLineWriter } from './line-writer.ts';

/** Takes a batch whenever it is told to. */
function createSlowEditor() {
  const batches: string[] = [];
  let answer: ((taken: boolean | Error) => void) | undefined;
  return {
    batches,
    push: (lines: readonly string[]) =>
      new Promise<boolean>((resolve, reject) => {
        batches.push(lines.join(''));
        answer = (taken) => (taken instanceof Error ? reject(taken) : resolve(taken));
      }),
    answer: async (taken: boolean | Error) => {
      answer?.(taken);
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

describe('createLineWriter', () => {
  it('hands over together what came while a batch was under way, in order', async () => {
    const editor = createSlowEditor();
    const writer = createLineWriter(editor.push, () => undefined);
    for (const line of ['a', 'b', 'c']) writer.write([line]);
    expect(editor.batches).toEqual(['a']);
    await editor.answer(true);
    expect(editor.batches).toEqual(['a', 'bc']);
    writer.write([]);
    writer.write(['d', 'e']);
    await editor.answer(true);
    await editor.answer(true);
    expect(await writer.done()).toBe(true);
    expect(editor.batches).toEqual(['a', 'bc', 'de']);
    writer.write(['f']);
    await editor.answer(true);
    expect(await writer.done()).toBe(true);
    expect(editor.batches.at(-1)).toBe('f');
  });

  it('stops at the first batch that is not taken, and says so once', async () => {
    const editor = createSlowEditor();
    let refused = 0;
    const writer = createLineWriter(editor.push, () => refused++);
    writer.write(['a']);
    writer.write(['b']);
    await editor.answer(false);
    writer.write(['c']);
    expect(await writer.done()).toBe(false);
    expect(editor.batches).toEqual(['a']);
    expect(refused).toBe(1);
  });

  it('passes on what went wrong', async () => {
    const editor = createSlowEditor();
    let refused = 0;
    const writer = createLineWriter(editor.push, () => refused++);
    writer.write(['a']);
    await editor.answer(new Error('gone'));
    await expect(writer.done()).rejects.toThrow('gone');
    expect(refused).toBe(1);
  });

  it('has nothing to wait for where nothing was written', async () => {
    expect(
      await createLineWriter(
        async () => false,
        () => undefined,
      ).done(),
    ).toBe(true);
  });
});
