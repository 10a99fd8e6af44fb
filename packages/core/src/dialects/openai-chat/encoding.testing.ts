import type { Message } from '../../chat/message.ts';
import type { Part } from '../../chat/part.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { Provider, ProviderFlags } from '../../providers/provider.ts';
import type { EncodedRequest, EncodeInput } from '../dialect.ts';
import { encodeHanded } from '../handed-over.testing.ts';

export interface Given extends Partial<Omit<EncodeInput, 'request' | 'provider'>> {
  readonly request?: Partial<ChatRequest>;
  readonly flags?: ProviderFlags;
  readonly provider?: Partial<Provider>;
}

/** Encodes a request of one question, with what a test gives changed. */
export function encode(given: Given = {}): EncodedRequest {
  const { request, flags = {}, provider, ...rest } = given;
  return encodeHanded({
    request: { choice: { provider: 'acme', model: 'one' }, messages: [user('Hi')], ...request },
    provider: {
      id: 'acme',
      name: 'Acme',
      dialect: 'openai-chat',
      baseUrl: 'https://acme.example/v1',
      auth: 'none',
      keyShapes: [],
      browser: 'open',
      abort: 'unknown',
      flags,
      ...provider,
    },
    model: undefined,
    maxOutputTokens: 100,
    media: new Map(),
    ...rest,
  });
}

/** The body, to be looked into freely. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export const bodyOf = (given: Given = {}): any => JSON.parse(encode(given).body);
/** The body's messages alone. */
export const messagesOf = (messages: readonly Message[], given: Given = {}) =>
  bodyOf({ ...given, request: { ...given.request, messages } }).messages;

export const user = (...content: readonly (string | Part)[]): Message => ({
  role: 'user',
  parts: content.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});
export const assistant = (...parts: readonly Part[]): Message => ({ role: 'assistant', parts });
export const say = (text: string): Part => ({ type: 'text', text });
export const call = (callId: string, args = '{}'): Part => ({ type: 'tool-call', callId, name: 'f', arguments: args });
export const result = (callId: string, ...content: readonly (string | Part)[]): Part => ({
  type: 'tool-result',
  callId,
  content: user(...content).parts as never,
});
