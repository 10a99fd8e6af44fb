/** More than a clock is off when it asks for the time. */
const CORRECTION_MS = 60_000;

/**
 * Has a vault been left alone for so long that it locks itself?
 * @param usedAt time of the last use, ms since epoch; undefined where nobody knows, which locks
 * @param minutes undefined: it never does
 */
export function leftAlone(usedAt: number | undefined, minutes: number | undefined, now: number): boolean {
  if (minutes === undefined) return false;
  if (usedAt === undefined) return true;
  const idle = now - usedAt;
  // A clock that was set back says nothing about how long ago that was; one that is put right moves by less.
  return idle > minutes * 60_000 || idle < -CORRECTION_MS;
}
