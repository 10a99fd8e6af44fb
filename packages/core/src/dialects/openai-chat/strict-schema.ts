import type { Json } from '../../chat/json.ts';

/** Deepest schema looked into; deeper ones count as not strict. */
const MAX_DEPTH = 32;

/**
 * Would OpenAI's strict mode take this JSON Schema? Every object must be closed and every property required (quirk 53).
 */
export function isStrictSchema(schema: Json, depth: number = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(schema)) return schema.every((one) => isStrictSchema(one, depth + 1));
  if (typeof schema !== 'object' || schema === null) return true;
  const node = schema as { readonly [key: string]: Json };
  const properties = node.properties;
  const isObject = node.type === 'object' || (Array.isArray(node.type) && node.type.includes('object'));
  if (isObject || properties !== undefined) {
    if (node.additionalProperties !== false) return false;
    const required: readonly Json[] = Array.isArray(node.required) ? node.required : [];
    if (!Object.keys(properties ?? {}).every((name) => required.includes(name))) return false;
  }
  const nested = ['properties', '$defs', 'definitions'].flatMap((name) => Object.values(node[name] ?? {}));
  const others = ['items', 'anyOf', 'allOf', 'oneOf', 'prefixItems'].map((name) => node[name] ?? null);
  return [...nested, ...others].every((one) => isStrictSchema(one, depth + 1));
}
