import type { Dialect } from '../dialect.ts';
import { createAnthropicDecoder } from './decode.ts';
import { encodeAnthropic } from './encode.ts';

/** Anthropic's Messages API, and whoever speaks it. */
export const anthropicMessages: Dialect = {
  name: 'anthropic-messages',
  encode: encodeAnthropic,
  createDecoder: createAnthropicDecoder,
};
