import * as z from 'zod/mini';
import type { Json } from '../chat/json.ts';
import type { Policy } from '../spending/ledger.ts';

/** Version of the sealed form; a change of shape gets the next number and keeps reading this one. */
export const SEALED_POLICY_VERSION = 1;

/** Money as decimal strings of nano-USD, since the sealed form is JSON and JSON has no bigint. */
const amount = z.string().check(z.regex(/^(0|[1-9]\d*)$/));

/** Closed and strict: a policy that cannot be read in full must lock the key, never loosen it. */
const sealedPolicy = z.strictObject({
  v: z.literal(SEALED_POLICY_VERSION),
  version: z.int().check(z.gte(0)),
  caps: z.array(z.strictObject({ limit: amount, window: z.enum(['day', 'week', 'month', 'total']) })),
  scope: z.optional(
    z.strictObject({
      models: z.optional(z.array(z.string())),
      perRequest: z.optional(amount),
      notAfter: z.optional(z.number()),
    }),
  ),
});

/** What is sealed beside the secret. */
export function policyToJson(policy: Policy): Json {
  const { version, caps, scope } = policy;
  return {
    v: SEALED_POLICY_VERSION,
    version,
    caps: caps.map((cap) => ({ limit: cap.limit.toString(), window: cap.window })),
    ...(scope && {
      scope: {
        ...(scope.models && { models: [...scope.models] }),
        ...(scope.perRequest !== undefined && { perRequest: scope.perRequest.toString() }),
        ...(scope.notAfter !== undefined && { notAfter: scope.notAfter }),
      },
    }),
  };
}

/** Undefined where anything at all about it cannot be read: the caller then refuses to use the key. */
export function policyFromJson(value: unknown): Policy | undefined {
  const parsed = sealedPolicy.safeParse(value);
  if (!parsed.success) return undefined;
  const { version, caps, scope } = parsed.data;
  return {
    version,
    caps: caps.map((cap) => ({ limit: BigInt(cap.limit), window: cap.window })),
    ...(scope && {
      scope: {
        ...(scope.models && { models: scope.models }),
        ...(scope.perRequest !== undefined && { perRequest: BigInt(scope.perRequest) }),
        ...(scope.notAfter !== undefined && { notAfter: scope.notAfter }),
      },
    }),
  };
}

/** Yes, or what keeps the key from it: `reason` goes on from "the key “label” …". */
export type ScopeCheck = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * May a key be used for this model now? The price per request is the reservation's matter, not this one's.
 * @param now ms since epoch
 */
export function allows(policy: Policy, model: string, now: number): ScopeCheck {
  const { models, notAfter } = policy.scope ?? {};
  if (notAfter !== undefined && now > notAfter) {
    return { ok: false, reason: `may not be used after ${new Date(notAfter).toISOString().slice(0, 10)}` };
  }
  if (models && !models.some((pattern) => matchesGlob(pattern, model))) {
    return { ok: false, reason: 'may not be used for this model' };
  }
  return { ok: true };
}

/** `*` stands for any run of characters; everything else stands for itself. Linear in the text for each star. */
function matchesGlob(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return pattern === text;
  if (!text.startsWith(head) || text.length < head.length + tail.length || !text.endsWith(tail)) return false;
  let at = head.length;
  const end = text.length - tail.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
