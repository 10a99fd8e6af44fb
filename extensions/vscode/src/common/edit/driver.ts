import type { TextChange } from './pieces.ts';
import { documentChanges, type EditState, reachesHunk, userChanged } from './session.ts';

/** The document under edit, as the editor offers it. */
export interface EditTarget {
  /**
   * Applies the changes at once, or not at all if the document changed meanwhile (false).
   * @param options.undoStop starts a new step of undo before them
   */
  apply(changes: readonly TextChange[], options: { readonly undoStop: boolean }): Promise<boolean>;
}

/**
 * Keeps an edit's state and its document the same, although both change: the answer on our side, the user on the other.
 * The editor tells every change of the document, ours too, before it says whether ours was taken; so a state is taken
 * over at the moment its own change is heard, and everything else that is heard is the user's.
 */
export interface EditDriver {
  readonly state: EditState;
  /**
   * Takes the edit one step on. `step` may run again, on the state that the user's typing made, until its changes fit.
   * Steps run one after the other. Resolves with false once the edit is over, or where the editor takes no changes.
   */
  advance(step: (state: EditState) => EditState): Promise<boolean>;
  /** Tells a change of the document. Returns what it was. */
  heard(changes: readonly TextChange[], undone: boolean): 'ours' | 'theirs' | 'undone';
  /** From now on nothing is written any more. */
  dispose(): void;
}

/** An editor that refuses this often although nothing changes does not take changes at all. */
const MOST_REFUSALS = 5;

export function createEditDriver(first: EditState, target: EditTarget, onChange: () => void): EditDriver {
  let state = first;
  let expected: { readonly changes: readonly TextChange[]; readonly next: EditState } | undefined;
  let begun = false;
  let typedSince = false;
  let disposed = false;
  let heardSoFar = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const set = (next: EditState) => {
    state = next;
    onChange();
  };

  const attempt = async (step: (state: EditState) => EditState): Promise<boolean> => {
    let refusals = 0;
    while (!disposed && refusals < MOST_REFUSALS) {
      const next = step(state);
      const changes = documentChanges(state, next);
      if (changes.length === 0) {
        set(next);
        return true;
      }
      expected = { changes, next };
      const before = heardSoFar;
      const undoStop = !begun || typedSince;
      const applied = await target.apply(changes, { undoStop });
      const taken = expected === undefined;
      expected = undefined;
      if (taken) return true;
      if (!applied) {
        // Refused because the user typed meanwhile, which we heard: once more, as often as they type.
        refusals = heardSoFar > before ? 0 : refusals + 1;
        continue;
      }
      set(next);
      return true;
    }
    return false;
  };

  return {
    get state() {
      return state;
    },
    advance: (step) => {
      const done = queue.then(() => attempt(step));
      queue = done.catch(() => undefined);
      return done;
    },
    heard: (changes, undone) => {
      if (disposed || changes.length === 0) return 'theirs';
      heardSoFar++;
      if (expected && same(expected.changes, changes)) {
        const { next } = expected;
        expected = undefined;
        begun = true;
        typedSince = false;
        set(next);
        return 'ours';
      }
      const reached = undone && reachesHunk(state, changes);
      typedSince = true;
      set(userChanged(state, changes));
      return reached ? 'undone' : 'theirs';
    },
    dispose: () => {
      disposed = true;
    },
  };
}

function same(a: readonly TextChange[], b: readonly TextChange[]): boolean {
  const ordered = (changes: readonly TextChange[]) => changes.toSorted((one, two) => one.offset - two.offset);
  const others = ordered(b);
  return (
    a.length === b.length &&
    ordered(a).every((one, index) => {
      const other = others[index] as TextChange;
      return one.offset === other.offset && one.removed === other.removed && one.text === other.text;
    })
  );
}
