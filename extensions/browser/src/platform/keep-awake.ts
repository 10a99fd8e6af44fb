/** Browsers stop a background that has called no extension API for 30 s, streams and open ports notwithstanding. */
const BEAT_MS = 20_000;

/**
 * Returns a function that keeps an event-driven background alive until a promise settles: while any is pending, `beat`
 * is called at once and every 20 s, and never otherwise.
 * @param beat any extension API call; its failure is of no interest
 */
export function createKeepAwake(beat: () => Promise<unknown>): (until: Promise<unknown>) => void {
  let pending = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const once = () => {
    beat().catch(() => undefined);
  };
  const release = () => {
    pending -= 1;
    if (pending === 0) clearInterval(timer);
  };
  return (until) => {
    pending += 1;
    if (pending === 1) {
      once();
      timer = setInterval(once, BEAT_MS);
    }
    until.then(release, release);
  };
}
