import type { Part } from './part.ts';

export type Role = 'user' | 'assistant' | 'tool';

/** One turn's worth of one speaker. The system prompt is not a message: it lives on the request and the conversation. */
export interface Message {
  readonly role: Role;
  readonly parts: readonly Part[];
}
