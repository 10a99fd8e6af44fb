import type { ChatRequest } from '../chat/request.ts';
import { partsOf } from './parts.ts';

/** How long a request's input is, before any tokenizer has seen it. */
export interface InputSize {
  /** Fewer tokens than this no tokenizer makes of it. */
  readonly atLeast: number;
  /** What it will probably be, on the high side. */
  readonly probably: number;
}

/** Prose of the longest words is about 9 characters to a token; only long runs of one character pass 12. */
const MOST_CHARACTERS_PER_TOKEN = 12;
/** English is about 4 bytes to a token, code and Chinese about 3. */
const USUAL_BYTES_PER_TOKEN = 3;
const USUAL_MESSAGE_TOKENS = 8;
const USUAL_IMAGE_TOKENS = 1_500;

export function inputSize(request: ChatRequest): InputSize {
  let characters = 0;
  let bytes = 0;
  let images = 0;
  const count = (text: string) => {
    characters += text.replaceAll(/(.)\1{3,}/gsu, '$1').length;
    bytes += utf8Length(text);
  };
  count(request.system ?? '');
  for (const tool of request.tools ?? []) count(JSON.stringify(tool));
  for (const part of partsOf(request.messages)) {
    // Reasoning is left out: most models are never sent theirs again.
    if (part.type === 'text') count(part.text);
    else if (part.type === 'tool-call') count(part.arguments);
    else if (part.type === 'image') images += 1;
  }
  return {
    atLeast: Math.floor(characters / MOST_CHARACTERS_PER_TOKEN),
    probably:
      Math.ceil(bytes / USUAL_BYTES_PER_TOKEN) +
      images * USUAL_IMAGE_TOKENS +
      request.messages.length * USUAL_MESSAGE_TOKENS,
  };
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // A surrogate pair is two units and four bytes.
    if (unit >= 0x80) bytes += unit >= 0x800 && !(unit >= 0xd800 && unit < 0xe000) ? 2 : 1;
  }
  return bytes;
}
