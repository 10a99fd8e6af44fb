import type { DialectName } from '../providers/provider.ts';
import { anthropicMessages } from './anthropic-messages/dialect.ts';
import { cohere } from './cohere/dialect.ts';
import type { Decoder, DecoderOptions, Dialect } from './dialect.ts';
import { gemini } from './gemini/dialect.ts';
import { guide } from './guide/dialect.ts';
import { openAiChat } from './openai-chat/dialect.ts';
import { openAiResponses } from './openai-responses/dialect.ts';
import { promptApi } from './prompt-api/dialect.ts';

const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  'openai-chat': openAiChat,
  'openai-responses': openAiResponses,
  'anthropic-messages': anthropicMessages,
  gemini,
  cohere,
  'prompt-api': promptApi,
  guide,
};

/** The wire protocol of this name. */
export function dialectOf(name: DialectName): Dialect {
  return DIALECTS[name];
}

/** A decoder for one response in this wire protocol: bytes in, events out, exactly one `finish` over its life. */
export function createDecoder(dialect: DialectName, options?: DecoderOptions): Decoder {
  return dialectOf(dialect).createDecoder(options);
}
