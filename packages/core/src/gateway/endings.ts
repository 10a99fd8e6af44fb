import type { ChatEvent } from '../chat/event.ts';
import type { Failure } from '../chat/failure.ts';

export type Finish = Extract<ChatEvent, { type: 'finish' }>;

/** Nothing of an answer came. */
export function failedWith(failure: Failure): Finish {
  return { type: 'finish', reason: failure.kind === 'aborted' ? 'interrupted' : 'error', failure };
}

/** A model that is asked to continue an answer which was complete has nothing to add, and says so with its finish alone. */
export function nothingToAdd(finish: Finish): Finish {
  const { failure, nativeReason } = finish;
  const ended = failure?.kind === 'malformed-output' && nativeReason !== undefined;
  return ended ? { type: 'finish', reason: 'stop', nativeReason } : finish;
}
