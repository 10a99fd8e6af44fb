/**
 * Has a vault been left alone for so long that it locks itself?
 * @param usedAt time of the last use, ms since epoch; undefined where nobody knows, which locks
 * @param minutes undefined: it never does
 */
export function leftAlone(usedAt: number | undefined, minutes: number | undefined, now: number): boolean {
  if (minutes === undefined) return false;
  return usedAt === undefined || now - usedAt > minutes * 60_000;
}
