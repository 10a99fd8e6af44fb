/** Keeps an event-driven background alive while somebody needs it. */
export interface KeepAwake {
  /** From now until the returned function is called (once or more often) the background stays alive. */
  hold(): () => void;
}

/** Browsers stop a background that has called no extension API for 30 s, streams and open ports notwithstanding. */
const BEAT_MS = 20_000;

/**
 * Calls `beat` every 20 s while at least one hold is open, and never otherwise.
 * @param beat any extension API call; its failure is of no interest
 */
export function createKeepAwake(beat: () => Promise<unknown>): KeepAwake {
  let holds = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const once = () => {
    beat().catch(() => undefined);
  };
  return {
    hold: () => {
      holds += 1;
      if (holds === 1) {
        once();
        timer = setInterval(once, BEAT_MS);
      }
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        holds -= 1;
        if (holds === 0) clearInterval(timer);
      };
    },
  };
}
