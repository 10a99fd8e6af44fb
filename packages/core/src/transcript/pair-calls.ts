import type { Message } from '../chat/message.ts';
import type { ToolResultPart } from '../chat/part.ts';

/** Which result answers which call; both named by where they stand: message and part, from 0. */
export interface Pairing {
  /** The result of the call there; undefined for a call without one. */
  resultOf(message: number, part: number): ToolResultPart | undefined;
  /** Does the result there answer a call? Otherwise its call is not in the conversation, or has been answered before. */
  answers(message: number, part: number): boolean;
}

/**
 * Pairs calls and results by id, wherever a result stands behind its call. Ids come again in later answers (quirk 77) and
 * even within one (quirk 105): a result belongs to the latest answer that called under its id, and there to the first
 * call that has no result yet.
 */
export function pairCalls(messages: readonly Message[]): Pairing {
  const results = new Map<string, ToolResultPart>();
  const paired = new Set<string>();
  const open = new Map<string, { readonly message: number; readonly calls: string[]; next: number }>();
  for (const [at, message] of messages.entries()) {
    for (const [index, part] of message.parts.entries()) {
      if (part.type === 'tool-call' && message.role === 'assistant') {
        const last = open.get(part.callId);
        if (last?.message === at) last.calls.push(placeOf(at, index));
        else open.set(part.callId, { message: at, calls: [placeOf(at, index)], next: 0 });
      } else if (part.type === 'tool-result') {
        const waiting = open.get(part.callId);
        const call = waiting?.calls[waiting.next];
        if (!waiting || call === undefined) continue;
        waiting.next += 1;
        results.set(call, part);
        paired.add(placeOf(at, index));
      }
    }
  }
  return {
    resultOf: (message, part) => results.get(placeOf(message, part)),
    answers: (message, part) => paired.has(placeOf(message, part)),
  };
}

function placeOf(message: number, part: number): string {
  return `${message}:${part}`;
}
