import type { Message } from '../chat/message.ts';
import type { Part } from '../chat/part.ts';

/** What one side says before the other does. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly Part[];
}

/** A conversation that was handed over, as protocols write it that know two sides: results of tools are the user's. */
export function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: { role: Turn['role']; parts: Part[] }[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...message.parts);
    else turns.push({ role, parts: [...message.parts] });
  }
  return turns;
}
