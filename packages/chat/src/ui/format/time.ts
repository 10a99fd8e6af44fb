import { strings } from '../strings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formatters are made when first needed: each costs as much as a small component. */
function format(options: Intl.DateTimeFormatOptions, time: number): string {
  const key = JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(strings.locale, options);
    formats.set(key, made);
  }
  return made.format(time);
}

/** When something was, as short as it stays clear: `14:05`, `Mon`, `3 Nov`, `3 Nov 2025`. Times are ms since epoch. */
export function shortTime(then: number, now: number): string {
  const day = startOfDay(now);
  if (then >= day) return format({ hour: 'numeric', minute: '2-digit' }, then);
  if (then >= day - 6 * DAY) return format({ weekday: 'short' }, then);
  const thisYear = new Date(then).getFullYear() === new Date(now).getFullYear();
  return format({ day: 'numeric', month: 'short', ...(!thisYear && { year: 'numeric' }) }, then);
}

/** Date and time in full. */
export const fullTime = (then: number): string => format({ dateStyle: 'medium', timeStyle: 'short' }, then);

/** How long until `then`: `in 40 s`, `in 5 min`, `in 3 h`, `in 4 d`. */
export function until(then: number, now: number): string {
  return strings.time.in(duration(Math.max(0, then - now)));
}

/** `850 ms`, `4.2 s`, `3 min`, `5 h`, `2 d`. */
export function duration(ms: number): string {
  const { units } = strings;
  if (ms < 1000) return `${Math.round(ms)} ${units.millisecond}`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} ${units.second}`;
  if (ms < MINUTE) return `${Math.round(ms / 1000)} ${units.second}`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} ${units.minute}`;
  if (ms < DAY) return `${Math.round(ms / HOUR)} ${units.hour}`;
  return `${Math.round(ms / DAY)} ${units.day}`;
}

export type Age = 'today' | 'yesterday' | 'week' | 'older';

/** Which heading of a list by date something belongs under. */
export function age(then: number, now: number): Age {
  const day = startOfDay(now);
  if (then >= day) return 'today';
  if (then >= day - DAY) return 'yesterday';
  return then >= day - 7 * DAY ? 'week' : 'older';
}

function startOfDay(time: number): number {
  const day = new Date(time);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}
