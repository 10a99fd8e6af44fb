import type { DialectName } from '../providers/provider.ts';
import { createAnthropicDecoder } from './anthropic-messages/decode.ts';
import { createCohereDecoder } from './cohere/decode.ts';
import type { Decoder, DecoderOptions } from './dialect.ts';
import { createGeminiDecoder } from './gemini/decode.ts';
import { createOpenAiChatDecoder } from './openai-chat/decode.ts';
import { createOpenAiResponsesDecoder } from './openai-responses/decode.ts';
import { createPromptApiDecoder } from './prompt-api/decode.ts';

/** Apart from the encoders: who only reads streams takes in nothing else. */
const DECODERS: Readonly<Record<DialectName, (options?: DecoderOptions) => Decoder>> = {
  'openai-chat': createOpenAiChatDecoder,
  'openai-responses': createOpenAiResponsesDecoder,
  'anthropic-messages': createAnthropicDecoder,
  gemini: createGeminiDecoder,
  cohere: createCohereDecoder,
  'prompt-api': createPromptApiDecoder,
  guide: createOpenAiChatDecoder,
};

/** A decoder for one response in this wire protocol: bytes in, events out, exactly one `finish` over its life. */
export function createDecoder(dialect: DialectName, options?: DecoderOptions): Decoder {
  return DECODERS[dialect](options);
}
