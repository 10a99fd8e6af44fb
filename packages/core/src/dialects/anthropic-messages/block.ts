import type { Json } from '../../chat/json.ts';
import { type Fields, isFields } from '../values.ts';
import { isServerToolUse } from './server-tools.ts';

export const TEXT = 1;
export const THINKING = 2;
export const TOOL = 3;
export const SERVER_TOOL = 4;
export const WHOLE = 5;

/** One content block on its way. */
export interface Block {
  readonly kind: number;
  readonly part: number;
  readonly fields: Fields;
  readonly callId: string;
  readonly name: string;
  /** A call's input, grown by concatenation and looked at once, at its end. */
  json: string;
  signature: string;
  closed: boolean;
  /** Of a text: how much of it there is, and what it cites. */
  readonly run: { readonly citations: Json[]; length: number };
  onInput: ((input: Json) => void) | undefined;
}

/** What a content block is to be read as. */
export function kindOf(block: Fields): number {
  if (block.type === 'text') return TEXT;
  if (block.type === 'thinking') return THINKING;
  if (block.type === 'tool_use') return TOOL;
  return isServerToolUse(block) ? SERVER_TOOL : WHOLE;
}

/** An input that says something; `{}` is the placeholder for one that is still to come. */
export function filled(input: unknown): Json | undefined {
  return isFields(input) && Object.keys(input).length > 0 ? (input as Json) : undefined;
}
