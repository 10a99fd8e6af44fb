import type { Json } from '../../chat/json.ts';
import type { FilePart, ImagePart, Part, ToolResultPart } from '../../chat/part.ts';
import type { ChatRequest, ReasoningEffort } from '../../chat/request.ts';
import type { EncodedRequest, EncodeInput } from '../dialect.ts';
import {
  bodyText,
  createScribe,
  decodeText,
  isOwn,
  isText,
  mediaOf,
  missing,
  type Scribe,
  untaken,
  type Wire,
} from '../encoding.ts';
import { isFields } from '../openai-chat/wire.ts';
import { turnsOf } from '../turns.ts';

/** A request in Cohere's chat, version 2. Streamed where the model streams, and always with a maximum. */
export function encodeCohere(input: EncodeInput): EncodedRequest {
  const { request, provider, maxOutputTokens } = input;
  const scribe = createScribe(input);
  const messages: Json[] = turnsOf(request.messages).flatMap((turn) =>
    turn.role === 'user' ? userMessages(turn.parts, scribe) : [assistantMessage(turn.parts, scribe)],
  );
  if (request.system) messages.unshift({ role: 'system', content: request.system });
  const thinking = thinkingOf(input);
  if (request.temperature !== undefined && request.temperature > 1) {
    scribe.notify('parameter-adapted', `${provider.name} takes a temperature up to 1: asked with 1.`, 'temperature');
  }
  const body: Wire = {
    ...provider.body,
    model: request.choice.model,
    messages,
    stream: !input.whole,
    max_tokens: maxOutputTokens,
    ...(request.temperature !== undefined && { temperature: Math.min(request.temperature, 1) }),
    ...(request.topP !== undefined && { p: Math.min(Math.max(request.topP, 0.01), 0.99) }),
    ...(request.stop && request.stop.length > 0 && { stop_sequences: request.stop }),
    ...(request.seed !== undefined && { seed: request.seed }),
    ...(thinking !== undefined && { thinking }),
    ...toolFields(request, scribe),
    ...(request.responseFormat && { response_format: formatOf(request) }),
  };
  return { path: '/chat', headers: { accept: 'text/event-stream' }, body: bodyText(body), notices: scribe.notices };
}

const SHARES: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: 0.1,
  low: 0.2,
  medium: 0.5,
  high: 0.75,
  max: 0.9,
};

function thinkingOf({ request, maxOutputTokens }: EncodeInput): Json | undefined {
  const effort = request.reasoningEffort;
  if (effort === undefined) return undefined;
  if (effort === 'none') return { type: 'disabled' };
  return { type: 'enabled', token_budget: Math.max(1, Math.floor(maxOutputTokens * SHARES[effort])) };
}

function toolFields(request: ChatRequest, { notify, input }: Scribe): Wire {
  const declared = request.tools ?? [];
  if (declared.length === 0) return {};
  const choice = request.toolChoice;
  const named = typeof choice === 'object' ? choice.name : undefined;
  if (named !== undefined) {
    notify(
      'parameter-adapted',
      `${input.provider.name} can be told to use a tool, but not which: it was offered “${named}” alone.`,
      'toolChoice',
    );
  }
  const offered = named === undefined ? declared : declared.filter((tool) => tool.name === named);
  const word = named !== undefined || choice === 'required' ? 'REQUIRED' : choice === 'none' ? 'NONE' : undefined;
  return {
    tools: offered.map((tool) => ({
      type: 'function',
      function: {
        name: tool.name,
        ...(tool.description !== undefined && { description: tool.description }),
        parameters: tool.parameters,
      },
    })),
    ...(word !== undefined && { tool_choice: word }),
  };
}

function formatOf({ responseFormat: format }: ChatRequest): Json {
  return format?.type === 'json-schema' ? { type: 'json_object', json_schema: format.schema } : { type: 'json_object' };
}

function userMessages(parts: readonly Part[], scribe: Scribe): Wire[] {
  const results = parts.filter((part) => part.type === 'tool-result');
  const content = parts.flatMap((part): Wire[] => {
    if (part.type === 'text') return [{ type: 'text', text: part.text }];
    if (part.type === 'image') return [image(part, scribe)];
    return part.type === 'file' ? [file(part, scribe)] : [];
  });
  const told = results.map((part) => toolMessage(part));
  return content.length === 0 ? told : [...told, { role: 'user', content }];
}

function toolMessage(part: ToolResultPart): Wire {
  const text = part.content.flatMap((one) => (one.type === 'text' ? [one.text] : [])).join('\n');
  // "message must be at least 1 token long": a tool that says nothing is told to have said so.
  const said = text === '' ? 'The tool returned nothing.' : text;
  return { role: 'tool', tool_call_id: part.callId, content: part.isError ? `Error: ${said}` : said };
}

function image(part: ImagePart, scribe: Scribe): Wire {
  const media = mediaOf(part.source, scribe.input);
  if (!media) return { type: 'text', text: missing(part, scribe) };
  const url = 'url' in media ? media.url : `data:${part.mediaType};base64,${media.data}`;
  return { type: 'image_url', image_url: { url } };
}

function file(part: FilePart, scribe: Scribe): Wire {
  const { mediaType, source, name } = part;
  if (mediaType.startsWith('image/')) return image({ type: 'image', mediaType, source, alt: name }, scribe);
  const media = mediaOf(source, scribe.input);
  if (!media) return { type: 'text', text: missing(part, scribe) };
  if (!('data' in media && isText(mediaType))) return { type: 'text', text: untaken(part, scribe) };
  return { type: 'text', text: `${name}:\n\n${decodeText(media.data)}` };
}

function assistantMessage(parts: readonly Part[], scribe: Scribe): Wire {
  const content: Wire[] = [];
  let plan = '';
  const calls: Wire[] = [];
  for (const part of parts) {
    if (part.type === 'text' && part.text !== '') content.push({ type: 'text', text: part.text });
    else if (part.type === 'tool-call') {
      calls.push({
        id: part.callId,
        type: 'function',
        function: { name: part.name, arguments: part.arguments },
      });
    } else if (part.type === 'reasoning') {
      if (!isOwn(part, scribe.input) || part.text === '') continue;
      // Quirk 216: a plan has a place of its own.
      if (isFields(part.raw) && part.raw.tool_plan === true) plan += part.text;
      else content.push({ type: 'thinking', thinking: part.text });
    }
  }
  return {
    role: 'assistant',
    ...(content.length > 0 && { content }),
    ...(plan !== '' && calls.length > 0 && { tool_plan: plan }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(content.length === 0 && calls.length === 0 && { content: '[Nothing was said here.]' }),
  };
}
