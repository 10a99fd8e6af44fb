import { strings } from '../strings.ts';

/** 10^-12 USD: finer than any price that is shown. */
const SCALE = 12;
const ONE = 10n ** BigInt(SCALE);

/** A decimal string of USD, as the contract carries it, as an integer of 10^-12 USD; what cannot be read is undefined. */
export function parseUsd(usd: string): bigint | undefined {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(usd.trim());
  if (!found) return undefined;
  const [, sign, whole = '0', fraction = ''] = found;
  const value = BigInt(whole) * ONE + BigInt(fraction.slice(0, SCALE).padEnd(SCALE, '0'));
  return sign ? -value : value;
}

/** An amount as a person types it, in the contract's form: a dollar sign is forgiven, and a point without digits beside it. */
export function amountIn(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^\$\s*/, '')
    .replace(/^\.(?=\d)/, '0.')
    .replace(/\.$/, '');
  return /^\d{1,12}(?:\.\d{1,24})?$/.test(bare) ? bare : undefined;
}

const formats = new Map<number, Intl.NumberFormat>();

function format(fractionDigits: number, least = fractionDigits): Intl.NumberFormat {
  const key = fractionDigits * 100 + least;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(strings.locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: least,
    maximumFractionDigits: fractionDigits,
  });
  formats.set(key, made);
  return made;
}

/** Intl formats decimal strings exactly; only its type does not say so yet. */
const exactly = (formatter: Intl.NumberFormat, decimal: string) => formatter.format(decimal as unknown as number);

function toDecimal(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(SCALE + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
}

/** An amount at the precision at which it still says something: `$12.40`, `$0.042`, `$0.0031`, `<$0.0001`. */
export function formatUsd(usd: string): string {
  const value = parseUsd(usd);
  if (value === undefined) return usd;
  const size = value < 0n ? -value : value;
  if (size === 0n) return exactly(format(0), '0');
  if (size < ONE / 10_000n) return strings.money.lessThan(exactly(format(4), '0.0001'));
  if (size < ONE / 100n) return exactly(format(4, 2), toDecimal(value));
  if (size < ONE) return exactly(format(3, 2), toDecimal(value));
  return exactly(format(2), toDecimal(value));
}

/** Every digit of an amount, for whoever wants to know. */
export function formatUsdExact(usd: string): string {
  return parseUsd(usd) === undefined ? usd : exactly(format(SCALE, 2), usd.trim());
}

/** A price per million tokens, without trailing zeros: `$0.4`, `$15`, `$0.075`. */
export function formatPrice(usd: string): string {
  return parseUsd(usd) === undefined ? usd : exactly(format(6, 0), usd.trim());
}

/** `part` of `whole` in thousandths, 0 to 1000; 1000 where the whole is nothing. */
export function permille(part: bigint, whole: bigint): number {
  if (whole <= 0n) return 1000;
  const share = (part * 1000n) / whole;
  return share < 0n ? 0 : share > 1000n ? 1000 : Number(share);
}

/** What is left of an amount without others, not below zero, as a decimal string. */
export function lessUsd(usd: string, others: readonly string[]): string {
  const left = (parseUsd(usd) ?? 0n) - (parseUsd(sumUsd(others)) ?? 0n);
  return toDecimal(left > 0n ? left : 0n);
}

/** Sum of amounts as a decimal string. */
export function sumUsd(amounts: readonly string[]): string {
  return toDecimal(amounts.reduce((sum, usd) => sum + (parseUsd(usd) ?? 0n), 0n));
}
