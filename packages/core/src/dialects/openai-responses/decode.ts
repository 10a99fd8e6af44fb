import type { FinishReason } from '../../chat/event.ts';
import type { Json } from '../../chat/json.ts';
import { known } from '../../chat/known.ts';
import type { EventName } from '../../transport/json-values.ts';
import { createShell, type Protocol, type Shell } from '../decoder-shell.ts';
import type { Decoder, DecoderOptions } from '../dialect.ts';
import { citeAnnotations, textOf } from '../openai-chat/extract.ts';
import { usageOf } from '../openai-chat/usage.ts';
import { type Fields, fieldsOf, isFields, listOf, said } from '../values.ts';
import { generatedImage, serverTool } from './server-item.ts';
import { type Call, createToolCalls } from './tool-calls.ts';
import type { WireEvent } from './wire.ts';

const TEXT = 1;
const REASONING = 2;
const CALL = 3;
const OTHER = 4;
/** Characters of a text that are kept for comparing. */
const HEAD = 64;

/** One output item on its way. */
interface Item {
  readonly kind: number;
  readonly part: number;
  readonly call: Call | undefined;
  /** How much of it was said, and how it begins: enough to tell whether a whole text goes on from there. */
  length: number;
  head: string;
  /** It was told whole; deltas behind it would only repeat it. */
  told: boolean;
  summary: unknown;
  done: boolean;
}

/**
 * Decodes OpenAI's Responses protocol, streamed or whole (quirks 58–77).
 *
 * Items are told apart by `output_index`, since their ids may change from event to event (quirk 61). What a delta did not
 * say, a `done` event may, and after it the response itself; what was said already is never said again (quirks 63–66).
 * The response ends with `response.completed`, `.incomplete` or `.failed`; a cut before it is `truncated` (quirk 58).
 */
export function createOpenAiResponsesDecoder(options: DecoderOptions = {}): Decoder {
  return createShell(options, createProtocol);
}

function createProtocol(shell: Shell): Protocol {
  const { emit } = shell;
  let refused = false;

  let native: string | undefined;
  let usage: unknown;

  const items = new Map<unknown, Item>();
  let current: Item | undefined;
  let currentIndex: unknown;

  let sawResponse = false;

  const newPart = () => {
    shell.visible = true;
    return shell.newPart();
  };
  const calls = createToolCalls(emit, newPart, () => shell.responseId ?? '');

  const open = (index: unknown, kind: number, fields: Fields): Item => {
    const name = said(fields.name) ?? '';
    const item: Item = {
      kind,
      part: kind === CALL ? -1 : shell.newPart(),
      call: kind === CALL ? calls.begin(said(fields.call_id), name) : undefined,
      length: 0,
      head: '',
      told: false,
      summary: undefined,
      done: false,
    };
    items.set(index, item);
    current = item;
    currentIndex = index;
    return item;
  };

  /** The item of this index, or the running one where no index is told; a missing announcement is made up for (quirk 66). */
  const itemFor = (index: unknown, kind: number): Item => {
    if (current !== undefined && current.kind === kind && (index === currentIndex || index === undefined))
      return current;
    const known = items.get(index);
    // An id that nobody has announced: it may have changed on the way (quirk 61).
    if (known === undefined && typeof index === 'string' && current?.kind === kind) return current;
    if (known === undefined || known.kind !== kind) return open(index, kind, {});
    current = known;
    currentIndex = index;
    return known;
  };

  /** By the index, or where none is told by the id. */
  const indexOf = (chunk: WireEvent): unknown => chunk.output_index ?? chunk.item_id;

  const onText = (item: Item, text: string) => {
    shell.visible = true;
    if (item.length < HEAD) item.head += text;
    item.length += text.length;
    if (item.kind === TEXT) shell.events.push({ type: 'text', part: item.part, text });
    else shell.events.push({ type: 'reasoning', part: item.part, text });
  };

  /** Quirks 64 and 66: text that no delta has said, or not all of it. Where it says something else, the deltas hold. */
  const onWhole = (item: Item, text: string) => {
    if (text.length <= item.length || !text.startsWith(item.head)) return;
    item.told = true;
    onText(item, item.length === 0 ? text : text.slice(item.length));
  };

  const onDone = (chunk: WireEvent, kind: number, text: unknown) => {
    if (typeof text === 'string') onWhole(itemFor(indexOf(chunk), kind), text);
  };

  const onTextDelta = (chunk: WireEvent) => {
    const text = chunk.delta;
    if (typeof text !== 'string' || text === '') return; // quirk 67
    const item = itemFor(indexOf(chunk), TEXT);
    if (!item.told) onText(item, text);
  };

  /** @param whole it is no delta, but a part of a summary at its end: news where no delta has said anything of it */
  const onReasoning = (chunk: WireEvent, text: unknown, whole?: true) => {
    if (typeof text !== 'string' || text === '') return; // quirk 67
    const item = itemFor(indexOf(chunk), REASONING);
    const { summary, length } = item;
    const now = chunk.summary_index;
    if (item.told || (whole && length > 0 && !(Number(now) > Number(summary)))) return;
    // Quirk 136: one thought under two names counts once, under the first.
    if (length > 0 && (now === undefined) !== (summary === undefined)) return;
    item.summary = now;
    // Quirk 68: a summary has several parts, each a paragraph of its own.
    onText(item, length > 0 && now !== summary ? `\n\n${text}` : text);
  };

  const onItemStart = (index: unknown, fields: Fields) => {
    const kind = kindOf(fields);
    const known = items.get(index);
    if (known && known.kind === kind && kind !== CALL) return;
    const item = open(index, kind, fields);
    const args = argumentsIn(fields);
    if (item.call && args !== '') calls.addDelta(item.call, args);
    // Shown from its start on: such a tool may run for minutes.
    if (kind === OTHER && fields.type !== 'image_generation_call') onServerItem(item, fields);
  };

  const onItemDone = (index: unknown, fields: Fields) => {
    const kind = kindOf(fields);
    let item = items.get(index);
    if (item === undefined || item.kind !== kind) item = open(index, kind, fields);
    if (item.done) return;
    item.done = true;
    switch (kind) {
      case TEXT:
        onMessage(item, fields);
        return;
      case REASONING: {
        const summary = listOf(fields.summary).map(textOf).join('\n\n');
        onWhole(item, summary === '' ? textOf(fields.content ?? []) : summary);
        const { status: _status, ...raw } = fields;
        emit({ type: 'raw-part', part: item.part, of: 'reasoning', raw: raw as Json });
        return;
      }
      case CALL:
        if (item.call) {
          calls.named(item.call, said(fields.name), said(fields.call_id));
          calls.tell(item.call, argumentsIn(fields));
          const id = said(fields.id);
          if (id !== undefined) item.call.raw = { id };
        }
        return;
      default:
        onServerItem(item, fields);
    }
  };

  const onMessage = (item: Item, fields: Fields) => {
    const content = listOf(fields.content).filter(isFields);
    refused ||= content.some((one) => said(one.refusal));
    onWhole(item, content.map((one) => said(one.text) ?? said(one.refusal) ?? '').join(''));
    for (const one of content) citeAnnotations(one.annotations, shell);
    const raw: { readonly [key: string]: Json } = known({ id: said(fields.id), phase: said(fields.phase) }); // quirk 70
    if (Object.keys(raw).length > 0) emit({ type: 'raw-part', part: item.part, of: 'text', raw });
  };

  const onServerItem = (item: Item, fields: Fields) => {
    shell.visible = true;
    const image = fields.type === 'image_generation_call' ? generatedImage(fields, item.part) : undefined;
    for (const event of image ?? serverTool(fields, item.part)) emit(event);
  };

  const onStart = (response: unknown) => {
    if (!isFields(response)) return;
    sawResponse = true;
    shell.start(response.id, response.model);
  };

  /** A call counts by its id; of everything else, one of its kind says that the others were told as well. */
  const isUntold = (fields: Fields): boolean => {
    const kind = kindOf(fields);
    const there = [...items.values()].filter((item) => item.kind === kind);
    if (kind === CALL && there.length > 0) return !calls.has(said(fields.call_id));
    if (kind === TEXT && textOf(fields.content) !== '') return there.every((item) => item.length === 0);
    return there.length === 0;
  };

  const onEnd = (response: Fields) => {
    onStart(response);
    usage = response.usage;
    // Quirk 65: an empty list takes nothing back. Quirk 64: what no event has told is told here.
    const output = listOf(response.output).filter(isFields);
    const untold = new Set(output.filter(isUntold));
    for (const [index, fields] of output.entries()) {
      const known = items.get(index);
      if (known?.kind === kindOf(fields)) onItemDone(index, fields);
      else if (untold.has(fields)) onItemDone(fields, fields);
    }
    const status = said(response.status);
    native = status;
    if (status === 'failed' || status === 'cancelled') {
      shell.fail(
        isFields(response.error) ? response.error : { code: 'server_error', message: `The response is ${status}.` },
      );
    } else if (status === 'incomplete') {
      native = said(fieldsOf(response.incomplete_details).reason) ?? status;
      complete(native === 'content_filter' ? 'content-filter' : 'length');
    } else complete('stop');
  };

  const value = (json: object, event: EventName) => {
    const chunk = json as WireEvent;
    switch (chunk.type) {
      case 'response.output_text.delta':
        onTextDelta(chunk);
        return;
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta': // quirk 74
        onReasoning(chunk, chunk.delta);
        return;
      case 'response.function_call_arguments.delta': {
        // Quirk 62: whose arguments they are, the index tells, or that nothing else runs.
        const call = itemFor(indexOf(chunk), CALL).call;
        if (call && typeof chunk.delta === 'string' && chunk.delta !== '') calls.addDelta(call, chunk.delta);
        return;
      }
      default:
        onRare(chunk, event);
    }
  };

  const onRare = (chunk: WireEvent, event: EventName) => {
    switch (chunk.type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress': // quirk 60
        onStart(chunk.response);
        return;
      case 'response.output_item.added':
        if (isFields(chunk.item)) onItemStart(chunk.output_index ?? chunk.item.id, chunk.item);
        return;
      case 'response.output_item.done':
        if (isFields(chunk.item)) onItemDone(chunk.output_index ?? chunk.item.id, chunk.item);
        return;
      case 'response.output_text.done':
        onDone(chunk, TEXT, chunk.text);
        return;
      case 'response.content_part.done': {
        const { type, text } = fieldsOf(chunk.part);
        if (type === 'output_text') onDone(chunk, TEXT, text);
        return;
      }
      case 'response.reasoning_summary_text.done':
      case 'response.reasoning_summary_part.done':
        onReasoning(chunk, chunk.text ?? fieldsOf(chunk.part).text, true);
        return;
      case 'response.reasoning_text.done':
        onDone(chunk, REASONING, chunk.text);
        return;
      case 'response.refusal.delta':
        refused = true;
        onTextDelta(chunk);
        return;
      case 'response.refusal.done':
        refused = true;
        onDone(chunk, TEXT, chunk.refusal);
        return;
      case 'response.function_call_arguments.done': {
        const call = itemFor(indexOf(chunk), CALL).call;
        if (!call) return;
        calls.named(call, said((chunk as Fields).name), undefined);
        calls.tell(call, argumentsIn(chunk as Fields));
        return;
      }
      case 'response.output_text.annotation.added':
        citeAnnotations([chunk.annotation], shell);
        return;
      case 'response.completed':
      case 'response.done':
      case 'response.incomplete':
      case 'response.failed':
      case 'response.cancelled':
        onEnd({ status: String(chunk.type).slice('response.'.length), ...fieldsOf(chunk.response) });
        return;
      case 'error':
        shell.fail(isFields(chunk.error) ? chunk.error : chunk); // quirk 59
        return;
    }
    const fields = chunk as Fields;
    if (chunk.type === undefined && event().startsWith('response.')) value({ ...chunk, type: event() }, event);
    else if (chunk.type === undefined && Array.isArray(fields.output)) onEnd(fields);
    else if (chunk.error !== undefined && chunk.error !== null) shell.fail(chunk.error);
    else if (event() === 'error') shell.fail(chunk);
    else if (Array.isArray(chunk.choices)) {
      // Quirk 72.
      shell.unreadable('an answer in the Chat Completions protocol');
    }
  };

  /** The provider has said that it is done. */
  const complete = (how: FinishReason) => {
    if (refused && how === 'stop') shell.filtered('refusal');
    else shell.complete(how, calls.settle);
  };

  return {
    value,
    end: shell.cut,
    begun: () => sawResponse || items.size > 0,
    usage: () => usageOf(usage),
    nativeReason: () => native,
  };
}

function argumentsIn({ arguments: given }: Fields): string {
  return isFields(given) ? JSON.stringify(given) : (said(given) ?? '');
}

function kindOf(item: Fields): number {
  switch (item.type) {
    case 'message':
      return TEXT;
    case 'reasoning':
      return REASONING;
    case 'function_call':
      return CALL;
    default:
      return OTHER;
  }
}
