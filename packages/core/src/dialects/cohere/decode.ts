import { known } from '../../chat/known.ts';
import type { Usage } from '../../chat/usage.ts';
import type { EventName } from '../../transport/json-values.ts';
import { createShell, type Protocol, type Shell } from '../decoder-shell.ts';
import type { Decoder, DecoderOptions } from '../dialect.ts';
import { finishReasonOf } from '../finish-reason.ts';
import { createToolCalls, type ToolCalls } from '../openai-chat/tool-calls.ts';
import { madeUpCallId } from '../tool-call.ts';
import { countOf, type Fields, fieldsOf, isFields, listOf, said } from '../values.ts';

const NOTHING = 0;
const TEXT = 1;
const THINKING = 2;
const PLAN = 3;

/** What an event of any type may hold at the place where the text is. */
interface WireDelta {
  readonly message?: { readonly content?: { readonly text?: unknown; readonly thinking?: unknown } | null } | null;
}

/**
 * Decodes Cohere's chat, version 2, streamed or whole (quirks 211–217). What the model plans to do with its tools is
 * thinking, not answer (quirk 216). `finish` comes with `message-end`; a cut before it is `truncated`.
 */
export function createCohereDecoder(options: DecoderOptions = {}): Decoder {
  return createShell(options, createProtocol);
}

function createProtocol(shell: Shell): Protocol {
  const { emit } = shell;
  let openKind = NOTHING;
  let openPart = -1;
  let started = false;
  let reason: string | undefined;
  let usage: unknown;
  let toolCalls: ToolCalls | undefined;

  const onText = (kind: number, text: string) => {
    if (openKind !== kind) {
      openKind = kind;
      openPart = shell.newPart();
      shell.visible = true;
      if (kind === PLAN) emit({ type: 'raw-part', part: openPart, of: 'reasoning', raw: { tool_plan: true } });
    }
    if (kind === TEXT) shell.events.push({ type: 'text', part: openPart, text });
    else shell.events.push({ type: 'reasoning', part: openPart, text });
  };

  const onContent = (content: unknown) => {
    if (typeof content === 'string' && content !== '') onText(TEXT, content);
    if (!isFields(content)) return;
    const text = said(content.text);
    const thought = said(content.thinking);
    if (thought !== undefined) onText(THINKING, thought);
    if (text !== undefined) onText(TEXT, text);
  };

  const onToolCall = (call: unknown, index: unknown) => {
    if (!isFields(call)) return;
    toolCalls ??= createToolCalls(
      emit,
      () => {
        openKind = NOTHING;
        shell.visible = true;
        return shell.newPart();
      },
      (order) => madeUpCallId(shell.responseId, order),
    );
    const fn = fieldsOf(call.function);
    // Quirk 212: a call without arguments says null, as a value or as text. Without a name it is a piece of some.
    const none = fn.name !== undefined && fn.arguments === 'null';
    toolCalls.add({ ...call, index, ...(none && { function: { name: fn.name } }) });
  };

  const onCitation = (citation: unknown) => {
    const { sources, text } = fieldsOf(citation);
    for (const source of listOf(sources)) {
      const { url, title } = fieldsOf(fieldsOf(source).document);
      shell.cite(url, title, text);
    }
  };

  const onStart = (chunk: Fields) => {
    shell.start(chunk.id, undefined);
    started = true;
  };

  const onEnd = (fields: Fields) => {
    reason = said(fields.finish_reason) ?? 'COMPLETE';
    usage = fields.usage;
    complete(fields.error);
  };

  /** A whole answer. */
  const onMessage = (chunk: Fields, message: Fields) => {
    onStart(chunk);
    const plan = said(message.tool_plan);
    if (plan !== undefined) onText(PLAN, plan);
    for (const content of [message.content].flat()) {
      openKind = NOTHING;
      onContent(content);
    }
    for (const [index, call] of listOf(message.tool_calls).entries()) onToolCall(call, index);
    for (const citation of listOf(message.citations)) onCitation(citation);
    onEnd(chunk);
  };

  const value = (json: object, event: EventName) => {
    const chunk = json as Fields;
    if (chunk.type === 'content-delta') {
      const content = (chunk.delta as WireDelta | null | undefined)?.message?.content;
      if (typeof content !== 'object' || content === null) return;
      const text = content.text;
      if (typeof text === 'string') {
        if (text !== '') onText(TEXT, text);
      } else if (typeof content.thinking === 'string' && content.thinking !== '') onText(THINKING, content.thinking);
      return;
    }
    onRare(chunk, event);
  };

  const onRare = (chunk: Fields, event: EventName) => {
    const delta = fieldsOf(chunk.delta);
    const message = fieldsOf(delta.message);
    switch (chunk.type) {
      case 'message-start':
        onStart(chunk);
        return;
      case 'content-start':
        // Each block is a part of its own.
        openKind = NOTHING;
        onContent(message.content);
        return;
      case 'tool-plan-delta': {
        const plan = said(message.tool_plan);
        if (plan !== undefined) onText(PLAN, plan);
        return;
      }
      case 'tool-call-start':
      case 'tool-call-delta':
        for (const call of [message.tool_calls].flat()) onToolCall(call, chunk.index);
        return;
      case 'citation-start':
        onCitation(message.citations);
        return;
      case 'message-end':
        onEnd(delta);
        return;
    }
    if (isFields(chunk.message) && chunk.finish_reason !== undefined) onMessage(chunk, chunk.message);
    else if (event() === 'error' || (chunk.error !== undefined && chunk.error !== null)) shell.fail(chunk);
    else if (chunk.type === undefined && said(chunk.message) !== undefined) shell.fail(chunk);
  };

  const complete = (error: unknown) => {
    const how = finishReasonOf(reason);
    const settle = () => {
      const settled = toolCalls?.settle();
      for (const event of settled?.events ?? []) emit(event);
      return settled;
    };
    const told = { code: reason === 'TIMEOUT' ? 'timeout' : 'server_error', message: said(error) };
    shell.complete(how, settle, how === 'error' ? told : undefined);
  };

  return {
    value,
    end: shell.cut,
    begun: () => started || shell.visible,
    usage: () => usageOf(usage),
    nativeReason: () => reason,
  };
}

/**
 * Quirk 213: what is billed is told apart from what was counted, and sometimes as a fraction; money follows what is
 * billed. The cache is a part of what was counted alone, so it is left out.
 */
function usageOf(usage: unknown): Usage | undefined {
  if (!isFields(usage)) return undefined;
  const billed = fieldsOf(usage.billed_units);
  const counted = fieldsOf(usage.tokens);
  const inputTokens = countOf(billed.input_tokens) ?? countOf(counted.input_tokens);
  const outputTokens = countOf(billed.output_tokens) ?? countOf(counted.output_tokens);
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return known({ inputTokens, outputTokens });
}
