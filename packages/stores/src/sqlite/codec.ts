/**
 * JSON in which whole numbers of any size survive: a bigint stands as `{"bigint":"123"}`. SQLite's own integers end at 64
 * bits, and money must not.
 */
export function encode(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? { bigint: one.toString() } : one));
}

/** The reverse of `encode`. Throws on text that is no JSON. */
export function decode(text: string): unknown {
  return JSON.parse(text, (_, one) => (isBigint(one) ? BigInt(one.bigint) : one));
}

function isBigint(value: unknown): value is { bigint: string } {
  if (typeof value !== 'object' || value === null || !('bigint' in value)) return false;
  return typeof value.bigint === 'string' && Object.keys(value).length === 1;
}
