import type { Json } from '../../chat/json.ts';
import type {
  FilePart,
  ImagePart,
  MediaSource,
  Part,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../../chat/part.ts';
import type { EncodeInput } from '../dialect.ts';
import type { Notify } from './encode.ts';
import { createToolCallIds, type ToolCallIds } from './tool-call-ids.ts';

type Wire = Record<string, Json>;

interface Scribe {
  readonly input: EncodeInput;
  readonly notify: Notify;
  readonly ids: ToolCallIds;
}

/** The conversation as this protocol writes it, system prompt first. */
export function encodeMessages(input: EncodeInput, notify: Notify): Json[] {
  const { request, provider } = input;
  const scribe: Scribe = { input, notify, ids: createToolCallIds(provider.flags.toolCallIdMax) };
  const wire: Json[] = [];
  if (request.system) wire.push({ role: provider.flags.systemRole ?? 'system', content: request.system });
  // Nothing may stand between a call's results, so their images wait until all of them are told.
  let images: Wire[] = [];
  for (const message of request.messages) {
    if (message.role === 'tool') {
      const results = message.parts.filter((part) => part.type === 'tool-result');
      wire.push(...results.map((part) => toolMessage(part, scribe)));
      images.push(...results.flatMap((part) => resultImages(part, scribe)));
      continue;
    }
    if (images.length > 0) wire.push({ role: 'user', content: images });
    images = [];
    wire.push(
      ...(message.role === 'user' ? userMessage(message.parts, scribe) : assistantMessage(message.parts, scribe)),
    );
  }
  if (images.length > 0) wire.push({ role: 'user', content: images });
  return wire;
}

function userMessage(parts: readonly Part[], scribe: Scribe): Wire[] {
  const content = parts.flatMap((part) => contentItem(part, scribe));
  if (content.length === 0) return [];
  // One text is a string: the one form that every server takes.
  const only = content.length === 1 ? content[0]?.text : undefined;
  return [{ role: 'user', content: only !== undefined ? only : content }];
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

function imageItem(part: ImagePart, scribe: Scribe): Wire {
  const url = addressOf(part.source, part.mediaType, scribe);
  if (url !== undefined) return { type: 'image_url', image_url: { url } };
  return missing(part.alt ? `image “${part.alt}”` : 'image', scribe);
}

function fileItem(part: FilePart, scribe: Scribe): Wire {
  const data = base64Of(part.source, scribe);
  // Every model reads text; only some read files.
  if (data !== undefined && isText(part.mediaType)) {
    return { type: 'text', text: `${part.name}:\n\n${decodeText(data)}` };
  }
  if (part.mediaType.startsWith('image/')) {
    const { name: alt, mediaType, source } = part;
    return imageItem({ type: 'image', alt, mediaType, source }, scribe);
  }
  const address = addressOf(part.source, part.mediaType, scribe);
  if (address === undefined) return missing(`file “${part.name}”`, scribe);
  return { type: 'file', file: { filename: part.name, file_data: address } };
}

/** What a blob store has lost is said in words, to the model and to the user. */
function missing(what: string, { notify }: Scribe): Wire {
  notify(
    'part-described',
    `The ${what} is no longer stored here: the model was only told that there was one.`,
    'messages',
  );
  return { type: 'text', text: `[The ${what} is missing.]` };
}

function addressOf(source: MediaSource, mediaType: string, scribe: Scribe): string | undefined {
  if (source.kind === 'url') return source.url;
  const data = base64Of(source, scribe);
  return data === undefined ? undefined : `data:${mediaType};base64,${data}`;
}

function base64Of(source: MediaSource, { input }: Scribe): string | undefined {
  if (source.kind === 'base64') return source.data;
  return source.kind === 'blob' ? input.media.get(source.blobId) : undefined;
}

function isText(mediaType: string): boolean {
  const type = mediaType.toLowerCase();
  return type.startsWith('text/') || /[/+](?:json|xml|yaml|javascript|csv)$/.test(type);
}

function decodeText(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
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

function toolCall(part: ToolCallPart, scribe: Scribe): Wire {
  const signed = isOwn(part, scribe) ? fieldOf(part.raw, 'extra_content') : undefined;
  return {
    id: scribe.ids.of(part.callId),
    type: 'function',
    function: { name: part.name, arguments: part.arguments },
    ...(signed !== undefined && { extra_content: signed }),
  };
}

/** Thinking that goes back to the very model that thought it, and to nobody else. */
function replay(parts: readonly Part[], withCalls: boolean, scribe: Scribe): Wire {
  const own = parts.filter((part) => part.type === 'reasoning' && isOwn(part, scribe));
  switch (scribe.input.provider.flags.reasoningReplay) {
    case 'reasoning_details': {
      const details = own.flatMap((part) => {
        const raw = fieldOf(part.raw, 'reasoning_details');
        return Array.isArray(raw) ? (raw as readonly Json[]).filter(isReplayable) : [];
      });
      return details.length > 0 ? { reasoning_details: details } : {};
    }
    case 'reasoning_content': {
      const thought = own.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
      // Quirk 180: beside tool calls it must be there even where it is empty; elsewhere it must not.
      return withCalls ? { reasoning_content: thought } : {};
    }
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

function isOwn(part: Part, { input }: Scribe): boolean {
  const { provider, request, model } = input;
  if (part.origin?.provider !== provider.id) return false;
  const name = part.origin.model;
  return name === request.choice.model || (model?.aliases?.includes(name) ?? false);
}

function fieldOf(raw: Json | undefined, name: string): Json | undefined {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
    ? (raw as { readonly [key: string]: Json })[name]
    : undefined;
}

/** A tool's result is text in this protocol. */
function toolMessage(part: ToolResultPart, scribe: Scribe): Wire {
  const texts = part.content.flatMap((one) => (one.type === 'text' ? [one.text] : []));
  const content = texts.join('\n');
  return {
    role: 'tool',
    tool_call_id: scribe.ids.of(part.callId),
    content: part.isError ? `Error: ${content}` : content,
  };
}

/** Images in a tool's result, said to be such, for a message of the user's own. */
function resultImages(part: ToolResultPart, scribe: Scribe): Wire[] {
  const images = part.content.filter((one): one is ImagePart => one.type === 'image');
  if (images.length === 0) return [];
  return [
    { type: 'text', text: `From the result of ${part.name ?? 'the tool'}:` },
    ...images.map((image) => imageItem(image, scribe)),
  ];
}
