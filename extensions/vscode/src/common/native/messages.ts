import type { Json, Message, Part, Tool, ToolResultPart } from '@patchbay/core';
import { estimateTokens } from '../tokens.ts';
import type { TurnCache } from './turn-cache.ts';

/** A part of VS Code's own chat, as plain data. What we do not know is left out by whoever reads the editor's objects. */
export type NativePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mediaType: string; readonly bytes: Uint8Array }
  | { readonly type: 'tool-call'; readonly callId: string; readonly name: string; readonly input: unknown }
  | { readonly type: 'tool-result'; readonly callId: string; readonly parts: readonly NativePart[] };

export interface NativeMessage {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly NativePart[];
}

export interface NativeTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: object | undefined;
}

/**
 * VS Code's messages as ours. VS Code puts the results of tools into a user's message; a turn that called tools comes
 * back without what its provider wants to see again (signatures of its thinking): that comes from `turns`.
 */
export function fromNative(messages: readonly NativeMessage[], turns: TurnCache): Message[] {
  return messages.flatMap((message): Message[] => {
    if (message.role === 'assistant') {
      const calls = message.parts.filter((part) => part.type === 'tool-call');
      const kept = turns.find(calls) ?? message.parts.flatMap(toPart);
      return kept.length > 0 ? [{ role: 'assistant', parts: kept }] : [];
    }
    const results = message.parts.flatMap(toResult);
    const others = message.parts.flatMap(toPart);
    return [
      ...(results.length > 0 ? [{ role: 'tool' as const, parts: results }] : []),
      ...(others.length > 0 ? [{ role: 'user' as const, parts: others }] : []),
    ];
  });
}

/** VS Code's tools as ours; one without a schema takes no arguments. */
export function fromNativeTools(tools: readonly NativeTool[]): Tool[] {
  return tools.map(({ name, description, inputSchema }) => ({
    name,
    ...(description && { description }),
    parameters: (inputSchema ?? { type: 'object', properties: {} }) as { readonly [key: string]: Json },
  }));
}

/** The arguments of a call as the object that VS Code wants; what is no object goes along under `value`. */
export function toNativeInput(text: string): object {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };
  } catch {
    return { value: text };
  }
}

/** An image counts as a tile of the providers that publish a formula; VS Code only wants to know what fits. */
const IMAGE_TOKENS = 1_500;

/** About how many tokens parts of a message have. */
export function tokensOf(parts: readonly NativePart[]): number {
  return parts.reduce((sum, part) => sum + tokensIn(part), 0);
}

function tokensIn(part: NativePart): number {
  switch (part.type) {
    case 'text':
      return estimateTokens(part.text);
    case 'image':
      return IMAGE_TOKENS;
    case 'tool-call':
      return estimateTokens(part.name + JSON.stringify(part.input ?? {}));
    case 'tool-result':
      return tokensOf(part.parts);
  }
}

function toPart(part: NativePart): Part[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'image':
      return [image(part)];
    case 'tool-call': {
      const { callId, name, input } = part;
      return [{ type: 'tool-call', callId, name, arguments: JSON.stringify(input ?? {}) }];
    }
    case 'tool-result':
      return [];
  }
}

function toResult(part: NativePart): ToolResultPart[] {
  if (part.type !== 'tool-result') return [];
  const content = part.parts.flatMap((one): ToolResultPart['content'] => {
    if (one.type === 'text') return [{ type: 'text', text: one.text }];
    return one.type === 'image' ? [image(one)] : [];
  });
  return [{ type: 'tool-result', callId: part.callId, content }];
}

function image({ mediaType, bytes }: Extract<NativePart, { type: 'image' }>) {
  return {
    type: 'image',
    mediaType,
    source: { kind: 'base64', data: base64(bytes) },
    bytes: bytes.length,
  } as const;
}

/** In slices: spreading megabytes into one call overflows the stack. */
function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
