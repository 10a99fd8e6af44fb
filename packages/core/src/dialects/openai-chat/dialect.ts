import type { Dialect } from '../dialect.ts';
import { createOpenAiChatDecoder } from './decode.ts';
import { encodeOpenAiChat } from './encode.ts';

/** OpenAI's Chat Completions, and everybody who speaks it. */
export const openAiChat: Dialect = {
  name: 'openai-chat',
  encode: encodeOpenAiChat,
  createDecoder: createOpenAiChatDecoder,
};
