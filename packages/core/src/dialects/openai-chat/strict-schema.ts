import type { Json } from '../../chat/json.ts';
import { mapSchema } from '../json-schema.ts';
import { fieldsOf, listOf } from '../values.ts';

/**
 * Would OpenAI's strict mode take this JSON Schema? Every object must be closed and every property required (quirk 53).
 */
export function isStrictSchema(schema: Json): boolean {
  let isStrict = true;
  mapSchema(schema, ({ type, properties, required, additionalProperties }) => {
    if (properties === undefined && ![type].flat().includes('object')) return;
    const isClosed = additionalProperties === false;
    if (!isClosed || !Object.keys(fieldsOf(properties)).every((name) => listOf(required).includes(name))) {
      isStrict = false;
    }
  });
  return isStrict;
}
