import type { Message } from '../chat/message.ts';
import type { CitationPart, Part, ToolCallPart, ToolResultPart } from '../chat/part.ts';
import { createCallIds } from './call-ids.ts';
import { type Aside, createOrder } from './order.ts';
import { pairCalls } from './pair-calls.ts';
import { rulesOf, type Target } from './rules.ts';
import type { Continuation } from './seam.ts';
import { createTelling, type Notice } from './telling.ts';
import { IMAGES_FOLLOW, NO_RESULT, resultMediaFollow, text } from './words.ts';

export interface HandedOver {
  readonly messages: readonly Message[];
  /** What is left of the system prompt to send as such. */
  readonly system?: string;
  /** What the model is not told, or is told in other words; each once. */
  readonly notices: readonly Notice[];
  /** Present where the last message is an answer, which is to be continued: what `createSeam` needs. */
  readonly continues?: Continuation;
}

/**
 * Any conversation, whoever wrote it, as one that the target takes. Afterwards these hold, so that an encoder only has to
 * write down what it is given:
 *
 * - an answer's calls have names and ids that the target takes, each id once; their arguments are one JSON object; they
 *   stand behind its words, unless the target wrote it otherwise itself; and behind the answer stands one `tool` message
 *   with the result of each call, in their order, named, and nothing else;
 * - no message is empty, and no text is blank, but where its own model has put `raw` on it;
 * - roles follow each other as the target wants them, and the last message is no answer, unless the target continues it;
 * - `raw` and thinking are there only where the very model that is asked wrote them;
 * - what the target cannot take is said in words on the user's side, and a notice says so.
 *
 * What the user wrote stays as it is, word for word. Handing over again changes nothing. Linear in the conversation. How a
 * protocol writes all this (fields, encodings, stand-ins for signatures) is its dialect's own affair.
 *
 * @param system the system prompt, where there is one
 */
export function handOver(messages: readonly Message[], target: Target, system?: string): HandedOver {
  const rules = rulesOf(target);
  const toolName = new RegExp(rules.toolNames);
  const pairing = pairCalls(messages);
  const ids = createCallIds(rules.callIds);
  const order = createOrder(rules);
  const telling = createTelling(target);
  const { own, known } = telling;

  /** A result as the target takes it, and the images that have to stand behind it. */
  const resultFor = (call: ToolCallPart, callId: string, given: ToolResultPart | undefined) => {
    const { name } = call;
    if (!given) {
      telling.noteMissingResult();
      const content = [text(NO_RESULT)];
      return { result: { type: 'tool-result', callId, name, content, isError: true } as const, images: [] };
    }
    const content = given.content.map(known).filter((part) => !isBlank(part));
    const inside =
      rules.resultImages === 'inside' || (rules.resultImages === 'inside-unless-failed' && given.isError !== true);
    const images = inside ? [] : content.filter((part) => part.type === 'image');
    const told =
      images.length === 0 ? content : [...content.filter((part) => part.type === 'text'), text(IMAGES_FOLLOW)];
    return { result: { ...known(given), callId, name, content: told }, images };
  };

  const question = (message: Message, at: number) => {
    const parts: Part[] = [];
    for (const [index, part] of message.parts.entries()) {
      switch (part.type) {
        case 'text':
          if (!isBlank(part)) parts.push(known(part));
          break;
        case 'image':
        case 'file':
          parts.push(known(part));
          break;
        case 'tool-result':
          if (!pairing.answers(at, index)) parts.push(...telling.strayResult(part));
          break;
        // Nothing of what follows can be the user's own; whatever put it there, it is not lost.
        case 'tool-call':
          parts.push(...telling.call(part, undefined, argumentsOf(part) !== undefined));
          break;
        case 'citation':
          parts.push(...telling.sources([part]).parts);
          break;
        case 'server-tool':
          parts.push(...telling.serverTool(part).parts);
          break;
        case 'reasoning':
          telling.noteDropped(part);
          break;
      }
    }
    if (parts.length > 0) order.question(parts);
  };

  const answer = (message: Message, at: number) => {
    const parts: Part[] = [];
    const results: ToolResultPart[] = [];
    const told: Part[] = [];
    const asides: Aside[] = [];
    const sources: CitationPart[] = [];
    for (const [index, part] of message.parts.entries()) {
      switch (part.type) {
        case 'text':
          if (!isBlank(part) || known(part).raw !== undefined) parts.push(known(part));
          break;
        case 'reasoning':
          if (own(part)) parts.push(part);
          else telling.noteDropped(part);
          break;
        case 'tool-call': {
          const args = argumentsOf(part);
          const given = pairing.resultOf(at, index);
          if (rules.tools === 'words' || !args?.object || !toolName.test(part.name)) {
            told.push(...telling.call(part, given, args !== undefined));
            break;
          }
          const callId = ids.next(part.callId);
          const { result, images } = resultFor(part, callId, given);
          parts.push({ ...known(part), callId, arguments: args.text });
          results.push(result);
          if (images.length > 0) told.push(resultMediaFollow(part.name), ...images);
          break;
        }
        case 'tool-result':
          if (!pairing.answers(at, index)) told.push(...telling.strayResult(part));
          break;
        case 'image':
        case 'file':
          // A protocol has a place for pictures inside of an answer, and none for a sound or a document.
          if (part.type === 'image' && own(part) && rules.answerMedia === 'inside') parts.push(part);
          else asides.push(telling.medium(part));
          break;
        case 'citation':
          if (own(part)) parts.push(part);
          else sources.push(part);
          break;
        case 'server-tool':
          if (own(part) && part.raw !== undefined && rules.serverTools === 'inside') parts.push(part);
          else asides.push(telling.serverTool(part));
          break;
      }
    }
    if (sources.length > 0) asides.push(telling.sources(sources));
    // What was cut off before it said anything is no answer (quirk 99), and thinking alone is refused (quirks 69, 173).
    const lastWord = parts.findLastIndex(says);
    if (lastWord >= 0) {
      const kept =
        rules.trailingThinking === 'kept'
          ? parts
          : parts.filter((part, index) => index <= lastWord || part.type !== 'reasoning');
      order.answer(kept.some(own) ? kept : callsLast(kept));
    }
    if (results.length > 0) order.results(results);
    if (told.length > 0) order.tell(told);
    order.mention(asides);
  };

  for (const [at, message] of messages.entries()) {
    if (message.role === 'assistant') answer(message, at);
    else question(message, at);
  }
  const { messages: ordered, continues } = order.end();
  const first = rules.system === 'first-question' && system !== undefined && system.trim() !== '';
  return {
    messages: first ? inFirstQuestion(ordered, system) : ordered,
    ...(system !== undefined && !first && { system }),
    notices: telling.notices(),
    ...(continues && { continues }),
  };
}

function isBlank(part: Part): boolean {
  return part.type === 'text' && part.text.trim() === '';
}

/** Does a part of an answer say anything that another can see? */
function says(part: Part): boolean {
  return !isBlank(part) && part.type !== 'reasoning' && part.type !== 'citation';
}

/** Nothing may stand between calls and their results; what the asked model wrote itself, it wants back as it was. */
function callsLast(parts: readonly Part[]): Part[] {
  return [...parts.filter((part) => part.type !== 'tool-call'), ...parts.filter((part) => part.type === 'tool-call')];
}

/** A call's arguments, `{}` for none; undefined for what was cut off, `object` false for JSON of another kind. */
function argumentsOf(call: ToolCallPart): { readonly text: string; readonly object: boolean } | undefined {
  if (call.arguments.trim() === '') return { text: '{}', object: true };
  try {
    const value: unknown = JSON.parse(call.arguments);
    return { text: call.arguments, object: typeof value === 'object' && value !== null && !Array.isArray(value) };
  } catch {
    return undefined;
  }
}

/** Quirk 122. */
function inFirstQuestion(messages: readonly Message[], system: string): readonly Message[] {
  const [first, ...rest] = messages;
  return first?.role === 'user'
    ? [{ role: 'user', parts: [text(system), ...first.parts] }, ...rest]
    : [{ role: 'user', parts: [text(system)] }, ...messages];
}
