import type { DecoderEvent, FinishReason } from '../../chat/event.ts';
import type { Failure } from '../../chat/failure.ts';
import type { MediaSource } from '../../chat/part.ts';
import { classifyFailure } from '../../failures/classify.ts';
import { createJsonValues } from '../../transport/json-values.ts';
import type { Decoder, DecoderOptions, EndCause } from '../dialect.ts';
import { type Cited, citationsOf, errorIn, searchResultsOf, textOf } from './extract.ts';
import { createReasoningDetails, type ReasoningDetails } from './reasoning-details.ts';
import { createThinkTags, type ThinkTags } from './think-tags.ts';
import { createToolCalls, type ToolCalls } from './tool-calls.ts';
import { usageOf } from './usage.ts';
import { finishReasonOf, isFields, said, type WireChoice, type WireChunk, type WireDelta } from './wire.ts';

/** What the running part is made of. */
const NOTHING = 0;
const TEXT = 1;
const REASONING = 2;

/** What a body that was cut very early looks like: the beginning of JSON, or of an event's first field. */
const BEGINNING = /^\s*(?:[[{]|d(?:a(?:ta?)?)?$|e(?:v(?:e(?:nt?)?)?)?$)/;

/**
 * Decodes OpenAI's chat protocol in every variety known of the crowd that speaks it (quirks 1–57, 130–159, 247–250).
 *
 * `finish` waits for `[DONE]` or the end of the body, since usage comes behind the finish reason (quirk 36) and an error
 * may (quirk 22). A cut before the finish reason is `truncated`; behind it the finish stands (quirk 26). Nothing that
 * arrives makes it throw. Text costs one event object a delta; what is rare stands behind a check that fails fast.
 */
export function createOpenAiChatDecoder(options: DecoderOptions = {}): Decoder {
  let events: DecoderEvent[] = [];
  let finished = false;

  let parts = 0;
  let openKind = NOTHING;
  let openPart = -1;
  let reasoningPart = -1;
  let visible = false;

  let responseId: string | undefined;
  let responseModel: string | undefined;
  let named = false;

  /** The finish reason, and the upstream's own word for it. */
  let reason: string | undefined;
  let nativeReason: string | undefined;
  /** The provider has said that it is done. */
  let ended = false;
  let refused = false;
  let usage: unknown;
  let searched: WireChunk | undefined;
  const cited = new Map<string, Cited>();
  let toolCalls: ToolCalls | undefined;
  let details: ReasoningDetails | undefined;

  /** For telling what a body was that was no answer. */
  let sawValue = false;
  let sawBody = false;
  let sawChoice = false;
  let scrap = '';
  let damaged = false;

  const emit = (event: DecoderEvent) => {
    events.push(event);
  };

  const onText = (delta: string) => {
    if (openKind !== TEXT) {
      openKind = TEXT;
      openPart = parts++;
      visible = true;
    }
    events.push({ type: 'text', part: openPart, text: delta });
  };

  const onReasoning = (delta: string) => {
    if (openKind !== REASONING) {
      openKind = REASONING;
      openPart = parts++;
      reasoningPart = openPart;
      visible = true;
    }
    events.push({ type: 'reasoning', part: openPart, text: delta });
  };

  const thinkTags: ThinkTags | undefined =
    options.thinkTags && createThinkTags(options.thinkTags, { reasoning: onReasoning, text: onText });

  const onImage = (url: unknown) => {
    const address = said(url);
    if (address === undefined) return;
    const inline = /^data:([^;,]*)(?:;[^;,]*)*;base64,/.exec(address.slice(0, 200));
    const source: MediaSource = inline
      ? { kind: 'base64', data: address.slice(inline[0].length) }
      : { kind: 'url', url: address };
    visible = true;
    emit({ type: 'image', part: parts++, mediaType: inline?.[1] || 'image/png', source });
  };

  const onToolCall = (entry: unknown) => {
    toolCalls ??= createToolCalls(
      emit,
      () => {
        openKind = NOTHING;
        visible = true;
        return parts++;
      },
      // Quirk 131. Other than in other answers of the conversation, and the same however the stream is cut.
      (order) => `call_${(responseId ?? '').replace(/\W/g, '').slice(-20)}_${order}`,
    );
    toolCalls.add(entry);
  };

  const onDetails = (list: readonly unknown[]) => {
    details ??= createReasoningDetails();
    details.add(list, () => {
      if (reasoningPart === -1) reasoningPart = parts++;
      return reasoningPart;
    });
  };

  /** Content that is no string: a list of thinking, text and images (quirk 168). */
  const onContentList = (content: unknown) => {
    if (!Array.isArray(content)) return;
    for (const item of content) {
      if (!isFields(item)) continue;
      if (item.type === 'thinking' || item.type === 'reasoning') {
        const thought = textOf(item.thinking ?? item.text);
        if (thought !== '') onReasoning(thought);
      } else if (item.type === 'image_url') {
        onImage(isFields(item.image_url) ? item.image_url.url : item.image_url);
      } else if (typeof item.text === 'string' && item.text !== '') onText(item.text);
    }
  };

  /** What few deltas hold; null counts as absent (quirk 41). */
  const onRare = (delta: WireDelta) => {
    if (typeof delta.refusal === 'string' && delta.refusal !== '') {
      // Quirk 47: what the model says instead of an answer is worth reading all the same.
      refused = true;
      onText(delta.refusal);
    }
    if (Array.isArray(delta.images)) {
      for (const one of delta.images) {
        if (isFields(one)) onImage(isFields(one.image_url) ? one.image_url.url : (one.image_url ?? one.url));
      }
    }
    if (Array.isArray(delta.tool_calls)) for (const entry of delta.tool_calls) onToolCall(entry);
    if (isFields(delta.function_call)) onToolCall({ index: 0, function: delta.function_call }); // quirk 46
    for (const cites of citationsOf(delta.annotations)) if (!cited.has(cites.url)) cited.set(cites.url, cites);
  };

  const onDelta = (delta: WireDelta) => {
    // Quirk 136: the first that says anything, so that one thought under two names counts once. Quirk 137: before text.
    const thought = delta.reasoning_content || delta.reasoning || delta.reasoning_text;
    const words = thought === undefined || thought === null || thought === '' ? '' : textOf(thought); // quirk 139
    if (words !== '') onReasoning(words);
    if (delta.reasoning_details !== undefined && Array.isArray(delta.reasoning_details)) {
      const told = words === '' ? textOf(delta.reasoning_details) : '';
      if (told !== '') onReasoning(told);
      onDetails(delta.reasoning_details);
    }
    const content = delta.content;
    if (typeof content === 'string') {
      if (content !== '') {
        if (thinkTags === undefined) onText(content);
        else thinkTags.push(content);
      }
    } else if (content !== undefined && content !== null) onContentList(content);
    if (delta.tool_calls || delta.refusal || delta.annotations || delta.images || delta.function_call) onRare(delta);
  };

  /** Quirk 147: names may be empty at first, or never come. Quirk 148: the model need not be the one asked. */
  const onNames = (chunk: WireChunk) => {
    const id = responseId === undefined ? said(chunk.id) : undefined;
    const model = responseModel === undefined ? said(chunk.model) : undefined;
    if (id === undefined && model === undefined) return;
    const provider = said(chunk.provider);
    responseId ??= id;
    responseModel ??= model;
    named = responseId !== undefined && responseModel !== undefined;
    emit({
      type: 'response-start',
      ...(responseId !== undefined && { responseId }),
      ...(responseModel !== undefined && { model: responseModel }),
      ...(provider !== undefined && { provider }),
    });
  };

  /** Quirk 38: counts are cumulative, so the last one holds; an empty one says nothing. */
  const onUsage = (counts: unknown) => {
    if (isFields(counts) && Object.keys(counts).length > 0) usage = counts;
  };

  const onFinishReason = (chunk: WireChunk, choice: WireChoice) => {
    // Quirk 144: some send an empty reason with every chunk.
    const told = said(choice.finish_reason);
    if (told === undefined) return;
    ended = true;
    reason = told;
    nativeReason = said(choice.native_finish_reason) ?? told;
    if (isFields(choice.usage)) onUsage(choice.usage); // quirk 140
    if (isFields(chunk.x_groq) && usage === undefined) onUsage(chunk.x_groq.usage);
  };

  const onValue = (json: unknown, event: string, bare: boolean) => {
    if (finished) return;
    if (typeof json !== 'object' || json === null) {
      if (event === 'error') fail(json);
      return;
    }
    sawValue = true;
    sawBody ||= bare;
    const chunk = json as WireChunk;
    if (!named) onNames(chunk);
    if (chunk.usage !== undefined && chunk.usage !== null) onUsage(chunk.usage);
    if (chunk.citations !== undefined || chunk.search_results !== undefined) searched = chunk;

    const choices = chunk.choices;
    const choice = Array.isArray(choices) ? (choices[0] as WireChoice | null | undefined) : undefined;
    if (typeof choice === 'object' && choice !== null) {
      sawChoice = true;
      const delta = choice.delta;
      if (typeof delta === 'object' && delta !== null) onDelta(delta);
      else if (isFields(choice.message)) onMessage(choice.message);
      if (choice.finish_reason !== undefined && choice.finish_reason !== null) onFinishReason(chunk, choice);
      if ((chunk.error === undefined || chunk.error === null) && choice.error === undefined && event === '') return;
    }
    const error = errorIn(chunk, choice ?? undefined, event);
    if (error !== undefined) fail(error);
  };

  /** Quirk 25: a whole answer where deltas were due; where deltas have come already it only repeats them. */
  const onMessage = (message: WireDelta) => {
    if (!visible) onDelta(message);
    ended = true;
  };

  const fail = (error: unknown) => finish('error', failure({ source: 'stream', error }));

  const failure = (
    what:
      | { readonly source: 'stream'; readonly error: unknown }
      | { readonly source: 'end'; readonly cause: EndCause | undefined }
      | { readonly source: 'unreadable'; readonly text: string },
  ): Failure => classifyFailure({ ...what, provider: options.provider, model: options.model });

  /** The provider has said that it is done: `[DONE]`, or the body's end behind a finish reason. */
  const complete = () => {
    thinkTags?.flush();
    const settled = toolCalls?.settle();
    if (settled && settled.broken > 0 && !ended) {
      // Quirk 13: without a finish reason, an unfinished call is a cut.
      cut(undefined);
      return;
    }
    events.push(...(settled?.events ?? []));
    // Quirk 11, quirk 12: some say no more than `[DONE]`.
    let how: FinishReason = reason === undefined ? 'stop' : finishReasonOf(reason);
    if (nativeReason !== undefined && finishReasonOf(nativeReason) === 'error') how = 'error';
    if (how === 'error') {
      fail({ code: nativeReason });
    } else if (refused) {
      finish('content-filter', failure({ source: 'stream', error: { code: 'refusal' } }));
    } else if (how === 'content-filter') {
      finish(how, failure({ source: 'stream', error: { code: 'content_filter' } }));
    } else if (how === 'length') {
      finish(how);
    } else if (settled && settled.broken > 0) {
      finish('error', failure({ source: 'unreadable', text: 'a tool call whose arguments are no JSON' }));
    } else if (damaged) {
      finish('error', failure({ source: 'unreadable', text: 'part of the answer was no JSON' }));
    } else if (!visible) {
      finish('error', failure({ source: 'unreadable', text: 'an empty answer' })); // quirk 159
    } else {
      // Quirk 44, quirk 45: what came counts more than what it is called.
      finish(settled && settled.complete > 0 ? 'tool-calls' : 'stop');
    }
  };

  /** The response ended, and the provider never said that it was done. */
  const cut = (cause: EndCause | undefined) => {
    thinkTags?.flush();
    const unreadable = !cause && !sawChoice && (sawBody || (!sawValue && scrap !== '' && !BEGINNING.test(scrap)));
    if (unreadable) finish('error', failure({ source: 'unreadable', text: scrap }));
    else finish(visible ? 'interrupted' : 'error', failure({ source: 'end', cause }));
  };

  const finish = (how: FinishReason, why?: Failure) => {
    finished = true;
    thinkTags?.flush();
    for (const cites of searchResultsOf(searched?.citations, searched?.search_results)) {
      if (!cited.has(cites.url)) cited.set(cites.url, cites);
    }
    // At the end, so that a stream and a whole answer give the parts in the same order.
    for (const cites of cited.values()) emit({ type: 'citation', part: parts++, ...cites });
    for (const [part, list] of details?.byPart() ?? []) {
      emit({ type: 'raw-part', part, of: 'reasoning', raw: { reasoning_details: list } });
    }
    const counted = usageOf(usage);
    if (counted) emit({ type: 'usage', usage: counted });
    emit({
      type: 'finish',
      reason: how,
      ...(nativeReason !== undefined && { nativeReason }),
      ...(why && { failure: why }),
    });
  };

  const values = createJsonValues(
    {
      value: onValue,
      done: () => {
        if (!finished) complete();
      },
      scrap: (text, event) => {
        if (finished) return;
        if (event === 'error') fail(text);
        else {
          if (scrap.length < 2_000) scrap += `${text}\n`;
          if (text.startsWith('{')) damaged = true;
        }
      },
    },
    options.maxLineBytes,
  );

  /** Runs one step and hands over what it said. */
  const step = (work: () => void): DecoderEvent[] => {
    events = [];
    if (finished) return events;
    try {
      work();
      if (values.overflowed() && !finished) {
        finish('error', failure({ source: 'unreadable', text: 'a single line too long to be kept' }));
      }
    } catch (error) {
      // Nothing above is known to throw; if it does, one answer is lost and not the process.
      if (!finished) finish('error', failure({ source: 'unreadable', text: String(error) }));
    }
    return events;
  };

  return {
    push: (bytes) => step(() => values.push(bytes)),
    end: (cause) =>
      step(() => {
        const whole = damaged;
        values.end();
        if (finished) return;
        // A last line cut in the middle is what a cut looks like, not damage.
        damaged = whole;
        if (ended) complete();
        else cut(cause);
      }),
  };
}
