import type { NanoUsd } from './ledger.ts';

/** Integer 10^-24 USD: published prices have up to 22 decimals, and none of them may be rounded before the sum. */
export type ExactUsd = bigint;

const EXACT_DECIMALS = 24;
const NANO_DECIMALS = 9;
const EXACT_PER_NANO = 10n ** BigInt(EXACT_DECIMALS - NANO_DECIMALS);

const DECIMAL = /^(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$|^\.(\d+)(?:[eE]([+-]?\d{1,4}))?$/;
/** Longer than any number that means money; keeps a hostile price list from costing time. */
const LONGEST = 400;
/** 10^24 USD: more is a mistake, not a price. */
const MOST: ExactUsd = 10n ** BigInt(EXACT_DECIMALS + 24);

/**
 * Reads an amount of USD as published: plain decimals, or e-notation as JavaScript prints small numbers. Decimals beyond
 * the 24th round up. Undefined for everything that is no amount: "-1" (OpenRouter's word for unknown) and any other
 * negative, an empty text, garbage, more than 10^24.
 */
export function parseUsd(text: string): ExactUsd | undefined {
  const trimmed = text.length > LONGEST ? '' : text.trim();
  const match = DECIMAL.exec(trimmed);
  if (!match) return undefined;
  const whole = match[1] ?? '';
  const fraction = match[2] ?? match[4] ?? '';
  const exponent = Number(match[3] ?? match[5] ?? 0);
  const digits = BigInt(whole + fraction);
  if (digits === 0n) return 0n;
  const shift = EXACT_DECIMALS + exponent - fraction.length;
  if (shift > 2 * LONGEST) return undefined;
  const exact = shift >= 0 ? digits * 10n ** BigInt(shift) : ceilDivide(digits, 10n ** BigInt(-shift));
  return exact > MOST ? undefined : exact;
}

/** A request's total: the one place where money is rounded, and always up. */
export function nanoUsdUp(exact: ExactUsd): NanoUsd {
  return ceilDivide(exact, EXACT_PER_NANO);
}

/** For limits that a person types: a cap is never larger than what was typed. */
export function nanoUsdDown(exact: ExactUsd): NanoUsd {
  return exact / EXACT_PER_NANO;
}

/** The same amount in the finer unit, exactly. */
export function exactUsd(nano: NanoUsd): ExactUsd {
  return nano * EXACT_PER_NANO;
}

/** An exact decimal string for ports and records, such as `0.0021`, `12`, `-0.5`: no exponent, no trailing zeros. */
export function formatUsd(nano: NanoUsd): string {
  return formatDecimal(nano, NANO_DECIMALS);
}

/** The same for an exact amount. */
export function formatExactUsd(exact: ExactUsd): string {
  return formatDecimal(exact, EXACT_DECIMALS);
}

/**
 * For people: `$0`, `<$0.0001`, `$0.0021`, `$0.25`, `$12.35`. Rounds half up to four decimals below one dollar and two
 * from there on; what is shown is never what is counted.
 */
export function displayUsd(nano: NanoUsd): string {
  if (nano < 0n) return `−${displayUsd(-nano)}`;
  if (nano === 0n) return '$0';
  if (nano < 100_000n) return '<$0.0001';
  const decimals = nano < 1_000_000_000n ? 4 : 2;
  const unit = 10n ** BigInt(NANO_DECIMALS - decimals);
  const [whole = '0', fraction = ''] = formatDecimal((nano + unit / 2n) / unit, decimals).split('.');
  return `$${whole}.${fraction.padEnd(2, '0')}`;
}

/**
 * Rounds the parts of one total so that they add up to it: each gets its whole nano-USD, and what is left goes to the
 * largest remainders (the first of equals). A part of zero stays zero.
 * @param parts not negative
 * @param total `nanoUsdUp` of their sum
 */
export function splitNanoUsd(parts: readonly ExactUsd[], total: NanoUsd): NanoUsd[] {
  const rounded = parts.map((part) => part / EXACT_PER_NANO);
  let missing = total - rounded.reduce((sum, part) => sum + part, 0n);
  const order = parts
    .map((part, index) => ({ index, remainder: part % EXACT_PER_NANO }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of order) {
    if (missing <= 0n) break;
    rounded[index] = (rounded[index] ?? 0n) + 1n;
    missing -= 1n;
  }
  return rounded;
}

function ceilDivide(value: bigint, by: bigint): bigint {
  return value / by + (value % by > 0n ? 1n : 0n);
}

function formatDecimal(value: bigint, decimals: number): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return `${negative ? '-' : ''}${digits.slice(0, -decimals)}${fraction && `.${fraction}`}`;
}
