/** Longer than any price; keeps a hostile list from costing time. */
const LONGEST = 64;
const DECIMAL = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/;

/**
 * A published amount as a plain decimal string without exponent or trailing zeros, digit for digit the same value.
 * Undefined for what is no amount: a negative ("-1" is OpenRouter's word for unknown), an empty text, anything else.
 */
export function decimalOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.length > LONGEST) return undefined;
  const match = DECIMAL.exec(text.trim());
  if (!match) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  return movePoint(whole + fraction, fraction.length - Number(exponent));
}

/** The same amount divided by ten to the `places`: a price per million tokens becomes one per token with 6. */
export function shiftDecimal(decimal: string, places: number): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  return movePoint(whole + fraction, fraction.length + places);
}

/** The larger of two plain decimals, exactly. */
export function maxDecimal(a: string, b: string): string {
  return scaled(a) >= scaled(b) ? a : b;
}

export function isZero(decimal: string): boolean {
  return /^[0.]*$/.test(decimal);
}

function movePoint(digits: string, decimals: number): string {
  const all = decimals > 0 ? digits.padStart(decimals + 1, '0') : digits + '0'.repeat(-decimals);
  const at = decimals > 0 ? all.length - decimals : all.length;
  const whole = all.slice(0, at).replace(/^0+(?=\d)/, '');
  const fraction = all.slice(at).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Both operands of a comparison in one unit, far below any published digit. */
function scaled(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(2 * LONGEST, '0'));
}
