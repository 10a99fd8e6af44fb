import type { DecoderEvent } from '../chat/event.ts';
import { type Json, jsonIn } from '../chat/json.ts';
import { repairJson } from './openai-chat/repair-json.ts';

type CallEnd = Extract<DecoderEvent, { type: 'tool-call-end' }>;

/** How the calls of one answer ended: whole, or with arguments that are no JSON, so that nobody may act on them. */
export interface CallCounts {
  readonly complete: number;
  readonly broken: number;
}

/** An id for a call without one: other than in other answers of the conversation, and the same however the stream is cut. */
export function madeUpCallId(responseId: string | undefined, order: number): string {
  return `call_${idSuffix(responseId)}_${order}`;
}

/** What tells the ids of one response from those of another. */
export function idSuffix(responseId: string | undefined): string {
  return (responseId ?? '').replace(/\W/g, '').slice(-20);
}

/** The object or array that a text holds, undefined where it holds neither. */
export function objectIn(text: string): Json | undefined {
  const value = jsonIn(text);
  return typeof value === 'object' && value !== null ? value : undefined;
}

/**
 * The end of a call, once its provider has said that it is done (quirk 43); undefined where its arguments are beyond
 * repair, or it has no name. No arguments at all are none (quirk 85).
 */
export function endOfCall(part: number, callId: string, name: string, text: string): CallEnd | undefined {
  const written = text.trim() === '' ? '{}' : text;
  const whole = objectIn(written) === undefined ? repairJson(written) : written;
  if (whole === undefined || name === '') return undefined;
  const repaired = whole !== written;
  return { type: 'tool-call-end', part, callId, name, arguments: whole, ...(repaired && { repaired }) };
}
