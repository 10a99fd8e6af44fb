/** Runs `flush` once per frame at most, however often it is asked to; in a hidden page, where frames stop, by a timer. */
export interface Frames {
  request(): void;
  /** Flushes now if something was asked for. */
  now(): void;
  close(): void;
}

/** How often a hidden page is brought up to date, ms: enough for a title or a status that is read aloud. */
const HIDDEN_MS = 500;

export function createFrames(flush: () => void): Frames {
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = () => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = undefined;
    timer = undefined;
    flush();
  };
  const pending = () => frame !== undefined || timer !== undefined;
  const now = () => {
    if (pending()) run();
  };
  document.addEventListener('visibilitychange', now);
  return {
    request: () => {
      if (pending()) return;
      if (document.hidden) timer = setTimeout(run, HIDDEN_MS);
      else frame = requestAnimationFrame(run);
    },
    now,
    close: () => {
      if (frame !== undefined) cancelAnimationFrame(frame);
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', now);
    },
  };
}
