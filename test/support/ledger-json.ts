/** JSON that carries bigints, between the ledger's test pages and the test. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, field: unknown) => (typeof field === 'bigint' ? { $bigint: String(field) } : field));
}

/** The inverse of `toJson`. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, field: unknown) =>
    typeof field === 'object' && field !== null && '$bigint' in field ? BigInt(String(field.$bigint)) : field,
  );
}
