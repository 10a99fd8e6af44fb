/** Anything that looks headers up by name, case ignored. */
export interface HeaderLookup {
  get(name: string): string | null;
}

const SECOND = 1_000;
/** Nobody means it; a number this large is in another unit than thought. */
const LONGEST = 7 * 24 * 3_600 * SECOND;

const UNIT_MS: Readonly<Record<string, number>> = {
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
  return (
    milliseconds(headers.get('retry-after-ms')) ??
    retryAfterValue(headers.get('retry-after'), now) ??
    resetTime(headers.get('x-ratelimit-reset'), now)
  );
}

/** The value of a `Retry-After` header: seconds, or an HTTP date. */
export function retryAfterValue(value: string | null | undefined, now: number): number | undefined {
  if (value === null || value === undefined) return undefined;
  const seconds = plainNumber(value, SECOND);
  if (seconds !== undefined) return seconds;
  // Only what looks like a date: `Date.parse` makes dates of many other things.
  if (!/^[A-Za-z]{3,9},? /.test(value.trim())) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : within(at - now);
}

/** `X-RateLimit-Reset`: ms or seconds since epoch, or seconds from now; nobody says which. */
export function resetTime(value: string | number | null | undefined, now: number): number | undefined {
  const at = typeof value === 'number' ? value : plainNumber(value, 1);
  if (at === undefined) return undefined;
  if (at > 1e11) return within(at - now);
  if (at > 1e9) return within(at * SECOND - now);
  return within(at * SECOND);
}

/** A duration as Google and OpenAI write it: `34.4s`, `1m30s`, `350ms`, `2h`. */
export function duration(value: string): number | undefined {
  const text = value.trim().toLowerCase();
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text.replace(/(?<=[a-z])\s+(?=\d)/g, ''))
    return undefined;
  return within(parts.reduce((sum, part) => sum + Number(part[1]) * (UNIT_MS[part[2] as string] as number), 0));
}

const IN_WORDS =
  /(?:try again|retry|wait|available again|reset[s]?)\D{0,24}?\b(?:in|after|for)\s+(?:about\s+)?((?:\d+(?:\.\d+)?\s*(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)\b[\s,and]*)+|(?:\d+(?:\.\d+)?(?:ms|[smhd]))+)/i;

/** A wait told in a sentence, such as "Please try again in 2.5s" or "retry after 20 seconds". */
export function retryAfterInWords(text: string): number | undefined {
  const told = IN_WORDS.exec(text.slice(0, 4_000))?.[1];
  if (told === undefined) return undefined;
  const short = told
    .toLowerCase()
    .replace(/milliseconds?/g, 'ms')
    .replace(/(\d\s*)(?:seconds?|secs?)/g, '$1s')
    .replace(/(\d\s*)(?:minutes?|mins?)/g, '$1m')
    .replace(/(\d\s*)(?:hours?|hrs?)/g, '$1h')
    .replace(/(\d\s*)days?/g, '$1d')
    .replace(/(?:,|\band\b)/g, ' ')
    .replace(/\s+/g, '');
  return duration(short);
}

function milliseconds(value: string | null): number | undefined {
  const ms = plainNumber(value, 1);
  return ms === undefined ? undefined : within(ms);
}

function plainNumber(value: string | null | undefined, unit: number): number | undefined {
  const text = value?.trim();
  if (!text || !/^\d+(?:\.\d+)?$/.test(text)) return undefined;
  const ms = Number(text) * unit;
  return unit === 1 ? ms : within(ms);
}

function within(ms: number): number | undefined {
  if (!Number.isFinite(ms) || ms > LONGEST) return undefined;
  return Math.max(0, Math.ceil(ms));
}
