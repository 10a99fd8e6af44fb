import type { NoticeCode } from '../chat/event.ts';
import type { Json } from '../chat/json.ts';
import type { Part, ToolCallPart, ToolResultPart } from '../chat/part.ts';
import type { ChatRequest, ReasoningEffort, ResponseFormat, Tool } from '../chat/request.ts';
import type { ModelFamily } from '../providers/provider.ts';
import type { EncodedRequest, EncodeInput } from './dialect.ts';
import { objectIn } from './tool-call.ts';
import { fieldsOf, isFields, listOf } from './values.ts';

/** JSON under construction: what is undefined is left out when it is written. */
export interface Wire {
  [field: string]: WireValue;
}
export type WireValue = Json | undefined | Wire | readonly WireValue[];

/** What an encoder works with: the request, and a place for what it has to tell about it. */
export interface Scribe {
  readonly input: EncodeInput;
  /** Says it once, however often it happens. */
  readonly notify: (code: NoticeCode, message: string, field?: string) => void;
  readonly notices: EncodedRequest['notices'];
}

export function createScribe(input: EncodeInput): Scribe {
  const notices: { code: NoticeCode; message: string; field?: string }[] = [];
  return {
    input,
    notices,
    notify: (code, message, field) => {
      if (notices.some((one) => one.message === message)) return;
      notices.push({ code, message, ...(field !== undefined && { field }) });
    },
  };
}

/** The request, written out. Quirk 32: half of a surrogate pair is refused everywhere; JSON prints it as an escape. */
export function written(
  { notices }: Scribe,
  path: string,
  body: object,
  headers?: Record<string, string>,
): EncodedRequest {
  let text = JSON.stringify(body);
  if (/\\ud[89a-f]/i.test(text))
    text = JSON.stringify(body, (_key, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value));
  return { path, headers: { accept: 'text/event-stream', ...headers }, body: text, notices };
}

/** What the model's id alone gives away, by the provider's own families. */
export function familyOf({ provider, request }: EncodeInput): ModelFamily | undefined {
  return provider.families?.find((family) => new RegExp(family.pattern).test(request.choice.model));
}

/** Did the very model that is asked now write this part? Only then may its `raw` go along. */
export function isOwn(part: Part, { provider, request, model }: EncodeInput): boolean {
  if (part.origin?.provider !== provider.id) return false;
  const name = part.origin.model;
  return name === request.choice.model || (model?.aliases?.includes(name) ?? false);
}

/** What the very model that is asked now left in this part to be sent back; `{}` of any other's. */
export function ownRaw(part: Part, input: EncodeInput): Wire {
  return isOwn(part, input) && isFields(part.raw) ? (part.raw as Wire) : {};
}

/** A text in the pieces it came in, each with what came along; none where they do not add up to the text. */
export function piecesOf(text: string, pieces: WireValue): readonly { readonly text: string; readonly raw: Wire }[] {
  let start = 0;
  const cut = listOf(pieces).map((told) => {
    const raw = fieldsOf(told) as Wire;
    const end = typeof raw.end === 'number' && raw.end >= start ? raw.end : Number.NaN;
    const piece = { text: text.slice(start, end), raw };
    start = end;
    return piece;
  });
  return start === text.length ? cut : [];
}

/** For those who know no JSON mode, or want to hear of it. */
export const JSON_ONLY = 'Answer with one JSON value and nothing else: no words around it and no code fence.';

/** The format of an answer, for those who are told of it in words. */
export function formatInWords(format: ResponseFormat): string {
  return format.type === 'json'
    ? JSON_ONLY
    : `${JSON_ONLY} It follows this JSON Schema: ${JSON.stringify(format.schema)}`;
}

/** A list, or nothing where it would be empty. */
export function some<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list && list.length > 0 ? list : undefined;
}

/** `max` is no word of OpenAI's: above `high` it has `xhigh`, and not every model knows it. */
export function effortWord(
  effort: ReasoningEffort | undefined,
  known: readonly string[] | undefined,
  { notify }: Scribe,
): ReasoningEffort | 'xhigh' | undefined {
  if (effort !== 'max' || known?.includes('max')) return effort;
  const word = known?.includes('xhigh') ? 'xhigh' : 'high';
  notify('parameter-adapted', `The effort “max” was sent as “${word}”.`, 'reasoningEffort');
  return word;
}

/** Says that a setting goes nowhere, because there is no place for it. */
export function leaveOut(
  { input, notify }: Scribe,
  field: keyof ChatRequest,
  what: string,
  who: string = input.provider.name,
): void {
  notify('parameter-dropped', `${who} takes no ${what}: it was left out.`, field);
}

/** What is told of a thinking effort that goes along otherwise than it was asked for. */
export function tellThinking({ input, notify }: Scribe, what: 'unknown' | 'always'): void {
  const name = input.model?.name ?? input.request.choice.model;
  if (what === 'unknown')
    notify(
      'parameter-dropped',
      `It is not known how ${name} is told to think: the effort was left out.`,
      'reasoningEffort',
    );
  else
    notify(
      'parameter-adapted',
      `${name} always thinks before it answers: it was asked to think as little as it can.`,
      'reasoningEffort',
    );
}

/** For those who take a temperature up to 1 and no more. */
export function atMostOne(temperature: number | undefined, { input, notify }: Scribe): number | undefined {
  if (temperature === undefined || temperature <= 1) return temperature;
  notify('parameter-adapted', `${input.provider.name} takes a temperature up to 1: asked with 1.`, 'temperature');
  return 1;
}

/** Share of the maximum answer that may be thought, where the model takes a budget. */
const SHARES = { minimal: 0.1, low: 0.2, medium: 0.5, high: 0.75, max: 0.9 };

/** Tokens of the maximum answer that may be thought. */
export function thinkingBudget(effort: Exclude<ReasoningEffort, 'none'>, maxOutputTokens: number): number {
  return Math.floor(maxOutputTokens * SHARES[effort]);
}

/** Quirk 57: tools that the history speaks of must be declared, though none may be called. */
export function toolsOfHistory({ messages }: ChatRequest): readonly string[] {
  const called = messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'tool-call' ? part.name : [])));
  return [...new Set(called)].filter(Boolean);
}

/** A tool, and a call of one, as OpenAI's chat protocol and those that follow it write them. */
export function functionTool({ name, description, parameters }: Tool): Wire {
  return { type: 'function', function: { name, description, parameters } };
}

export function functionCall(part: ToolCallPart): Wire {
  return { id: part.callId, type: 'function', function: { name: part.name, arguments: part.arguments } };
}

/** A tool's result, for protocols in which it is text. */
export function resultText({ content, isError }: ToolResultPart, otherwise: string = ''): string {
  const text = content.flatMap((one) => (one.type === 'text' ? one.text : [])).join('\n') || otherwise;
  return isError ? `Error: ${text}` : text;
}

/** Arguments as the object that they are; `{}` for what is none. */
export function argumentsOf(text: string): { readonly [key: string]: Json } {
  return fieldsOf(objectIn(text)) as { readonly [key: string]: Json };
}
