import type { ServedModel } from './models.ts';

/** The server's own tokenizer: four bytes of UTF-8 to a token, at least one. */
export const tokensOf = (text: string): number => Math.max(1, Math.ceil(Buffer.byteLength(text) / 4));

/** The first `tokens` tokens of a text, by the same measure. */
export function firstTokens(text: string, tokens: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= tokens * 4) return text;
  return bytes
    .subarray(0, tokens * 4)
    .toString()
    .replace(/\uFFFD+$/, '');
}

/** Decimal places carried in the arithmetic below. */
const SCALE = 18;

/** "0.0000025" as an integer of 10^-18. Prices of "-1" (unknown beforehand) are charged as those of a mid-sized model. */
function scaled(price: string, whenUnknown: string): bigint {
  const [whole = '0', fraction = ''] = (price.startsWith('-') ? whenUnknown : price).split('.');
  return BigInt(whole + fraction.padEnd(SCALE, '0').slice(0, SCALE));
}

/** USD that an answer costs, as OpenRouter reports it: a JSON number. */
export function costOf(model: ServedModel, promptTokens: number, completionTokens: number): number {
  const total =
    scaled(model.prompt, '0.000001') * BigInt(promptTokens) +
    scaled(model.completion, '0.000004') * BigInt(completionTokens);
  const digits = total.toString().padStart(SCALE + 1, '0');
  return Number(`${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`);
}

/** True where a request's hard price limit (USD per million tokens) excludes the model. */
export function aboveLimit(model: ServedModel, limit: { prompt?: unknown; completion?: unknown } | undefined): boolean {
  if (!limit || model.prompt.startsWith('-')) return false;
  const above = (price: string, per: unknown) =>
    (typeof per === 'string' || typeof per === 'number') && scaled(price, '0') * 1_000_000n > scaled(String(per), '0');
  return above(model.prompt, limit.prompt) || above(model.completion, limit.completion);
}
