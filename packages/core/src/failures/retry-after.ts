/** Anything that looks headers up by name, case ignored. */
export interface HeaderLookup {
  get(name: string): string | null;
}

const SECOND = 1_000;
/** Nobody means it; a number this large is in another unit than thought. */
const LONGEST = 7 * 24 * 3_600 * SECOND;

/** A unit by how it begins; `milliseconds` and `ms` are told apart before. */
const UNIT_MS: Readonly<Record<string, number>> = {
  milli: 1,
  ms: 1,
  s: SECOND,
  m: 60 * SECOND,
  h: 3_600 * SECOND,
  d: 24 * 3_600 * SECOND,
};

/**
 * How long the response's headers ask to wait, ms; undefined where they say nothing readable.
 * @param now ms since epoch: HTTP dates and reset times are turned into waits
 */
export function retryAfterOfHeaders(headers: HeaderLookup, now: number): number | undefined {
  const told = (name: string) => headers.get(name) ?? '';
  return (
    retryAfterValue(told('retry-after-ms'), now, 1) ??
    retryAfterValue(told('retry-after'), now) ??
    resetTime(told('x-ratelimit-reset'), now)
  );
}

/**
 * The value of a `Retry-After` header: seconds, an HTTP date, or, as some write it, a duration with its units.
 * @param unit what a bare number counts, ms
 */
export function retryAfterValue(value: string, now: number, unit: number = SECOND): number | undefined {
  const count = plainNumber(value);
  if (count !== undefined) return within(count * unit);
  // Only what looks like a date: `Date.parse` makes dates of many other things.
  return /^\s*[A-Za-z]{3,9},? /.test(value) ? within(Date.parse(value) - now) : duration(value);
}

/** `X-RateLimit-Reset`: ms or seconds since epoch, or seconds from now; nobody says which. */
export function resetTime(value: string, now: number): number | undefined {
  const at = plainNumber(value);
  if (at === undefined) return undefined;
  const ms = at > 1e11 ? at : at * SECOND;
  return within(at > 1e9 ? ms - now : ms);
}

/** A duration as Google and OpenAI write it: `34.4s`, `1m30s`, `350ms`, `2h`. */
function duration(value: string): number | undefined {
  const { ms, rest } = durationIn(value);
  return rest.trim() === '' ? ms : undefined;
}

const WAIT = /(?:try again|retry|wait|available again|resets?)\D{0,24}?\b(?:in|after|for)\s+(?:about\s+)?(?=\d)/i;

/** A wait told in a sentence, such as "Please try again in 2.5s" or "retry after 20 seconds". */
export function retryAfterInWords(text: string): number | undefined {
  const told = text.slice(0, 4_000);
  const found = WAIT.exec(told);
  return found ? durationIn(told.slice(found.index + found[0].length)).ms : undefined;
}

/** An amount and its unit, long or short; no months. */
const AMOUNT = /[\s,]*(?:and\s+)?(\d+(?:\.\d+)?)\s*(milli|ms|[smhd](?!on))[a-z]*/iy;

/** The duration that a text begins with, undefined where it begins with none, and what stands behind it. */
function durationIn(text: string): { readonly ms: number | undefined; readonly rest: string } {
  AMOUNT.lastIndex = 0;
  let ms: number | undefined;
  let end = 0;
  for (let found = AMOUNT.exec(text); found; found = AMOUNT.exec(text)) {
    end = AMOUNT.lastIndex;
    ms = (ms ?? 0) + Number(found[1]) * (UNIT_MS[(found[2] as string).toLowerCase()] as number);
  }
  return { ms: ms === undefined ? undefined : within(ms), rest: text.slice(end) };
}

function plainNumber(value: string): number | undefined {
  return /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

function within(ms: number | undefined): number | undefined {
  return ms === undefined || !(ms <= LONGEST) ? undefined : Math.max(0, Math.ceil(ms));
}
