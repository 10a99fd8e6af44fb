import type { Json } from '../../chat/json.ts';
import type { FilePart, ImagePart, Part, ReasoningPart, TextPart, ToolResultPart } from '../../chat/part.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { argumentsOf, isOwn, ownRaw, piecesOf, type Scribe, some, type Wire } from '../encoding.ts';
import { attached, isImage } from '../media.ts';
import { type Turn, turnsOf } from '../turns.ts';
import { isFields, listOf, said } from '../values.ts';

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
  /** Each block and where it belongs: the result of a tool that the provider ran may come parts later than its call. */
  const placed: { readonly at: number; readonly block: Wire }[] = [];
  for (const [at, part] of parts.entries()) {
    const own = ownRaw(part, scribe.input);
    if (part.type === 'server-tool') {
      // The blocks as they came, for the same model; another one is told in words (quirk 94).
      const { use, result, resultBefore } = own;
      if (isFields(use)) placed.push({ at, block: { ...(use as Wire), input: part.input ?? {} } });
      if (isFields(result)) {
        const block = { ...(result as Wire), content: part.output ?? undefined };
        placed.push({ at: Math.max(at, (Number(resultBefore) || 0) - 0.5), block });
      }
    } else for (const block of answerBlocks(part, own, scribe)) placed.push({ at, block });
  }
  return placed.sort((a, b) => a.at - b.at).map(({ block }) => block);
}

function answerBlocks(part: Part, own: Wire, scribe: Scribe): Wire[] {
  switch (part.type) {
    case 'text':
      return answerText(part, own);
    case 'reasoning':
      return thinking(part, own, scribe);
    case 'tool-call':
      return [
        {
          type: 'tool_use',
          id: part.callId,
          name: part.name,
          input: argumentsOf(part.arguments),
          caller: own.caller,
        },
      ];
    default: // citations are inside of the text they belong to
      return [];
  }
}

/** Running text, cut into the blocks it came in where its citations are known. */
function answerText(part: TextPart, own: Wire): Wire[] {
  const pieces = some(piecesOf(part.text, own.blocks)) ?? [{ text: part.text, raw: {} as Wire }];
  return pieces.flatMap(({ text: words, raw }) =>
    words.trim() === '' ? [] : { ...text(words), citations: some(listOf(raw.citations) as Json[]) },
  );
}

/** Thinking goes back to the very model that thought it, signature and all (quirks 87–89), and to nobody else. */
function thinking(part: ReasoningPart, own: Wire, { input }: Scribe): Wire[] {
  if (own.type === 'redacted_thinking') return [own];
  // Quirk 88: unsigned thinking is refused by Anthropic; servers that never sign want it back as it was.
  const unsigned = input.provider.flags.unsignedThinking && part.text !== '' && isOwn(part, input) ? '' : undefined;
  const signature = said(own.signature) ?? unsigned;
  return signature === undefined ? [] : [{ type: 'thinking', thinking: part.text, signature }];
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
