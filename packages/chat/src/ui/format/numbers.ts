import { strings } from '../strings.ts';

let compactFormat: Intl.NumberFormat | undefined;
let wholeFormat: Intl.NumberFormat | undefined;

/** `1.2K`, `128K`, `1M`. */
export function compact(count: number): string {
  compactFormat ??= new Intl.NumberFormat(strings.locale, { notation: 'compact', maximumFractionDigits: 1 });
  return compactFormat.format(count);
}

/** `1,234`. */
export function whole(count: number): string {
  wholeFormat ??= new Intl.NumberFormat(strings.locale);
  return wholeFormat.format(count);
}

/** `340 B`, `1.2 MB`. */
export function bytes(count: number): string {
  const units = strings.units.bytes;
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/**
 * A number as a person types it, NaN where it is none. A decimal may have a comma for its point; a whole number may be
 * parted into thousands by a comma, a point, a space or an apostrophe, which is never read as a point.
 */
export function numberIn(text: string, whole: boolean): number {
  const bare = text.trim();
  if (!whole) return /^(?:\d+[.,]?\d*|[.,]\d+)$/.test(bare) ? Number(bare.replace(',', '.')) : Number.NaN;
  return /^(?:\d+|\d{1,3}(?:[,.\s'’]\d{3})+)$/.test(bare) ? Number(bare.replaceAll(/\D/g, '')) : Number.NaN;
}
