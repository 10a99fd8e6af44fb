import type { DecoderEvent } from '../../chat/event.ts';
import { type Json, jsonIn } from '../../chat/json.ts';
import { known } from '../../chat/known.ts';
import { pictureOf } from '../openai-chat/extract.ts';
import { type Fields, said } from '../values.ts';

/** Fields of items in which it says what was asked of a tool, and what came of it; the first that is there counts. */
const INPUTS = ['action', 'arguments', 'code', 'operation', 'queries', 'input', 'prompt'] as const;
const OUTPUTS = ['output', 'outputs', 'results', 'result', 'tools', 'error'] as const;

/** An item of something that ran at the provider's: shown by name, input and output, kept whole for its way back. */
export function serverTool(item: Fields, part: number): DecoderEvent[] {
  return [
    known({
      type: 'server-tool',
      part,
      callId: said(item.call_id) ?? said(item.id) ?? '',
      name: said(item.name) ?? String(item.type).replace(/_call$/, ''),
      input: opened(firstOf(item, INPUTS)),
      output: firstOf(item, OUTPUTS),
    }),
    { type: 'raw-part', part, of: 'server-tool', raw: item as Json },
  ];
}

/** A picture that was made: the picture itself, and the rest of its item for the way back. */
export function generatedImage(item: Fields, part: number): DecoderEvent[] | undefined {
  const { result, ...rest } = item;
  const data = said(result);
  if (data === undefined) return undefined;
  const { source, mediaType = `image/${said(item.output_format) ?? 'png'}` } = pictureOf(data);
  return [
    { type: 'image', part, mediaType, source },
    { type: 'raw-part', part, of: 'image', raw: rest as Json },
  ];
}

function firstOf(item: Fields, names: readonly string[]): Json | undefined {
  const name = names.find((one) => item[one] !== undefined && item[one] !== null && item[one] !== '');
  return name === undefined ? undefined : (item[name] as Json);
}

/** Arguments are JSON in a string (quirk 73: what is streamed of them is no JSON before its end). */
function opened(input: Json | undefined): Json | undefined {
  if (typeof input !== 'string' || !/^\s*[[{]/.test(input)) return input;
  return jsonIn(input) ?? input;
}
