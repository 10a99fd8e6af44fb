import type {
  FilePart,
  ImagePart,
  Part,
  ReasoningPart,
  ServerToolPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../../chat/part.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { argumentsOf, isOwn, ownRaw, piecesOf, type Scribe, some, type Wire } from '../encoding.ts';
import { attached, isImage } from '../media.ts';
import { type Turn, turnsOf } from '../turns.ts';
import { replayOf } from './server-tools.ts';

const IMAGES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

export type ConversationTurn = { readonly role: Turn['role']; readonly content: Wire[] };

/** The conversation as this protocol writes it: two roles by turns, each a list of blocks. */
export function encodeConversation(scribe: Scribe): ConversationTurn[] {
  const wire = turnsOf(scribe.input.request.messages).map(({ role, parts }): ConversationTurn => {
    const content = role === 'user' ? parts.flatMap((part) => userBlock(part, scribe)) : answer(parts, scribe);
    // A turn of which nothing is left would bring two of the same role together.
    return { role, content: content.length > 0 ? content : [text('[Nothing was said here.]')] };
  });
  markCached(wire, scribe);
  return wire;
}

/** A conversation is asked again and again, so what does not change of it is kept at the provider's. */
export function cacheMark(request: ChatRequest): Wire {
  return request.sessionId === undefined ? {} : { cache_control: { type: 'ephemeral' } };
}

/**
 * Marks where the conversation's cache ends: behind the newest question, so that the next one finds all of this, and
 * behind the one before, where the cache of the last request ended.
 */
function markCached(wire: readonly ConversationTurn[], { input }: Scribe): void {
  const mark = cacheMark(input.request);
  const questions = wire.filter((turn) => turn.role === 'user').slice(-2);
  for (const { content } of questions) {
    const block = content.at(-1);
    if (block) Object.assign(block, mark);
  }
}

function userBlock(part: Part, scribe: Scribe): Wire[] {
  switch (part.type) {
    case 'text':
      return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }];
    case 'image':
    case 'file':
      return [mediaBlock(part, scribe)];
    case 'tool-result':
      return [toolResult(part, scribe)];
    default:
      return [];
  }
}

function mediaBlock(part: ImagePart | FilePart, scribe: Scribe): Wire {
  const asImage = part.type === 'image' || isImage(part.mediaType);
  const mediaType = part.mediaType.toLowerCase();
  const media = attached(part, scribe, (_, byUrl) =>
    asImage ? byUrl || IMAGES.has(mediaType) : mediaType === 'application/pdf',
  );
  const title = part.type === 'file' && part.name !== '' ? part.name : undefined;
  if ('text' in media) {
    if (media.content === undefined) return text(media.text);
    return { type: 'document', source: { type: 'text', media_type: 'text/plain', data: media.content }, title };
  }
  const source: Wire =
    'url' in media ? { type: 'url', url: media.url } : { type: 'base64', media_type: mediaType, data: media.data };
  return asImage ? { type: 'image', source } : { type: 'document', source, title };
}

function text(words: string): Wire {
  return { type: 'text', text: words };
}

function toolResult(part: ToolResultPart, scribe: Scribe): Wire {
  const content = part.content.flatMap((one): Wire[] => {
    if (one.type === 'text') return one.text === '' ? [] : [text(one.text)];
    return [mediaBlock(one, scribe)];
  });
  return {
    type: 'tool_result',
    tool_use_id: part.callId,
    content: some(content),
    is_error: part.isError || undefined,
  };
}

function answer(parts: readonly Part[], scribe: Scribe): Wire[] {
  const blocks: Wire[] = [];
  const later: { readonly before: number; readonly block: Wire }[] = [];
  const flush = (upTo: number) => {
    for (let next = later[0]; next && next.before <= upTo; next = later[0]) {
      blocks.push(next.block);
      later.shift();
    }
  };
  for (const [index, part] of parts.entries()) {
    flush(index);
    switch (part.type) {
      case 'text':
        blocks.push(...answerText(part, scribe));
        break;
      case 'reasoning':
        blocks.push(...thinking(part, scribe));
        break;
      case 'tool-call':
        blocks.push(toolUse(part, scribe));
        break;
      case 'server-tool': {
        const { use, result, before } = serverTool(part, scribe);
        if (use) blocks.push(use);
        if (result) {
          later.push({ before, block: result });
          later.sort((a, b) => a.before - b.before);
        }
        break;
      }
      default: // citations are inside of the text they belong to
        break;
    }
  }
  flush(Number.POSITIVE_INFINITY);
  return blocks;
}

/** Running text, cut into the blocks it came in where its citations are known. */
function answerText(part: TextPart, { input }: Scribe): Wire[] {
  const pieces = some(piecesOf(part.text, ownRaw(part, input).blocks)) ?? [{ text: part.text, raw: {} as Wire }];
  return pieces.flatMap((piece) => {
    const { citations } = piece.raw;
    return piece.text.trim() === ''
      ? []
      : { ...text(piece.text), citations: Array.isArray(citations) ? some(citations) : undefined };
  });
}

/** Thinking goes back to the very model that thought it, signature and all (quirks 87–89), and to nobody else. */
function thinking(part: ReasoningPart, scribe: Scribe): Wire[] {
  if (!isOwn(part, scribe.input)) return [];
  const raw = ownRaw(part, scribe.input);
  if (raw.type === 'redacted_thinking') return [raw];
  if (typeof raw.signature === 'string' && raw.signature !== '') {
    return [{ type: 'thinking', thinking: part.text, signature: raw.signature }];
  }
  // Quirk 88: unsigned thinking is refused by Anthropic; servers that never sign want it back as it was.
  return scribe.input.provider.flags.unsignedThinking && part.text !== ''
    ? [{ type: 'thinking', thinking: part.text, signature: '' }]
    : [];
}

function toolUse(part: ToolCallPart, { input }: Scribe): Wire {
  return {
    type: 'tool_use',
    id: part.callId,
    name: part.name,
    input: argumentsOf(part.arguments),
    caller: ownRaw(part, input).caller,
  };
}

/** What the provider ran: the blocks as they came for the same model, and for another one words. */
function serverTool(
  part: ServerToolPart,
  scribe: Scribe,
): { readonly use?: Wire; readonly result?: Wire; readonly before: number } {
  const replay = isOwn(part, scribe.input) ? replayOf(part.raw) : undefined;
  if (!replay) return { before: 0 };
  const { use, result, resultBefore } = replay;
  return {
    ...(use && { use: { ...(use as Wire), input: part.input ?? {} } }),
    ...(result && {
      result: {
        ...(result as Wire),
        ...(part.output !== undefined && part.output !== null && { content: part.output }),
      },
    }),
    before: resultBefore,
  };
}

/**
 * May a model that thinks by a budget think over this? Not inside of an answer that began without: one begun for it, or
 * a run of calls and results whose first call another model made ("When `thinking` is enabled, a final `assistant` message
 * must start with a thinking block").
 */
export function mayThink(conversation: readonly ConversationTurn[]): boolean {
  let first: ConversationTurn | undefined;
  for (let at = conversation.length - 1; at >= 0; at--) {
    const turn = conversation[at] as ConversationTurn;
    if (turn.role === 'assistant') first = turn;
    else if (!turn.content.some((block) => block.type === 'tool_result')) break;
  }
  return conversation.at(-1)?.role === 'user' && (!first || /thinking$/.test(String(first.content[0]?.type)));
}
