import type { DialectName } from '../providers/provider.ts';
import { createDecoder } from './all-decoders.ts';
import { encodeAnthropic } from './anthropic-messages/encode.ts';
import { encodeCohere } from './cohere/encode.ts';
import type { Asking, Dialect } from './dialect.ts';
import { encodeGemini } from './gemini/encode.ts';
import { guide } from './guide/dialect.ts';
import { encodeOpenAiChat } from './openai-chat/encode.ts';
import { encodeOpenAiResponses } from './openai-responses/encode.ts';
import { encodeWithin } from './output-limits.ts';
import { createPromptApi } from './prompt-api/dialect.ts';

const ASKING: Readonly<Record<DialectName, Asking>> = {
  'openai-chat': { encode: encodeOpenAiChat },
  'openai-responses': { encode: encodeOpenAiResponses },
  'anthropic-messages': { encode: encodeAnthropic },
  gemini: { encode: encodeGemini },
  cohere: { encode: encodeCohere },
  'prompt-api': createPromptApi(),
  guide,
};

/** The wire protocol of this name. */
export function dialectOf(name: DialectName): Dialect {
  const asking = ASKING[name];
  return {
    name,
    ...asking,
    encode: (input) => encodeWithin(input, asking.encode),
    createDecoder: (options) => createDecoder(name, options),
  };
}
