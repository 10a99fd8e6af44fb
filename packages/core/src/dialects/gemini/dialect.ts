import type { Dialect } from '../dialect.ts';
import { createGeminiDecoder } from './decode.ts';
import { encodeGemini } from './encode.ts';

/** Google's `generateContent`, as AI Studio serves it. */
export const gemini: Dialect = {
  name: 'gemini',
  encode: encodeGemini,
  createDecoder: createGeminiDecoder,
};
