import type { Failure } from '../chat/failure.ts';
import type { Candidate } from './plan.ts';

/** What this process has learned about candidates; forgotten when it ends, as it ages within minutes anyway. */
export interface Health {
  /** Takes note of a failure that says when to come back. */
  failed(candidate: Candidate, failure: Failure, at: number): void;
  succeeded(candidate: Candidate): void;
  /** For how long it is not to be asked, ms; undefined where nothing speaks against it. */
  restOf(candidate: Candidate, now: number): number | undefined;
}

/** A provider that names a longer wait is asked again after this all the same: such waits are often wrong. */
const LONGEST_REST_MS = 5 * 60_000;

/** Honours every Retry-After, per model and key: another key of the same provider has limits of its own. */
export function createHealth(): Health {
  const rests = new Map<string, number>();
  const nameOf = ({ provider, modelId, key }: Candidate) => `${provider.id} ${key?.id ?? ''} ${modelId}`;
  return {
    failed: (candidate, { retryAfterMs }, at) => {
      if (retryAfterMs !== undefined) rests.set(nameOf(candidate), at + Math.min(retryAfterMs, LONGEST_REST_MS));
    },
    succeeded: (candidate) => {
      rests.delete(nameOf(candidate));
    },
    restOf: (candidate, now) => {
      const rest = (rests.get(nameOf(candidate)) ?? now) - now;
      // A longer one was noted by a clock that ran ahead.
      return rest > 0 && rest <= LONGEST_REST_MS ? rest : undefined;
    },
  };
}
