import type { Message } from '../chat/message.ts';
import type { CitationPart, Part, TextPart, ToolResultPart } from '../chat/part.ts';

/** Conversations, written as short as they can be read. */

export const say = (text: string, rest: Partial<TextPart> = {}): TextPart => ({ type: 'text', text, ...rest });
export const user = (...parts: readonly (string | Part)[]): Message => ({ role: 'user', parts: parts.map(partOf) });
export const assistant = (...parts: readonly (string | Part)[]): Message => ({
  role: 'assistant',
  parts: parts.map(partOf),
});
export const tool = (...parts: readonly Part[]): Message => ({ role: 'tool', parts });
const partOf = (part: string | Part): Part => (typeof part === 'string' ? say(part) : part);
export const call = (callId: string, args = '{}', name = 'f'): Part => ({
  type: 'tool-call',
  callId,
  name,
  arguments: args,
});
export const result = (callId: string, ...content: ToolResultPart['content']): ToolResultPart => ({
  type: 'tool-result',
  callId,
  content,
});
export const source: CitationPart = { type: 'citation', url: 'https://a.example/', title: 'A', quote: 'a' };

/** Roles and texts alone, for what reads like a play. */
export const play = (messages: readonly Message[]) =>
  messages.map(({ role, parts }) => [
    role,
    ...parts.map((part) =>
      part.type === 'text' ? part.text : part.type === 'tool-call' ? `→${part.callId}` : part.type,
    ),
  ]);
