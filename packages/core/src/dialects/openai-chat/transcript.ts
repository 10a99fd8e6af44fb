import type { Json } from '../../chat/json.ts';
import type { FilePart, ImagePart, Part, TextPart, ToolCallPart, ToolResultPart } from '../../chat/part.ts';
import { decodeText, familyOf, isOwn, isText, mediaOf, missing, type Scribe, untaken, type Wire } from '../encoding.ts';

/** The conversation as this protocol writes it, system prompt first, and behind it what else has to be said. */
export function encodeMessages(scribe: Scribe, instruction: string): Wire[] {
  const { request, provider } = scribe.input;
  const wire = request.messages.flatMap(({ role, parts }) => {
    if (role === 'tool') return parts.flatMap((part) => (part.type === 'tool-result' ? [toolMessage(part)] : []));
    return role === 'user' ? userMessage(parts, scribe) : assistantMessage(parts, scribe);
  });
  const system = [request.system, instruction].filter(Boolean).join('\n\n');
  return system === '' ? wire : [{ role: provider.flags.systemRole ?? 'system', content: system }, ...wire];
}

function userMessage(parts: readonly Part[], scribe: Scribe): Wire[] {
  const content = parts.flatMap((part) => contentItem(part, scribe));
  if (content.length === 0) return [];
  // Text alone is a string: the one form that every server takes.
  const plain = content.every((item) => item.type === 'text');
  return [{ role: 'user', content: plain ? content.map((item) => item.text).join('\n\n') : content }];
}

function contentItem(part: Part, scribe: Scribe): Wire[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'image':
      return [imageItem(part, scribe)];
    case 'file':
      return [fileItem(part, scribe)];
    default:
      return [];
  }
}

function imageItem(part: ImagePart | FilePart, scribe: Scribe): Wire {
  const url = addressOf(part, scribe);
  return url === undefined ? { type: 'text', text: missing(part, scribe) } : { type: 'image_url', image_url: { url } };
}

function fileItem(part: FilePart, scribe: Scribe): Wire {
  if (part.mediaType.startsWith('image/')) return imageItem(part, scribe);
  const media = mediaOf(part.source, scribe.input);
  // Every model reads text; only some read files.
  if (media && 'data' in media && isText(part.mediaType)) {
    return { type: 'text', text: `${part.name}:\n\n${decodeText(media.data)}` };
  }
  const address = addressOf(part, scribe);
  if (address === undefined) return { type: 'text', text: missing(part, scribe) };
  switch (scribe.input.provider.flags.files) {
    case 'none':
      return { type: 'text', text: untaken(part, scribe) };
    case 'document_url':
      return { type: 'document_url', document_url: address, document_name: part.name };
    default:
      return { type: 'file', file: { filename: part.name, file_data: address } };
  }
}

function addressOf({ source, mediaType }: ImagePart | FilePart, { input }: Scribe): string | undefined {
  const media = mediaOf(source, input);
  if (media === undefined) return undefined;
  return 'url' in media ? media.url : `data:${mediaType};base64,${media.data}`;
}

function assistantMessage(parts: readonly Part[], scribe: Scribe): Wire[] {
  const { flags } = scribe.input.provider;
  // Quirk 56: one string, as the model wrote it; some models copy the form of a list into their answers.
  const text = parts
    .filter((part): part is TextPart => part.type === 'text')
    .map((part) => part.text)
    .join('');
  const calls = parts.filter((part): part is ToolCallPart => part.type === 'tool-call');
  const replayed = replay(parts, calls.length > 0, scribe);
  if (text === '' && calls.length === 0 && Object.keys(replayed).length === 0) return [];
  // Quirk 55: beside tool calls null, or '' where null is refused; without any, always a string.
  const empty = calls.length > 0 && !flags.assistantContentNeverNull ? null : '';
  return [
    {
      role: 'assistant',
      content: text === '' ? empty : text,
      ...replayed,
      ...(calls.length > 0 && { tool_calls: calls.map((call) => toolCall(call, scribe)) }),
    },
  ];
}

function toolCall(part: ToolCallPart, { input }: Scribe): Wire {
  const signed = isOwn(part, input) ? fieldOf(part.raw, 'extra_content') : undefined;
  return {
    id: part.callId,
    type: 'function',
    function: { name: part.name, arguments: part.arguments },
    ...(signed !== undefined && { extra_content: signed }),
  };
}

/** Thinking that goes back to the very model that thought it, and to nobody else. */
function replay(parts: readonly Part[], withCalls: boolean, scribe: Scribe): Wire {
  const own = parts.filter((part) => part.type === 'reasoning' && isOwn(part, scribe.input));
  const thought = own.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
  switch (scribe.input.provider.flags.reasoningReplay) {
    case 'reasoning_details': {
      const details = own.flatMap((part) => {
        const raw = fieldOf(part.raw, 'reasoning_details');
        return Array.isArray(raw) ? (raw as readonly Json[]).filter(isReplayable) : [];
      });
      const wanted = withCalls && familyOf(scribe.input)?.thoughtsOnCalls;
      return details.length > 0 || wanted ? { reasoning_details: details } : {};
    }
    case 'reasoning_content':
      // Quirk 180: beside tool calls it must be there even where it is empty; elsewhere it must not.
      return withCalls ? { reasoning_content: thought } : {};
    case 'reasoning':
      return thought === '' ? {} : { reasoning: thought };
    default:
      return {};
  }
}

/** Quirk 248: Anthropic's thinking that was cut before its signature came is refused; all else goes back as it came. */
function isReplayable(detail: Json): boolean {
  return !(
    fieldOf(detail, 'format') === 'anthropic-claude-v1' &&
    fieldOf(detail, 'type') === 'reasoning.text' &&
    !fieldOf(detail, 'signature')
  );
}

function fieldOf(raw: Json | undefined, name: string): Json | undefined {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
    ? (raw as { readonly [key: string]: Json })[name]
    : undefined;
}

/** A tool's result is text in this protocol. */
function toolMessage(part: ToolResultPart): Wire {
  const texts = part.content.flatMap((one) => (one.type === 'text' ? [one.text] : []));
  const content = texts.join('\n');
  return { role: 'tool', tool_call_id: part.callId, content: part.isError ? `Error: ${content}` : content };
}
