import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEditDriver } from './driver.ts';
import { splitLines } from './lines.ts';
import { type TextChange, textOf } from './pieces.ts';
import { acceptAll, beginEdit, endStream, rejectAll, streamLines } from './session.ts';

/**
 * An editor in another process, as VS Code is: an edit is taken only if nothing changed since its sender last heard of
 * the document, and every change is told, ours too, before the answer to it.
 */
function createEditor(text: string, random: () => number) {
  let heard: ((changes: readonly TextChange[]) => void) | undefined;
  let version = 0;
  let told = 0;
  const inbox: (() => void)[] = [];
  const editor = {
    text,
    undoStops: [] as boolean[],
    listen: (listener: (changes: readonly TextChange[]) => void) => {
      heard = listener;
    },
    change: (changes: readonly TextChange[]) => {
      editor.text = changes
        .toSorted((a, b) => b.offset - a.offset)
        .reduce((now, one) => now.slice(0, one.offset) + one.text + now.slice(one.offset + one.removed), editor.text);
      version++;
      const mine = version;
      inbox.push(() => {
        told = mine;
        heard?.(changes.toReversed());
      });
    },
    deliver: () => {
      for (const tell of inbox.splice(0)) tell();
    },
    apply: async (changes: readonly TextChange[], { undoStop }: { undoStop: boolean }) => {
      const sentAt = told;
      // The user types while our edit is on its way.
      while (random() < 0.4) editor.type();
      const taken = sentAt === version;
      if (taken) {
        editor.undoStops.push(undoStop);
        editor.change(changes);
        if (random() < 0.3) editor.type();
      }
      editor.deliver();
      await Promise.resolve();
      return taken;
    },
    marks: 0,
    type: () => {
      const at = Math.floor(random() * (editor.text.length + 1));
      editor.change([{ offset: at, removed: 0, text: String.fromCharCode(0xe000 + editor.marks++) }]);
    },
  };
  return editor;
}

const marked = /[\ue000-\uf8ff]/g;
const words = fc.constantFrom('a\n', 'b\n', 'const x = 1;\n', '}\n', '\n');

describe('createEditDriver', () => {
  it('never loses a key stroke and always knows the document, however the messages cross', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(words, { minLength: 1, maxLength: 8 }),
        fc.array(words, { maxLength: 8 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        fc.boolean(),
        async (original, answer, numbers, accept) => {
          let budget = 60;
          const random = () => (budget-- > 0 ? (numbers.next().value as number) : 0.99);
          const editor = createEditor(original.join(''), random);
          const driver = createEditDriver(beginEdit(0, original.join(''), '\n'), editor, () => undefined);
          editor.listen((changes) => driver.heard(changes, false));
          for (const line of answer) expect(await driver.advance((state) => streamLines(state, [line]))).toBe(true);
          await driver.advance((state) => endStream(state, 'complete'));
          await driver.advance((state) => (accept ? acceptAll(state) : rejectAll(state)));
          editor.deliver();
          expect(new Set(editor.text.match(marked) ?? []).size).toBe(editor.marks);
          const held = textOf(driver.state.pieces);
          expect(editor.text.slice(driver.state.start, driver.state.start + held.length)).toBe(held);
          if (driver.state.notices.length === 0) {
            expect(editor.text.replace(marked, '')).toBe((accept ? answer : original).join(''));
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('makes one step of undo of an edit in which nobody typed, and a new one after each typing', async () => {
    const editor = createEditor('one\ntwo\nthree\n', () => 0.99);
    const driver = createEditDriver(beginEdit(0, editor.text, '\n'), editor, () => undefined);
    editor.listen((changes) => driver.heard(changes, false));
    for (const line of splitLines('eins\nzwei\n')) await driver.advance((state) => streamLines(state, [line]));
    expect(editor.undoStops).toEqual([true, false]);
    editor.type();
    editor.deliver();
    await driver.advance((state) => endStream(state, 'complete'));
    await driver.advance(rejectAll);
    expect(editor.undoStops).toEqual([true, false, true, false]);
  });

  it('tells an undo of the answer from all other changes', async () => {
    const editor = createEditor('one\n', () => 0.99);
    const driver = createEditDriver(beginEdit(0, editor.text, '\n'), editor, () => undefined);
    const heard: string[] = [];
    editor.listen((changes) => heard.push(driver.heard(changes, true)));
    await driver.advance((state) => endStream(streamLines(state, ['eins\n']), 'complete'));
    editor.change([{ offset: 0, removed: 5, text: 'one\n' }]);
    editor.deliver();
    expect(heard).toEqual(['ours', 'undone']);
  });

  it('gives up on a document that takes no changes', async () => {
    let asked = 0;
    const target = {
      apply: async () => {
        asked++;
        return false;
      },
    };
    const driver = createEditDriver(beginEdit(0, 'one\n', '\n'), target, () => undefined);
    expect(await driver.advance((state) => streamLines(state, ['x\n']))).toBe(false);
    expect(asked).toBeLessThan(10);
  });

  it('writes nothing once it is disposed', async () => {
    const editor = createEditor('one\n', () => 0.99);
    const driver = createEditDriver(beginEdit(0, editor.text, '\n'), editor, () => undefined);
    driver.dispose();
    expect(await driver.advance((state) => streamLines(state, ['x\n']))).toBe(false);
    expect(editor.text).toBe('one\n');
  });
});
