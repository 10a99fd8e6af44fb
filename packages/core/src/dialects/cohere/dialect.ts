import type { Dialect } from '../dialect.ts';
import { createCohereDecoder } from './decode.ts';
import { encodeCohere } from './encode.ts';

/** Cohere's chat, version 2. */
export const cohere: Dialect = {
  name: 'cohere',
  encode: encodeCohere,
  createDecoder: createCohereDecoder,
};
