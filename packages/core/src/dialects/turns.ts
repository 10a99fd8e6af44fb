import type { Message } from '../chat/message.ts';
import type { Part, ToolCallPart, ToolResultPart } from '../chat/part.ts';

/** What one side says before the other does. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly Part[];
}

/** Said where a conversation begins with an answer: every protocol of turns wants a question first. */
const OPENING = '[The beginning of this conversation is not here.]';
const NO_RESULT = 'There is no result: the call was not carried out.';

/**
 * A conversation as protocols want it that know two roles by turns (quirks 97–99, 125, 129): roles alternate, the user
 * begins, no text is empty, the results of a turn's calls stand first in the turn behind it, in the calls' order, and
 * every call has one. A result whose call is not there is told in words.
 */
export function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: { role: Turn['role']; parts: Part[] }[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const parts = message.parts.filter((part) => part.type !== 'text' || part.text !== '' || part.raw !== undefined);
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else if (parts.length > 0) turns.push({ role, parts });
  }
  if (turns[0]?.role === 'assistant') turns.unshift({ role: 'user', parts: [{ type: 'text', text: OPENING }] });
  answerCalls(turns);
  return turns.filter((turn) => turn.parts.length > 0);
}

function answerCalls(turns: { role: Turn['role']; parts: Part[] }[]): void {
  for (let at = 0; at < turns.length; at++) {
    const turn = turns[at];
    if (turn?.role !== 'user') continue;
    const calls = callsOf(turns[at - 1]?.parts ?? []);
    const results = new Map<string, ToolResultPart>();
    const rest: Part[] = [];
    for (const part of turn.parts) {
      if (part.type !== 'tool-result') rest.push(part);
      else if (calls.some((call) => call.callId === part.callId) && !results.has(part.callId))
        results.set(part.callId, part);
      else rest.push(...inWords(part));
    }
    turn.parts = [...calls.map((call) => results.get(call.callId) ?? unanswered(call)), ...rest];
  }
  const last = turns.at(-1);
  const open = last?.role === 'assistant' ? callsOf(last.parts) : [];
  if (open.length > 0) turns.push({ role: 'user', parts: open.map(unanswered) });
}

function callsOf(parts: readonly Part[]): ToolCallPart[] {
  return parts.filter((part): part is ToolCallPart => part.type === 'tool-call' && part.name !== '');
}

function unanswered(call: ToolCallPart): ToolResultPart {
  return {
    type: 'tool-result',
    callId: call.callId,
    name: call.name,
    content: [{ type: 'text', text: NO_RESULT }],
    isError: true,
  };
}

function inWords(part: ToolResultPart): Part[] {
  const label = part.name === undefined ? 'A tool' : `The tool ${part.name}`;
  const text = part.content.flatMap((one) => (one.type === 'text' ? [one.text] : [])).join('\n');
  const images = part.content.filter((one) => one.type === 'image');
  return [{ type: 'text', text: `${label} returned:\n${text}` }, ...images];
}
