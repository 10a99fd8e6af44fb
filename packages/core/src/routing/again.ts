import type { Failure } from '../chat/failure.ts';
import { refusesStreaming } from '../failures/classify.ts';
import type { Candidate } from './plan.ts';

/** Asking the same place once more, before anybody else is asked. */
export interface Again {
  readonly waitMs: number;
  /** The candidate as it is asked now. */
  readonly candidate: Candidate;
  /** The model does not stream: worth remembering, and no failure that anybody has to hear of. */
  readonly learned?: 'whole';
}

/** A wait that a person hardly notices. */
const SHORT_WAIT_MS = 2_000;

/**
 * The rule for a failure that its own candidate may mend:
 *
 * - a model that refuses to stream is asked for its answer in one piece, at once;
 * - a wait of at most 2 seconds that the provider itself named is waited out, once;
 * - anything else moves on to the next candidate, and a longer wait is remembered (`health`), so that later requests with
 *   alternatives pass it over until the wait is over. Without a named wait nobody is asked twice.
 */
export function again(candidate: Candidate, failure: Failure): Again | undefined {
  if (!candidate.whole && refusesStreaming(failure)) {
    return { waitMs: 0, candidate: { ...candidate, whole: true }, learned: 'whole' };
  }
  const { retryable, retryAfterMs } = failure;
  if (!retryable || retryAfterMs === undefined || retryAfterMs > SHORT_WAIT_MS || candidate.waited) return undefined;
  return { waitMs: retryAfterMs, candidate: { ...candidate, waited: true } };
}

/** Resolves after a while, at once when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
