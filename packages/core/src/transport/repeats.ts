import type { DecoderEvent } from '../chat/event.ts';
import type { EndCause } from '../dialects/dialect.ts';

/**
 * So many deltas in a row that are all the same end an answer (quirk 156). Over all recorded streams the longest such run
 * is 2. Tables, drawings and lists change every few deltas; a line of dashes sent one by one, or a word that a user wants
 * hundreds of times, stays below it. What a provider sends without end reaches it long before its maximum.
 */
export const MOST_REPEATS = 1_000;

/** Watches an answer for a delta that comes again and again; says once why the answer is to be ended. */
export function createRepeatGuard(): (events: readonly DecoderEvent[]) => EndCause | undefined {
  let last = '';
  let of = '';
  let times = 0;
  return (events) => {
    for (const event of events) {
      if (event.type !== 'text' && event.type !== 'reasoning' && event.type !== 'tool-call-arguments') continue;
      const delta = event.type === 'tool-call-arguments' ? event.delta : event.text;
      // Some send empty deltas to keep a connection alive.
      if (delta === '') continue;
      if (delta === last && event.type === of) times++;
      else {
        last = delta;
        of = event.type;
        times = 1;
      }
      if (times === MOST_REPEATS) return { kind: 'looping' };
    }
    return undefined;
  };
}
