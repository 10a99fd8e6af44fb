import type { Json } from '../../chat/json.ts';
import type { EventName } from '../../transport/json-values.ts';
import { createShell, type Protocol, type Shell } from '../decoder-shell.ts';
import type { Decoder, DecoderOptions, EndCause } from '../dialect.ts';
import { finishReasonOf } from '../finish-reason.ts';
import { type CallCounts, endOfCall, madeUpCallId, objectIn } from '../tool-call.ts';
import { type Fields, fieldsOf, isFields, listOf, nameOf, said, saysBad } from '../values.ts';
import { type Block, filled, kindOf, SERVER_TOOL, TEXT, THINKING, TOOL, WHOLE } from './block.ts';
import { createServerTools } from './server-tools.ts';
import { createUsageCounter } from './usage.ts';
import type { WireDelta, WireEvent } from './wire.ts';

/** The events that make up an answer. */
const TYPES = /^(?:message|content_block)_/;

/** A run of text in one part, and what it cites. */
interface TextRun {
  readonly part: number;
  readonly blocks: TextBlock[];
}

interface TextBlock {
  readonly citations: Json[];
  length: number;
}

/**
 * Decodes Anthropic's Messages protocol (quirks 78–103), streamed or whole.
 *
 * Each content block is a part of its own; text blocks that follow one another are one, since citations cut running text
 * into blocks. `finish` comes with `message_stop`, or with the end of the body behind a stop reason (quirk 92); a cut
 * before it is `truncated`. A tool call is done when its block was closed and the message ended, never before (quirk 43).
 */
export function createAnthropicDecoder(options: DecoderOptions = {}): Decoder {
  return createShell(options, createProtocol);
}

function createProtocol(shell: Shell): Protocol {
  const { emit, newPart } = shell;
  let messageId: string | undefined;
  let started = false;
  let stopReason: string | undefined;
  let stopDetails: unknown;
  const usage = createUsageCounter();

  const blocks: Block[] = [];
  /** The latest of each index. */
  const byIndex = new Map<unknown, Block>();
  let current: Block | undefined;
  let currentIndex: unknown;
  let textRun: TextRun | undefined;
  const textRuns: TextRun[] = [];
  const serverTools = createServerTools(emit, shell.parts, newPart);

  /** Calls are told apart by their ids; where one has none, or another's, it is given one. */
  const callIds = new Set<string>();
  const callIdOf = (fields: Fields): string => {
    const given = said(fields.id) ?? '';
    const id = given === '' || callIds.has(given) ? madeUpCallId(messageId, callIds.size) : given;
    callIds.add(id);
    return id;
  };

  const open = (index: unknown, fields: Fields): Block => {
    const kind = kindOf(fields);
    if (kind !== TEXT) textRun = undefined;
    const block: Block = {
      kind,
      part: kind === TEXT ? openText() : kind === THINKING || kind === TOOL ? newPart() : -1,
      fields,
      callId: kind === TOOL ? callIdOf(fields) : '',
      name: said(fields.name) ?? '',
      json: '',
      signature: '',
      closed: false,
      run: (kind === TEXT && textRun?.blocks.at(-1)) || { citations: [], length: 0 },
      onInput: undefined,
    };
    blocks.push(block);
    byIndex.set(index, block);
    current = block;
    currentIndex = index;
    return block;
  };

  const openText = (): number => {
    if (!textRun) {
      textRun = { part: newPart(), blocks: [] };
      textRuns.push(textRun);
    }
    textRun.blocks.push({ citations: [], length: 0 });
    return textRun.part;
  };

  const onText = (block: Block, text: string) => {
    shell.visible = true;
    block.run.length += text.length;
    shell.events.push({ type: 'text', part: block.part, text });
  };

  const onThinking = (block: Block, text: string) => {
    shell.visible = true;
    shell.events.push({ type: 'reasoning', part: block.part, text });
  };

  const onStart = (index: unknown, fields: Fields) => {
    const block = open(index, fields);
    switch (block.kind) {
      case TEXT: {
        // Quirk 87: what the start holds belongs to the text, and to what a signature covers.
        const text = said(fields.text);
        if (text !== undefined) onText(block, text);
        for (const one of listOf(fields.citations)) onCitation(block.run.citations, one);
        return;
      }
      case THINKING: {
        const thought = said(fields.thinking);
        if (thought !== undefined) onThinking(block, thought);
        block.signature = said(fields.signature) ?? '';
        return;
      }
      case TOOL: {
        shell.visible = true;
        emit({ type: 'tool-call-start', part: block.part, callId: block.callId, name: block.name });
        // Quirk 86: the input may be here already; an empty one is the usual placeholder.
        const input = filled(fields.input);
        if (input !== undefined) addInput(block, JSON.stringify(input));
        return;
      }
      case SERVER_TOOL:
        shell.visible = true;
        block.onInput = serverTools.use(fields, filled(fields.input));
        return;
      default:
        if (fields.type === 'redacted_thinking') {
          // Quirk 89: nothing to read, everything to keep.
          emit({ type: 'raw-part', part: newPart(), of: 'reasoning', raw: fields as Json });
        }
    }
  };

  const addInput = (block: Block, delta: string) => {
    block.json += delta;
    if (block.kind === TOOL) shell.events.push({ type: 'tool-call-arguments', part: block.part, delta });
  };

  const onDelta = (chunk: WireEvent) => {
    const delta = chunk.delta as WireDelta | null | undefined;
    if (typeof delta !== 'object' || delta === null) return;
    let block = current;
    if (block === undefined || chunk.index !== currentIndex) {
      block = byIndex.get(chunk.index);
      if (block !== undefined) {
        current = block;
        currentIndex = chunk.index;
      }
    }
    switch (delta.type) {
      case 'text_delta': {
        const text = delta.text;
        if (typeof text !== 'string' || text === '') return;
        if (block === undefined || block.kind !== TEXT) block = open(chunk.index, { type: 'text' });
        onText(block, text);
        return;
      }
      case 'thinking_delta': {
        const thought = delta.thinking;
        if (typeof thought !== 'string' || thought === '') return;
        if (block === undefined || block.kind !== THINKING) block = open(chunk.index, { type: 'thinking' });
        onThinking(block, thought);
        return;
      }
      case 'input_json_delta': {
        // Quirk 85: the first one is empty.
        const json = delta.partial_json;
        if (block === undefined) return;
        if (typeof json !== 'string') {
          if (filled(json) !== undefined) addInput(block, JSON.stringify(json));
        } else if (json !== '') addInput(block, json);
        return;
      }
      default:
        if (block !== undefined) onRareDelta(block, delta);
    }
  };

  const onRareDelta = (block: Block, delta: WireDelta) => {
    if (delta.type === 'signature_delta') block.signature = said(delta.signature) ?? block.signature;
    else if (delta.type === 'citations_delta')
      onCitation(block.run.citations, delta.citation); // quirk 95
    else if (block.kind === WHOLE && typeof delta.content === 'string') block.json += delta.content; // a compaction
  };

  const onCitation = (into: Json[], citation: unknown) => {
    if (!isFields(citation)) return;
    into.push(citation as Json);
    const url = citation.url ?? citation.source;
    if (/^https?:/i.test(String(url))) shell.cite(url, citation.title ?? citation.document_title, citation.cited_text);
  };

  const close = (block: Block) => {
    if (block.closed) return;
    block.closed = true;
    switch (block.kind) {
      case THINKING:
        sign(block);
        return;
      case SERVER_TOOL:
        if (block.json !== '') block.onInput?.(objectIn(block.json) ?? block.json);
        return;
      case WHOLE:
        if (block.fields.type === 'redacted_thinking') return;
        if (said(block.fields.tool_use_id) !== undefined) shell.visible = true;
        if (block.fields.type === 'fallback') onFallback(block.fields.to);
        serverTools.whole(block.json === '' ? block.fields : { ...block.fields, content: block.json });
    }
  };

  /** Another model of Anthropic's took over: it is the one that answers. */
  const onFallback = (to: unknown) => {
    const model = nameOf(fieldsOf(to).model);
    if (model !== undefined) emit({ type: 'response-start', model });
  };

  /** Quirk 88: without a signature there is nothing that the provider would know again. */
  const sign = (block: Block) => {
    if (block.signature === '') return;
    emit({
      type: 'raw-part',
      part: block.part,
      of: 'reasoning',
      raw: { type: 'thinking', signature: block.signature },
    });
  };

  const onMessageStart = (message: Fields) => {
    const id = nameOf(message.id);
    if (started) {
      // Quirk 90: said twice it is the same message; another one spliced into it makes both unreadable.
      if (id !== messageId) shell.unreadable('a second message inside of the first');
      return;
    }
    started = true;
    messageId = id;
    shell.start(id, message.model);
    onMessage(message);
  };

  /** What a whole message holds, and of what a stream begins with mostly nothing. */
  const onMessage = (message: Fields) => {
    usage.add(message.usage);
    const content = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
    for (const [index, block] of listOf(content).entries()) {
      if (!isFields(block)) continue;
      onStart(index, block);
      const opened = byIndex.get(index);
      if (opened) close(opened);
    }
    if (said(message.stop_reason) !== undefined) onStop(message);
  };

  const onStop = (fields: Fields) => {
    stopReason = said(fields.stop_reason) ?? stopReason;
    stopDetails = fields.stop_details ?? stopDetails;
  };

  const value = (json: object, event: EventName, bare: boolean) => {
    const chunk = json as WireEvent;
    switch (chunk.type) {
      case 'content_block_delta':
        onDelta(chunk);
        return;
      case 'content_block_start':
        if (isFields(chunk.content_block)) onStart(chunk.index, chunk.content_block);
        return;
      case 'content_block_stop': {
        const block = byIndex.get(chunk.index);
        if (block) close(block);
        return;
      }
      case 'message_start':
        // Quirk 101: a router's own record may call itself so, and hold no message.
        if (isFields(chunk.message)) onMessageStart(chunk.message);
        return;
      case 'message_delta':
        usage.add(chunk.usage);
        if (isFields(chunk.delta)) onStop(chunk.delta);
        return;
      case 'message_stop':
        complete();
        return;
      case 'message':
        if (saysBad((chunk as Fields).base_resp)) break;
        onMessageStart(chunk as Fields);
        if (!shell.finished) complete();
        return;
      case 'error':
        shell.fail(chunk); // quirk 79
        return;
    }
    // Quirks 9 and 100: pings, and events that nobody knows, mean nothing, unless they say that something failed.
    const fields = chunk as Fields;
    // Some leave the type to the event's name, or to what can only be one thing.
    const type =
      fields.role === 'assistant' && fields.stop_reason ? 'message' : TYPES.test(event()) ? event() : undefined;
    if (fields.type === undefined && type !== undefined) value({ ...fields, type }, event, bare);
    else if (saysBad(fields.base_resp)) shell.fail(fields.base_resp);
    else if (event() === 'error' || (chunk.error !== undefined && chunk.error !== null)) shell.fail(chunk);
    else if (bare && (said(fields.message) !== undefined || said(fields.detail) !== undefined)) shell.fail(chunk);
  };

  /** Says `tool-call-end` for each call that is whole. */
  const settleCalls = (): CallCounts => {
    let complete = 0;
    let broken = 0;
    const lastBlock = blocks.at(-1);
    for (const block of blocks) {
      if (block.kind !== TOOL) continue;
      const { callId, name, part } = block;
      // A block that was cut off may have been about to say more, whether or not it parses (quirk 43): the last one, which
      // is closed all the same where the maximum was reached.
      const short = finishReasonOf(stopReason) === 'length';
      const cutOff = short ? block === lastBlock || !block.closed : !block.closed && stopReason === undefined;
      const end = cutOff ? undefined : endOfCall(part, callId, name, block.json);
      const caller = block.fields.caller;
      if (isFields(caller)) emit({ type: 'raw-part', part, of: 'tool-call', raw: { caller: caller as Json } });
      if (end) {
        complete++;
        emit(end);
      } else broken++;
    }
    return { complete, broken };
  };

  /** The provider has said that it is done. */
  const complete = () => {
    for (const block of blocks) if (block.kind !== TOOL) close(block);
    const calls = settleCalls();
    const how = finishReasonOf(stopReason);
    // What Anthropic calls a refusal is its classifiers stepping in, not the model's own word: another model may answer.
    shell.complete(how, () => calls, { message: said(fieldsOf(stopDetails).explanation) });
  };

  const end = (cause?: EndCause) => {
    if (stopReason !== undefined) complete();
    else shell.cut(cause);
  };

  return {
    value,
    end,
    done: end,
    begun: () => started || blocks.length > 0,
    last: () => {
      for (const { part, blocks: texts } of textRuns) {
        if (!texts.some((text) => text.citations.length > 0)) continue;
        let end = 0;
        const raw = texts.map(({ citations, length }) => {
          end += length;
          return { end, citations };
        });
        emit({ type: 'raw-part', part, of: 'text', raw: { blocks: raw } });
      }
    },
    usage: () => usage.result(stopReason !== undefined),
    nativeReason: () => stopReason,
  };
}
