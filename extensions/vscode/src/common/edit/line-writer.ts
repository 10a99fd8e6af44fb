/** Hands lines over one batch after the other; what comes while one is under way goes together in the next. */
export interface LineWriter {
  write(lines: readonly string[]): void;
  /** Resolves when everything is handed over: true, or false where it is not taken any more. Rejects as `push` does. */
  done(): Promise<boolean>;
}

/**
 * An editor takes one change at a time, each with a journey to its window and back; an answer may come faster than that.
 * @param push resolves with false when no more lines are wanted
 * @param onRefused they are not, or `push` failed; called once
 */
export function createLineWriter(
  push: (lines: readonly string[]) => Promise<boolean>,
  onRefused: () => void,
): LineWriter {
  let waiting: string[] = [];
  let taken = true;
  let writing: Promise<void> | undefined;
  const run = async () => {
    try {
      while (taken && waiting.length > 0) {
        const lines = waiting;
        waiting = [];
        taken = await push(lines);
      }
      if (!taken) onRefused();
    } catch (error) {
      taken = false;
      onRefused();
      throw error;
    } finally {
      writing = undefined;
    }
  };
  let last: Promise<void> = Promise.resolve();
  return {
    write: (lines) => {
      if (!taken || lines.length === 0) return;
      waiting = waiting.concat(lines);
      if (writing) return;
      writing = run();
      last = writing;
      last.catch(() => undefined);
    },
    done: async () => {
      await last;
      return taken;
    },
  };
}
