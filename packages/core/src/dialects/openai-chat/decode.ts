import type { EventName } from '../../transport/json-values.ts';
import { createShell, type Protocol, type Shell } from '../decoder-shell.ts';
import type { Decoder, DecoderOptions, EndCause } from '../dialect.ts';
import { finishReasonOf } from '../finish-reason.ts';
import { madeUpCallId } from '../tool-call.ts';
import { createPick, type Fields, fieldsOf, isFields, listOf, said } from '../values.ts';
import { citeAnnotations, citeResults, errorIn, pictureOf, textOf } from './extract.ts';
import { createReasoningDetails, type ReasoningDetails } from './reasoning-details.ts';
import { createThinkTags, type ThinkTags } from './think-tags.ts';
import { createToolCalls, type ToolCalls } from './tool-calls.ts';
import { laterUsage, usageOf } from './usage.ts';
import type { WireChoice, WireChunk, WireDelta } from './wire.ts';

/** What the running part is made of. */
const NOTHING = 0;
const TEXT = 1;
const REASONING = 2;

/**
 * Decodes OpenAI's chat protocol in every variety known of the crowd that speaks it (quirks 1–57, 130–159, 247–250).
 *
 * `finish` waits for `[DONE]` or the end of the body, since usage comes behind the finish reason (quirk 36) and an error
 * may (quirk 22). A cut before the finish reason is `truncated`; behind it the finish stands (quirk 26). Nothing that
 * arrives makes it throw. Text costs one event object a delta; what is rare stands behind a check that fails fast.
 */
export function createOpenAiChatDecoder(options: DecoderOptions = {}): Decoder {
  return createShell(options, (shell) => createProtocol(shell, options.thinkTags));
}

function createProtocol(shell: Shell, tags: DecoderOptions['thinkTags']): Protocol {
  const { emit, newPart } = shell;
  const pick = createPick();
  let openKind = NOTHING;
  let openPart = -1;
  let reasoningPart = -1;

  /** The finish reason, and the upstream's own word for it. */
  let reason: string | undefined;
  let nativeReason: string | undefined;
  /** What it says of an end that is a failure. */
  let trouble: string | undefined;
  /** The provider has said that it is done. */
  let ended = false;
  let refused = false;
  let usage: Fields | undefined;
  let searched: WireChunk | undefined;
  let toolCalls: ToolCalls | undefined;
  let details: ReasoningDetails | undefined;
  /** What the details are called: OpenRouter's name, or LiteLLM's. */
  let detailsAre = 'reasoning_details';
  /** Something in a frame, or a choice: other than a body of some other kind. */
  let begun = false;

  const onText = (delta: string) => {
    if (openKind !== TEXT) {
      openKind = TEXT;
      openPart = newPart();
      shell.visible = true;
    }
    shell.events.push({ type: 'text', part: openPart, text: delta });
  };

  const onReasoning = (delta: string) => {
    if (openKind !== REASONING) {
      openKind = REASONING;
      openPart = newPart();
      reasoningPart = openPart;
      shell.visible = true;
    }
    shell.events.push({ type: 'reasoning', part: openPart, text: delta });
  };

  const thinkTags: ThinkTags | undefined = tags && createThinkTags(tags, { reasoning: onReasoning, text: onText });

  const onImage = (url: unknown) => {
    const address = said(url);
    if (address === undefined) return;
    const { source, mediaType = 'image/png' } = pictureOf(address);
    shell.visible = true;
    emit({ type: 'image', part: newPart(), mediaType, source });
  };

  const onToolCall = (entry: unknown) => {
    toolCalls ??= createToolCalls(
      emit,
      () => {
        openKind = NOTHING;
        shell.visible = true;
        return newPart();
      },
      // Quirk 131. Other than in other answers of the conversation, and the same however the stream is cut.
      (order) => madeUpCallId(shell.responseId, order),
    );
    toolCalls.add(entry);
  };

  const onDetails = (list: readonly unknown[]) => {
    details ??= createReasoningDetails();
    details.add(list, () => {
      if (reasoningPart === -1) reasoningPart = newPart();
      return reasoningPart;
    });
  };

  /** Content that is no string: a list of thinking, text and images (quirk 168). */
  const onContentList = (content: unknown) => {
    for (const item of [content].flat()) {
      const fields = isFields(item) ? item : { text: item };
      if (fields.type === 'thinking' || fields.type === 'reasoning') {
        const thought = textOf(fields.thinking ?? fields.text);
        if (thought !== '') onReasoning(thought);
      } else if (fields.type === 'image_url') {
        onImage(isFields(fields.image_url) ? fields.image_url.url : fields.image_url);
      } else {
        const text = textOf(fields.text);
        if (text !== '') onText(text);
      }
    }
  };

  /** What few deltas hold; null counts as absent (quirk 41). */
  const onRare = (delta: WireDelta) => {
    if (typeof delta.refusal === 'string' && delta.refusal !== '') {
      // Quirk 47: what the model says instead of an answer is worth reading all the same.
      refused = true;
      onText(delta.refusal);
    }
    for (const one of listOf(delta.images)) {
      const { image_url: image, url } = fieldsOf(one);
      onImage(isFields(image) ? image.url : (image ?? url));
    }
    if (delta.tool_calls) for (const entry of [delta.tool_calls].flat()) onToolCall(entry);
    // What a voice says stands here alone.
    const spoken = said(fieldsOf(delta.audio).transcript);
    if (spoken !== undefined) onText(spoken);
    if (isFields(delta.function_call)) onToolCall({ index: 0, function: delta.function_call }); // quirk 46
    citeAnnotations(delta.annotations, shell);
  };

  const onDelta = (delta: WireDelta) => {
    // Quirk 136: the first that says anything, so that one thought under two names counts once. Quirk 137: before text.
    const thought = delta.reasoning_content || delta.reasoning || delta.reasoning_text;
    const words = thought === undefined || thought === null || thought === '' ? '' : textOf(thought); // quirk 139
    if (words !== '') onReasoning(words);
    const list = delta.reasoning_details ?? delta.thinking_blocks;
    if (list !== undefined && Array.isArray(list)) {
      const told = words === '' ? textOf(list) : '';
      if (told !== '') onReasoning(told);
      if (delta.thinking_blocks === list) detailsAre = 'thinking_blocks';
      onDetails(list);
    }
    const content = delta.content;
    if (typeof content === 'string') {
      if (content !== '') {
        if (thinkTags === undefined) onText(content);
        else thinkTags.push(content);
      }
    } else if (content !== undefined && content !== null) onContentList(content);
    if (delta.tool_calls || delta.refusal || delta.annotations || delta.images || delta.function_call || delta.audio)
      onRare(delta);
  };

  /** Quirk 38: counts are cumulative, so the last one holds; what it leaves out, or says is less, it does not take back. */
  const onUsage = (counts: unknown) => {
    if (isFields(counts)) usage = laterUsage(usage, counts);
  };

  const onFinishReason = (chunk: WireChunk, choice: WireChoice) => {
    // Quirk 144: some send an empty reason with every chunk.
    const told = said(choice.finish_reason);
    if (told === undefined) return;
    ended = true;
    reason = told;
    nativeReason = said(choice.native_finish_reason) ?? told;
    onUsage(choice.usage); // quirk 140
    if (!shell.visible && isFields(choice.message)) onDelta(choice.message); // quirk 25, beside an empty delta
    const groq = fieldsOf(chunk.x_groq);
    if (usage === undefined) onUsage(groq.usage);
    trouble = said(groq.error);
  };

  const value = (json: object, event: EventName, bare: boolean) => {
    const chunk = json as WireChunk;
    if (!shell.named) shell.start(chunk.id, chunk.model, chunk.provider);
    if (chunk.usage !== undefined && chunk.usage !== null) onUsage(chunk.usage);
    if (chunk.citations !== undefined || chunk.search_results !== undefined) searched = chunk;

    const choice: WireChoice | undefined = pick(chunk.choices);
    if (choice !== undefined) {
      begun = true;
      const delta = choice.delta;
      if (typeof delta === 'object' && delta !== null) onDelta(delta);
      else if (isFields(choice.message)) onMessage(choice.message);
      else if (typeof choice.text === 'string' && choice.text !== '') onText(choice.text);
      if (choice.finish_reason !== undefined && choice.finish_reason !== null) onFinishReason(chunk, choice);
      else if ((chunk.error === undefined || chunk.error === null) && choice.error === undefined && event() === '')
        return;
    } else if (!bare) begun ||= shell.responseId !== undefined || Array.isArray(chunk.choices);
    const error = errorIn(chunk, choice, event());
    if (error !== undefined) shell.fail(error);
  };

  /** Quirk 25: a whole answer where deltas were due; where deltas have come already it only repeats them. */
  const onMessage = (message: WireDelta) => {
    if (!shell.visible) onDelta(message);
    ended = true;
  };

  /** The provider has said that it is done: `[DONE]`, or the body's end behind a finish reason. */
  const complete = () => {
    thinkTags?.flush();
    // Quirk 11, quirk 12: some say no more than `[DONE]`.
    const how = finishReasonOf(nativeReason) === 'error' ? 'error' : finishReasonOf(reason);
    if (refused && how !== 'error') shell.filtered('refusal');
    else if (how === 'stop') {
      const calls = toolCalls?.settle();
      // Quirk 13: without a finish reason, an unfinished call is a cut.
      if (calls && calls.broken > 0 && !ended) cut(undefined);
      else {
        for (const event of calls?.events ?? []) emit(event);
        shell.conclude(calls);
      }
    } else shell.complete(how, () => undefined, { code: nativeReason, message: trouble });
  };

  const cut = (cause: EndCause | undefined) => {
    thinkTags?.flush();
    shell.cut(cause);
  };

  return {
    value,
    done: complete,
    end: (cause) => {
      if (ended) complete();
      else cut(cause);
    },
    begun: () => begun,
    last: () => {
      thinkTags?.flush();
      citeResults(searched?.citations, searched?.search_results, shell);
      for (const [part, list] of details?.byPart() ?? []) {
        emit({ type: 'raw-part', part, of: 'reasoning', raw: { [detailsAre]: list } });
      }
    },
    usage: () => usageOf(usage),
    nativeReason: () => nativeReason,
  };
}
