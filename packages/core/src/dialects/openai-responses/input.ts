import type { FilePart, ImagePart, Part, ToolResultPart } from '../../chat/part.ts';
import { isOwn, resultText, type Scribe, type Wire, type WireValue } from '../encoding.ts';
import { addressOf, attached, isImage, mediaOf } from '../media.ts';
import { turnsOf } from '../turns.ts';
import { isFields, said } from '../values.ts';

/** The conversation as a list of items: messages, thinking, calls and their results. */
export function encodeInput(scribe: Scribe): WireValue[] {
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
    return part.type === 'image' || part.type === 'file' ? [mediaItem(part, scribe)] : [];
  });
  return content.length === 0 ? results : [...results, { role: 'user', content }];
}

function mediaItem(part: ImagePart | FilePart, scribe: Scribe): Wire {
  const asImage = (type: string) => part.type === 'image' || isImage(type);
  const media = attached(part, scribe, (type) => asImage(type) || type === 'application/pdf');
  if ('text' in media) return { type: 'input_text', text: media.text };
  const url = addressOf(media, part.mediaType);
  if (part.type === 'image' || asImage(part.mediaType)) return { type: 'input_image', image_url: url, detail: 'auto' };
  return 'url' in media
    ? { type: 'input_file', file_url: url }
    : { type: 'input_file', filename: part.name, file_data: url };
}

function output(part: ToolResultPart, scribe: Scribe): Wire {
  const text = resultText(part);
  const images = part.content.flatMap((one) => (one.type === 'image' ? mediaItem(one, scribe) : []));
  return {
    type: 'function_call_output',
    call_id: part.callId,
    output: images.length === 0 ? text : [...(text ? [{ type: 'input_text', text }] : []), ...images],
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
        items.push({
          type: 'message',
          role: 'assistant',
          phase: said(raw.phase), // quirk 70
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
        items.push({ type: 'function_call', id, call_id: part.callId, name: part.name, arguments: part.arguments });
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
  const { type, id, summary, encrypted_content } = part.raw as Wire;
  return { type, id, summary: summary ?? [], encrypted_content };
}
