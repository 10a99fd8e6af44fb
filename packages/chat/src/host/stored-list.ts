import type { ModelList } from '@patchbay/core';
import * as z from 'zod/mini';

const usd = z.optional(z.string());
const amount = z.optional(z.number());
const words = z.optional(z.array(z.string()));

const terms = {
  input: usd,
  output: usd,
  cacheRead: usd,
  cacheWrite: usd,
  cacheWrite1h: usd,
  reasoning: usd,
  imageOutput: usd,
  request: usd,
  image: usd,
  webSearch: usd,
};
const tier = z.looseObject({ ...terms, abovePromptTokens: amount, utcStart: amount, utcEnd: amount });

const model = z.looseObject({
  id: z.string(),
  name: z.optional(z.string()),
  description: z.optional(z.string()),
  contextTokens: amount,
  maxContextTokens: amount,
  maxOutputTokens: amount,
  input: words,
  output: words,
  parameters: words,
  aliases: words,
  reasoning: z.optional(z.looseObject({ efforts: words })),
  price: z.optional(z.looseObject({ ...terms, tiers: z.optional(z.array(tier)) })),
  free: z.optional(z.boolean()),
  chat: z.optional(z.literal(false)),
  expires: z.optional(z.string()),
});

const list = z.looseObject({
  v: z.literal(1),
  provider: z.string(),
  keyId: z.optional(z.string()),
  baseUrl: z.string(),
  complete: z.boolean(),
  models: z.array(model),
  fetchedAt: z.number(),
});

/**
 * Is this a list of models as this version stores them? One of another version, or one that something else wrote to, is
 * none: it is public knowledge, and is asked for again.
 */
export function isStoredList(value: unknown): value is ModelList {
  return z.safeParse(list, value).success;
}
