import type { Json } from '../../chat/json.ts';
import type { FilePart, ImagePart, Part, TextPart, ToolCallPart, ToolResultPart } from '../../chat/part.ts';
import { familyOf, functionCall, isOwn, ownRaw, resultText, type Scribe, some, type Wire } from '../encoding.ts';
import { addressOf, attached, isImage } from '../media.ts';
import { fieldsOf, listOf } from '../values.ts';

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
    case 'file':
      return [mediaItem(part, scribe)];
    default:
      return [];
  }
}

function mediaItem(part: ImagePart | FilePart, scribe: Scribe): Wire {
  const { files } = scribe.input.provider.flags;
  // Every model reads text; only some read files.
  const media = attached(part, scribe, (type) => part.type === 'image' || isImage(type) || files !== 'none');
  if ('text' in media) return { type: 'text', text: media.text };
  const url = addressOf(media, part.mediaType);
  if (part.type === 'image' || isImage(part.mediaType)) return { type: 'image_url', image_url: { url } };
  return files === 'document_url'
    ? { type: 'document_url', document_url: url, document_name: part.name }
    : { type: 'file', file: { filename: part.name, file_data: url } };
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
      tool_calls: some(calls)?.map((call) => toolCall(call, scribe)),
    },
  ];
}

function toolCall(part: ToolCallPart, { input }: Scribe): Wire {
  return {
    ...functionCall(part),
    extra_content: ownRaw(part, input).extra_content,
  };
}

/** Thinking that goes back to the very model that thought it, and to nobody else. */
function replay(parts: readonly Part[], withCalls: boolean, scribe: Scribe): Wire {
  const own = parts.filter((part) => part.type === 'reasoning' && isOwn(part, scribe.input));
  const thought = own.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
  // From LiteLLM, whatever it is known as; what was cut before its signature came would be refused.
  const blocks = own.flatMap(({ raw }) => listOf(fieldsOf(raw).thinking_blocks).filter(isSealed) as Json[]);
  if (blocks.length > 0) return { thinking_blocks: blocks };
  switch (scribe.input.provider.flags.reasoningReplay) {
    case 'reasoning_details': {
      const details = own.flatMap(({ raw }) => listOf(fieldsOf(raw).reasoning_details).filter(isReplayable) as Json[]);
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

function isSealed(block: unknown): boolean {
  const { signature, data } = fieldsOf(block);
  return Boolean(signature || data);
}

/** Quirk 248: Anthropic's thinking that was cut before its signature came is refused; all else goes back as it came. */
function isReplayable(detail: unknown): boolean {
  const { format, type, signature } = fieldsOf(detail);
  return !(format === 'anthropic-claude-v1' && type === 'reasoning.text' && !signature);
}

function toolMessage(part: ToolResultPart): Wire {
  return { role: 'tool', tool_call_id: part.callId, content: resultText(part) };
}
