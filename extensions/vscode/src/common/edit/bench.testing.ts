import { expect } from 'vitest';
import type { Eol } from './lines.ts';
import { type TextChange, textOf } from './pieces.ts';
import { beginEdit, documentChanges, type EditState, userChanged } from './session.ts';

/** A document as a string, changed the way an editor changes it: all offsets in the text before. */
function edit(text: string, changes: readonly TextChange[]): string {
  return changes
    .toSorted((a, b) => b.offset - a.offset)
    .reduce((now, one) => now.slice(0, one.offset) + one.text + now.slice(one.offset + one.removed), text);
}

/** A document under edit: what the editor holds, and the state that claims to know it; each step checks that it does. */
export class Bench {
  text: string;
  state: EditState;
  constructor(before: string, original: string, after: string, eol: Eol) {
    this.text = before + original + after;
    this.state = beginEdit(before.length, original, eol);
  }
  to(next: EditState): void {
    this.text = edit(this.text, documentChanges(this.state, next));
    this.state = next;
    this.check();
  }
  user(change: TextChange): void {
    this.text = edit(this.text, [change]);
    this.state = userChanged(this.state, [change]);
    this.check();
  }
  /** The pieces are what the document holds, always. */
  check(): void {
    const held = textOf(this.state.pieces);
    expect(this.text.slice(this.state.start, this.state.start + held.length)).toBe(held);
  }
}
