import type { Json } from '../../chat/json.ts';
import { mapSchema } from '../json-schema.ts';

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
  return mapSchema(schema, (node) => {
    const bounds: string[] = [];
    for (const [key, value] of Object.entries(node)) {
      if (!REFUSED.has(key) && !(key === 'minItems' && typeof value === 'number' && value > 1)) continue;
      bounds.push(`${key}: ${JSON.stringify(value)}`);
      delete node[key];
    }
    if (node.oneOf !== undefined) node.anyOf = node.oneOf;
    delete node.oneOf;
    if (node.type === 'object' || node.properties !== undefined) node.additionalProperties = false;
    if (bounds.length > 0) {
      const described = typeof node.description === 'string' ? `${node.description} ` : '';
      node.description = `${described}(${bounds.join(', ')})`;
    }
  });
}
