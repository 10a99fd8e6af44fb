import type { Json } from '../../chat/json.ts';

/**
 * A JSON Schema as Google takes it (quirk 123): no `$schema`, no `additionalProperties`, a constant as an enumeration of
 * one, and no object without a type.
 */
export function googleSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(googleSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: Record<string, Json> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$schema' || key === 'additionalProperties') continue;
    if (key === 'const') out.enum = [value];
    else if (key === 'properties' || key === '$defs' || key === 'definitions') out[key] = mapped(value);
    else if (key === 'enum' || key === 'default' || key === 'required' || key === 'examples') out[key] = value;
    else out[key] = googleSchema(value);
  }
  if (out.properties !== undefined && out.type === undefined) out.type = 'object';
  return out;
}

/** A map of names to schemas: its keys are names, whatever they are called. */
function mapped(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, googleSchema(schema as Json)]));
}

/** True for arguments that there are none of: such an object is refused, so it is left out. */
export function isEmptyObject(schema: { readonly [key: string]: Json }): boolean {
  const { properties } = schema;
  const none =
    properties === undefined ||
    (typeof properties === 'object' && properties !== null && Object.keys(properties).length === 0);
  return (
    none &&
    schema.anyOf === undefined &&
    schema.oneOf === undefined &&
    schema.$ref === undefined &&
    schema.allOf === undefined
  );
}
