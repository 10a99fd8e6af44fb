import type { Json } from '../../chat/json.ts';
import type { Message } from '../../chat/message.ts';
import type { Part } from '../../chat/part.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { anthropic } from '../../providers/anthropic.ts';
import type { Provider } from '../../providers/provider.ts';
import { encodeHanded } from '../handed-over.testing.ts';

export const MODEL = 'claude-opus-4-8';
export const origin = { provider: 'anthropic', model: MODEL };
export const say = (text: string): Part => ({ type: 'text', text });
export const user = (...parts: Part[]): Message => ({ role: 'user', parts });
export const assistant = (...parts: Part[]): Message => ({
  role: 'assistant',
  parts: parts.map((part) => ({ origin, ...part })),
});
export const call = (callId: string): Part => ({ type: 'tool-call', callId, name: 'look', arguments: '{"at":"x"}' });
export const result = (callId: string, text = 'seen'): Part => ({
  type: 'tool-result',
  callId,
  name: 'look',
  content: [{ type: 'text', text }],
});

export function encode(
  request: Partial<ChatRequest>,
  maxOutputTokens = 8_192,
  provider: Provider = anthropic,
  media = new Map<string, string>(),
) {
  const full: ChatRequest = {
    choice: { provider: 'anthropic', model: MODEL },
    messages: [user(say('Hi'))],
    ...request,
  };
  const encoded = encodeHanded({ request: full, provider, model: undefined, maxOutputTokens, media });
  return { ...encoded, body: JSON.parse(encoded.body) as { [key: string]: Json; messages: Json[] } };
}
export const asked = (model: string, rest: Partial<ChatRequest> = {}) =>
  encode({ choice: { provider: 'anthropic', model }, ...rest });
