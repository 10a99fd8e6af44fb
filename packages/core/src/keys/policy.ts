import type { Json } from '../chat/json.ts';
import type { Cap, Policy } from '../spending/ledger.ts';

/** Version of the sealed form; a change of shape gets the next number and keeps reading this one. */
export const SEALED_POLICY_VERSION = 1;

/** What a sealed object holds, or undefined where it is none or holds anything else: a restriction nobody knows is not to be overlooked. */
function fieldsOf(value: unknown, names: readonly string[]): { readonly [name: string]: unknown } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.keys(value).every((name) => names.includes(name))
    ? (value as { readonly [name: string]: unknown })
    : undefined;
}

/** Money is sealed as decimal strings of nano-USD, since JSON has no bigint. */
function amountOf(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^(0|[1-9]\d*)$/.test(value) ? BigInt(value) : undefined;
}

const WINDOWS: readonly unknown[] = ['day', 'week', 'month', 'total'] satisfies Cap['window'][];

function capOf(value: unknown): Cap | undefined {
  const fields = fieldsOf(value, ['limit', 'window']);
  const limit = amountOf(fields?.limit);
  if (limit === undefined || !WINDOWS.includes(fields?.window)) return undefined;
  return { limit, window: fields?.window as Cap['window'] };
}

function scopeOf(value: unknown): NonNullable<Policy['scope']> | undefined {
  const fields = fieldsOf(value, ['models', 'perRequest', 'notAfter']);
  if (!fields) return undefined;
  const { models, notAfter } = fields;
  const perRequest = amountOf(fields.perRequest);
  if (models !== undefined && !(Array.isArray(models) && models.every((model) => typeof model === 'string'))) return;
  if (fields.perRequest !== undefined && perRequest === undefined) return;
  if (notAfter !== undefined && !Number.isFinite(notAfter)) return;
  return {
    ...(models !== undefined && { models: models as readonly string[] }),
    ...(perRequest !== undefined && { perRequest }),
    ...(notAfter !== undefined && { notAfter: notAfter as number }),
  };
}

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

/**
 * Closed and strict. Undefined where anything at all about it cannot be read: the caller then refuses to use the key, so
 * that a policy locks too much sooner than too little. By hand, since this is all that the gateway would need zod for.
 */
export function policyFromJson(value: unknown): Policy | undefined {
  const fields = fieldsOf(value, ['v', 'version', 'caps', 'scope']);
  if (fields?.v !== SEALED_POLICY_VERSION || !Array.isArray(fields.caps)) return undefined;
  const version = fields.version as number;
  if (!Number.isSafeInteger(version) || version < 0) return undefined;
  const caps = fields.caps.map(capOf);
  if (!caps.every((cap) => cap !== undefined)) return undefined;
  if (fields.scope === undefined) return { version, caps };
  const scope = scopeOf(fields.scope);
  return scope && { version, caps, scope };
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
