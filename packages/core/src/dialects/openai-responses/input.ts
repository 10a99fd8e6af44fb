import type { Json } from '../../chat/json.ts';
import type { FilePart, ImagePart, Part, ToolResultPart } from '../../chat/part.ts';
import { decodeText, isOwn, isText, mediaOf, missing, type Scribe, untaken, type Wire } from '../encoding.ts';
import { isFields, said } from '../openai-chat/wire.ts';
import { turnsOf } from '../turns.ts';

/** The conversation as a list of items: messages, thinking, calls and their results. */
export function encodeInput(scribe: Scribe): Json[] {
  const { request } = scribe.input;
  const items = turnsOf(request.messages).flatMap((turn) =>
    turn.role === 'user' ? userItems(turn.parts, scribe) : answerItems(turn.parts, scribe),
  );
  // Quirk 75: the word has to be in the input, and the input must not be empty.
  const wantsJson = request.responseFormat?.type === 'json' && !/json/i.test(JSON.stringify(items));
  if (wantsJson || items.length === 0) {
    items.push({ role: 'developer', content: wantsJson ? 'Answer in JSON.' : 'Answer.' });
  }
  return items;
}

function userItems(parts: readonly Part[], scribe: Scribe): Wire[] {
  const results = parts.filter((part) => part.type === 'tool-result').map((part) => output(part, scribe));
  const content = parts.flatMap((part): Wire[] => {
    if (part.type === 'text') return part.text === '' ? [] : [{ type: 'input_text', text: part.text }];
    if (part.type === 'image') return [image(part, scribe)];
    return part.type === 'file' ? [file(part, scribe)] : [];
  });
  return content.length === 0 ? results : [...results, { role: 'user', content }];
}

function image(part: ImagePart, scribe: Scribe): Wire {
  const media = mediaOf(part.source, scribe.input);
  if (!media) return { type: 'input_text', text: missing(part, scribe) };
  const url = 'url' in media ? media.url : `data:${part.mediaType};base64,${media.data}`;
  return { type: 'input_image', image_url: url, detail: 'auto' };
}

function file(part: FilePart, scribe: Scribe): Wire {
  const { mediaType, source, name } = part;
  if (mediaType.startsWith('image/')) return image({ type: 'image', mediaType, source, alt: name }, scribe);
  const media = mediaOf(source, scribe.input);
  if (!media) return { type: 'input_text', text: missing(part, scribe) };
  if ('data' in media && isText(mediaType))
    return { type: 'input_text', text: `${name}:\n\n${decodeText(media.data)}` };
  if (mediaType !== 'application/pdf') return { type: 'input_text', text: untaken(part, scribe) };
  return 'url' in media
    ? { type: 'input_file', file_url: media.url }
    : { type: 'input_file', filename: name, file_data: `data:${mediaType};base64,${media.data}` };
}

function output(part: ToolResultPart, scribe: Scribe): Wire {
  const text = part.content.flatMap((one) => (one.type === 'text' ? [one.text] : [])).join('\n');
  const told = part.isError ? `Error: ${text}` : text;
  const images = part.content.flatMap((one) => (one.type === 'image' ? [image(one, scribe)] : []));
  return {
    type: 'function_call_output',
    call_id: part.callId,
    output: images.length === 0 ? told : [{ type: 'input_text', text: told }, ...images],
  };
}

function answerItems(parts: readonly Part[], scribe: Scribe): Wire[] {
  const items: Wire[] = [];
  // Ids go along with the thinking they belong to; without it they would ask for what is not there (quirk 69).
  const thought = parts.some(
    (part) => part.type === 'reasoning' && isOwn(part, scribe.input) && encrypted(part) !== undefined,
  );
  for (const part of parts) {
    const own = isOwn(part, scribe.input);
    const raw = own && isFields(part.raw) ? part.raw : {};
    const id = thought && own ? said(raw.id) : undefined;
    switch (part.type) {
      case 'text': {
        if (part.text === '') break;
        const phase = said(raw.phase); // quirk 70
        items.push({
          type: 'message',
          role: 'assistant',
          ...(phase !== undefined && { phase }),
          // Only what it knows by its id is an output of its own; anything else is input like any other.
          ...(id === undefined
            ? { content: part.text }
            : { id, status: 'completed', content: [{ type: 'output_text', text: part.text, annotations: [] }] }),
        });
        break;
      }
      case 'reasoning': {
        const item = own ? encrypted(part) : undefined;
        if (item) items.push(item);
        break;
      }
      case 'tool-call':
        items.push({
          type: 'function_call',
          ...(id !== undefined && { id }),
          call_id: part.callId,
          name: part.name,
          arguments: part.arguments,
        });
        break;
      case 'server-tool':
        if (said(raw.type) !== undefined) items.push(raw as Wire);
        break;
      case 'image':
        if (said(raw.type) !== undefined && part.source.kind !== 'url') {
          const media = mediaOf(part.source, scribe.input);
          if (media && 'data' in media) items.push({ ...(raw as Wire), result: media.data });
        }
        break;
      default:
        break;
    }
  }
  // Quirk 69: thinking that nothing follows is refused.
  while (items.at(-1)?.type === 'reasoning') items.pop();
  return items;
}

/** The item that a model thought in, as it wants it back; undefined where there is nothing to send without storage. */
function encrypted(part: Part): Wire | undefined {
  if (!isFields(part.raw) || part.raw.type !== 'reasoning' || said(part.raw.encrypted_content) === undefined)
    return undefined;
  const { type, id, summary, encrypted_content: content } = part.raw as Wire;
  return {
    type: type as Json,
    ...(id !== undefined && { id }),
    summary: summary ?? [],
    encrypted_content: content as Json,
  };
}
