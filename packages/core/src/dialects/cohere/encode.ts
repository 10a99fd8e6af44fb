import type { Json } from '../../chat/json.ts';
import type { FilePart, ImagePart, Part } from '../../chat/part.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { EncodedRequest, EncodeInput } from '../dialect.ts';
import {
  atMostOne,
  createScribe,
  functionCall,
  functionTool,
  isOwn,
  ownRaw,
  resultText,
  type Scribe,
  some,
  thinkingBudget,
  type Wire,
  type WireValue,
  written,
} from '../encoding.ts';
import { addressOf, attached, isImage } from '../media.ts';
import { turnsOf } from '../turns.ts';

/** A request in Cohere's chat, version 2. Streamed where the model streams, and always with a maximum. */
export function encodeCohere(input: EncodeInput): EncodedRequest {
  const { request, provider, maxOutputTokens } = input;
  const scribe = createScribe(input);
  const messages: WireValue[] = turnsOf(request.messages).flatMap((turn) =>
    turn.role === 'user' ? userMessages(turn.parts, scribe) : [assistantMessage(turn.parts, scribe)],
  );
  if (request.system) messages.unshift({ role: 'system', content: request.system });
  const body: Wire = {
    ...provider.body,
    model: request.choice.model,
    messages,
    stream: !input.whole,
    max_tokens: maxOutputTokens,
    temperature: atMostOne(request.temperature, scribe),
    p: request.topP === undefined ? undefined : Math.min(Math.max(request.topP, 0.01), 0.99),
    stop_sequences: some(request.stop),
    seed: request.seed,
    thinking: thinkingOf(input),
    ...toolFields(request, scribe),
    response_format: request.responseFormat && formatOf(request),
  };
  return written(scribe, '/chat', body);
}

function thinkingOf({ request, maxOutputTokens }: EncodeInput): Json | undefined {
  const effort = request.reasoningEffort;
  if (effort === undefined) return undefined;
  if (effort === 'none') return { type: 'disabled' };
  return { type: 'enabled', token_budget: Math.max(1, thinkingBudget(effort, maxOutputTokens)) };
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
    tools: offered.map(functionTool),
    tool_choice: word,
  };
}

function formatOf({ responseFormat: format }: ChatRequest): Json {
  return format?.type === 'json-schema' ? { type: 'json_object', json_schema: format.schema } : { type: 'json_object' };
}

function userMessages(parts: readonly Part[], scribe: Scribe): Wire[] {
  const told = parts.flatMap((part) =>
    // "message must be at least 1 token long": a tool that says nothing is told to have said so.
    part.type === 'tool-result'
      ? { role: 'tool', tool_call_id: part.callId, content: resultText(part, 'The tool returned nothing.') }
      : [],
  );
  const content = parts.flatMap((part): Wire[] => {
    if (part.type === 'text') return [{ type: 'text', text: part.text }];
    return part.type === 'image' || part.type === 'file' ? [mediaItem(part, scribe)] : [];
  });
  return content.length === 0 ? told : [...told, { role: 'user', content }];
}

function mediaItem(part: ImagePart | FilePart, scribe: Scribe): Wire {
  const media = attached(part, scribe, (type) => part.type === 'image' || isImage(type));
  if ('text' in media) return { type: 'text', text: media.text };
  return { type: 'image_url', image_url: { url: addressOf(media, part.mediaType) } };
}

function assistantMessage(parts: readonly Part[], scribe: Scribe): Wire {
  const content: Wire[] = [];
  let plan = '';
  const calls: Wire[] = [];
  for (const part of parts) {
    if (part.type === 'text' && part.text !== '') content.push({ type: 'text', text: part.text });
    else if (part.type === 'tool-call') {
      calls.push(functionCall(part));
    } else if (part.type === 'reasoning') {
      if (!isOwn(part, scribe.input) || part.text === '') continue;
      // Quirk 216: a plan has a place of its own.
      if (ownRaw(part, scribe.input).tool_plan === true) plan += part.text;
      else content.push({ type: 'thinking', thinking: part.text });
    }
  }
  return {
    role: 'assistant',
    content: some(content) ?? (calls.length === 0 ? '[Nothing was said here.]' : undefined),
    tool_plan: calls.length > 0 && plan !== '' ? plan : undefined,
    tool_calls: some(calls),
  };
}
