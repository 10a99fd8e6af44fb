import type { Json } from '../../chat/json.ts';
import { mapSchema } from '../json-schema.ts';

/**
 * A JSON Schema as Google takes it (quirk 123): no `$schema`, no `additionalProperties`, a constant as an enumeration of
 * one, and no object without a type.
 */
export function googleSchema(schema: Json): Json {
  return mapSchema(schema, (node) => {
    delete node.$schema;
    delete node.additionalProperties;
    if (node.const !== undefined) node.enum = [node.const];
    delete node.const;
    if (node.properties !== undefined) node.type ??= 'object';
  });
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
