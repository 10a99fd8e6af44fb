const encoder = new TextEncoder();

/**
 * About how many tokens a text has, for showing what a context costs before it is sent: UTF-8 bytes over four, rounded
 * up, which is within a third for code and English in the common tokenizers. Money never depends on it: a reservation
 * is made on bytes.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(encoder.encode(text).length / 4);
}

/** `980`, `1.2k`, `35k`, `1.2M`: how a count of tokens is shown. */
export function formatTokens(count: number): string {
  const short = (value: number, unit: string) =>
    `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)}${unit}`;
  if (count < 1000) return String(count);
  if (count < 999_500) return short(count / 1000, 'k');
  return short(count / 1_000_000, 'M');
}
