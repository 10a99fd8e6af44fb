import type { Dialect } from '../dialect.ts';
import { createOpenAiResponsesDecoder } from './decode.ts';
import { encodeOpenAiResponses } from './encode.ts';

/** OpenAI's Responses API, and whoever speaks it. */
export const openAiResponses: Dialect = {
  name: 'openai-responses',
  encode: encodeOpenAiResponses,
  createDecoder: createOpenAiResponsesDecoder,
};
