import type { Message } from '../chat/message.ts';
import type { Part } from '../chat/part.ts';

/** Every part of a conversation, those inside tool results included. */
export function* partsOf(messages: readonly Message[]): Generator<Part> {
  for (const message of messages) {
    for (const part of message.parts) {
      yield part;
      if (part.type === 'tool-result') yield* part.content;
    }
  }
}
