import type { DecoderEvent } from '../chat/event.ts';
import type { EndCause } from '../dialects/dialect.ts';

/**
 * So many deltas in a row that are all the same end an answer (quirk 156). Over all recorded streams the longest such run
 * is 2. Tables, drawings and lists change every few deltas; a line of dashes sent one by one, or a word that a user wants
 * hundreds of times, stays below it. What a provider sends without end reaches it long before its maximum.
 */
export const MOST_REPEATS = 1_000;

/** Longest text that is noticed when it comes again and again, in characters, however it is cut into deltas: a paragraph. */
export const LONGEST_PERIOD = 512;
/**
 * Characters that a text which came more than `MOST_REPEATS` times must pass to end an answer. Whoever wants a line of 50
 * characters a thousand times, or an embedding of 3,072 zeros (`0.0, `), stays below it or has it no oftener; “I am sorry. ”
 * without end reaches it within the 8,192 tokens of an answer's usual maximum.
 */
export const SHORT_LOOP = 16_000;
/** The same, however often it came: a line of 100 characters 500 times, or a matrix of 128 rows of 128 zeros, does not. */
export const LONG_LOOP = 50_000;
/** Characters that are looked at in one go, by native searches alone. */
const BLOCK = 4_096;

/** Watches an answer, in bounded space, for what comes again and again; says why it is to be ended, and is asked no more. */
export function createRepeatGuard(): (events: readonly DecoderEvent[]) => EndCause | undefined {
  let last = '';
  let of = '';
  let times = 0;
  /** What has not been looked at yet, and the end of what has. */
  let held = '';
  let before = '';
  /** How long a text has been going round, in characters up to `held`, and in which period; 0: it does not. */
  let round = 0;
  let period = 0;

  const goesRound = (): boolean => {
    // Of what goes round, a piece as long as the longest period is found again after one whole period, and no earlier.
    const next = held.slice(1, 2 * LONGEST_PERIOD).indexOf(held.slice(0, LONGEST_PERIOD)) + 1;
    const periodic = next > 0 && held.slice(next) === held.slice(0, -next);
    const goesOn = periodic && next === period && held.startsWith(before.slice(-next));
    round = periodic ? held.length + (goesOn ? round : 0) : 0;
    period = next;
    before = held.slice(-LONGEST_PERIOD);
    held = '';
    return round > LONG_LOOP || (round > SHORT_LOOP && round > MOST_REPEATS * period);
  };

  return (events) => {
    for (const event of events) {
      if (event.type !== 'text' && event.type !== 'reasoning' && event.type !== 'tool-call-arguments') continue;
      const delta = event.type === 'tool-call-arguments' ? event.delta : event.text;
      // Some send empty deltas to keep a connection alive.
      if (delta === '') continue;
      if (delta === last && event.type === of) times++;
      else {
        if (event.type !== of) {
          held = '';
          round = 0;
        }
        last = delta;
        of = event.type;
        times = 1;
      }
      held += delta;
      if (times === MOST_REPEATS || (held.length >= BLOCK && goesRound())) return { kind: 'looping' };
    }
    return undefined;
  };
}
