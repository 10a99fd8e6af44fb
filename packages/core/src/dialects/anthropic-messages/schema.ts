import type { Json } from '../../chat/json.ts';

/** Words that Anthropic's structured output refuses; what they demand is told in the description instead. */
const REFUSED = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'contains',
]);

/**
 * A JSON Schema as Anthropic's structured output takes it: every object closed, and no bounds on numbers, lengths or
 * counts (docs.claude.com, structured outputs, JSON Schema limitations). A bound moves into the description, where the
 * model still reads it.
 */
export function closedSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closedSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: Record<string, Json> = {};
  const bounds: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (REFUSED.has(key) || (key === 'minItems' && typeof value === 'number' && value > 1)) {
      bounds.push(`${key}: ${JSON.stringify(value)}`);
    } else if (key === 'properties' || key === '$defs' || key === 'definitions') out[key] = mapped(value);
    else if (key === 'oneOf') out.anyOf = closedSchema(value);
    else if (key === 'enum' || key === 'const' || key === 'default' || key === 'examples' || key === 'required')
      out[key] = value;
    else out[key] = closedSchema(value);
  }
  if (out.type === 'object' || out.properties !== undefined) out.additionalProperties = false;
  if (bounds.length > 0) {
    const described = typeof out.description === 'string' ? `${out.description} ` : '';
    out.description = `${described}(${bounds.join(', ')})`;
  }
  return out;
}

/** A map of names to schemas: its keys are names, whatever they are called. */
function mapped(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, closedSchema(schema as Json)]));
}
