import type { Json } from '../../chat/json.ts';
import type { Part } from '../../chat/part.ts';
import type { EncodedRequest, EncodeInput } from '../dialect.ts';
import { createScribe, leaveOut, type Scribe, written } from '../encoding.ts';
import { attached } from '../media.ts';
import { turnsOf } from '../turns.ts';
import type { Prompt } from './port.ts';

/** What is asked of the built-in model. */
export interface PromptBody {
  readonly initialPrompts: readonly Prompt[];
  readonly prompt: string;
  readonly responseConstraint?: { readonly [key: string]: Json };
  /** Tools were asked for, which it does not have. */
  readonly tools?: true;
}

/** A request for the browser's built-in model: text alone, the last question apart. It costs nothing, so no maximum goes along. */
export function encodePromptApi(input: EncodeInput): EncodedRequest {
  const { request } = input;
  const scribe = createScribe(input);
  const turns = turnsOf(request.messages);
  const last = turns.pop();
  const initialPrompts: Prompt[] = turns.map(({ role, parts }) => ({ role, content: inText(parts, scribe) }));
  if (request.system) initialPrompts.unshift({ role: 'system', content: request.system });
  for (const field of ['temperature', 'topP', 'stop', 'seed', 'reasoningEffort'] as const) {
    if (request[field] === undefined || request[field] === 'none') continue;
    leaveOut(scribe, field, field, 'The browser’s built-in model');
  }
  const format = request.responseFormat;
  const body: PromptBody = {
    initialPrompts,
    prompt: inText(last?.parts ?? [], scribe),
    ...(format && { responseConstraint: format.type === 'json-schema' ? format.schema : { type: 'object' } }),
    ...(request.tools && request.tools.length > 0 && { tools: true }),
  };
  return written(scribe, '', body);
}

function inText(parts: readonly Part[], scribe: Scribe): string {
  return parts
    .flatMap((part): string[] => {
      switch (part.type) {
        case 'text':
          return [part.text];
        case 'image':
        case 'file':
          return [(attached(part, scribe, () => false) as { text: string }).text];
        default:
          return [];
      }
    })
    .join('\n');
}
