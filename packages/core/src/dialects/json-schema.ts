import type { Json } from '../chat/json.ts';
import { isFields } from './values.ts';

/** A schema under construction. */
export type Node = Record<string, Json>;

/** Maps of names to schemas: their keys are names, whatever they are called. */
const NAMED = new Set(['properties', '$defs', 'definitions', 'patternProperties']);
/** Values, not schemas, whatever they look like. */
const VALUES = new Set(['enum', 'const', 'default', 'examples', 'required']);

/**
 * A JSON Schema with each schema in it rewritten, from the inside out.
 * @param rewrite gets a schema whose own parts are done, to change as it likes
 */
export function mapSchema(schema: Json, rewrite: (node: Node) => void): Json {
  if (Array.isArray(schema)) return schema.map((one) => mapSchema(one, rewrite));
  if (!isFields(schema)) return schema;
  const node = mapValues(schema as Node, (value, key) => {
    if (VALUES.has(key)) return value;
    return NAMED.has(key) && isFields(value)
      ? mapValues(value as Node, (one) => mapSchema(one, rewrite))
      : mapSchema(value, rewrite);
  });
  rewrite(node);
  return node;
}

function mapValues(node: Node, map: (value: Json, key: string) => Json): Node {
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, map(value, key)]));
}
