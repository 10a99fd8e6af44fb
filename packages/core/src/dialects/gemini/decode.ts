import type { Json } from '../../chat/json.ts';
import { known } from '../../chat/known.ts';
import type { EventName } from '../../transport/json-values.ts';
import { createShell, type Protocol, type Shell } from '../decoder-shell.ts';
import type { Decoder, DecoderOptions, EndCause } from '../dialect.ts';
import { finishReasonOf } from '../finish-reason.ts';
import { madeUpCallId } from '../tool-call.ts';
import { createPick, type Fields, fieldsOf, isFields, listOf, said } from '../values.ts';
import { createToolCalls, type ToolCalls } from './tool-calls.ts';
import { createUsageCounter } from './usage.ts';
import type { WireCandidate, WireChunk, WirePart } from './wire.ts';

const NOTHING = 0;
const TEXT = 1;
const THOUGHT = 2;

/** Running text of one part, and the pieces of it that Google signed. */
interface Run {
  readonly part: number;
  readonly kind: number;
  length: number;
  /** Where a piece ends, and its signature where it has one; none behind the last that has. */
  readonly pieces: { end: number; thoughtSignature?: string }[];
}

/**
 * Decodes Google's `generateContent`, streamed or whole (quirks 104–129).
 *
 * `finish` waits for the end of the body, since there is no end marker, a reason may come early (quirk 114), and usage
 * and grounding come behind it. A cut before any finish reason is `truncated`; behind it the finish stands. A signature
 * can sit on any part (quirk 108): text keeps where its signed pieces begin and end (quirk 110).
 */
export function createGeminiDecoder(options: DecoderOptions = {}): Decoder {
  return createShell(options, createProtocol);
}

function createProtocol(shell: Shell): Protocol {
  const { emit } = shell;
  const pick = createPick();
  let openKind = NOTHING;
  let run: Run | undefined;
  const runs: Run[] = [];

  let reason: string | undefined;
  let reasonMessage: string | undefined;
  let blocked: Fields | undefined;
  const usage = createUsageCounter();
  let toolCalls: ToolCalls | undefined;
  /** The code that runs, as it came. */
  let code:
    | { readonly part: number; readonly callId: string; readonly input: Json | undefined; readonly parts: Json[] }
    | undefined;
  let codes = 0;

  let sawAnswer = false;

  const openRun = (kind: number): Run => {
    run = { part: shell.newPart(), kind, length: 0, pieces: [] };
    runs.push(run);
    openKind = kind;
    return run;
  };

  const onText = (kind: number, text: string, signature: unknown) => {
    const at = openKind === kind && run !== undefined ? run : openRun(kind);
    if (signature !== undefined) onSigned(at, text.length, said(signature));
    at.length += text.length;
    if (text === '') return;
    shell.visible = true;
    if (kind === TEXT) shell.events.push({ type: 'text', part: at.part, text });
    else shell.events.push({ type: 'reasoning', part: at.part, text });
  };

  /** Only runs that hold a signature keep their pieces. */
  const onSigned = ({ length, pieces }: Run, signed: number, thoughtSignature: string | undefined) => {
    if (thoughtSignature === undefined) return;
    endPiece(pieces, length);
    pieces.push({ end: length + signed, thoughtSignature });
  };

  const newPart = (): number => {
    openKind = NOTHING;
    shell.visible = true;
    return shell.newPart();
  };

  const onRarePart = (part: WirePart) => {
    const signature = said(part.thoughtSignature);
    if (isFields(part.functionCall)) {
      toolCalls ??= createToolCalls(emit, newPart, (order) => madeUpCallId(shell.responseId, order));
      toolCalls.add(part.functionCall, signature);
    } else if (isFields(part.inlineData)) {
      // Quirk 128: a picture that was only thought of is no part of the answer.
      if (part.thought === true) return;
      const data = said(part.inlineData.data);
      if (data === undefined) return;
      const at = newPart();
      const mediaType = said(part.inlineData.mimeType) ?? 'image/png';
      emit({ type: 'image', part: at, mediaType, source: { kind: 'base64', data } });
      if (signature !== undefined)
        emit({ type: 'raw-part', part: at, of: 'image', raw: { thoughtSignature: signature } });
    } else if (isFields(part.fileData)) {
      const url = said(part.fileData.fileUri);
      const mediaType = said(part.fileData.mimeType) ?? '';
      if (url !== undefined && mediaType.startsWith('image/'))
        emit({ type: 'image', part: newPart(), mediaType, source: { kind: 'url', url } });
    } else if (part.executableCode !== undefined || part.codeExecutionResult !== undefined) onCode(part);
    // Quirk 108: an empty part may be there for its signature alone.
    else if (signature !== undefined) onText(part.thought === true ? THOUGHT : TEXT, '', signature);
  };

  /** Code that ran at Google's: what was run and what came of it are one part. */
  const onCode = (part: WirePart) => {
    const input = part.executableCode as Json | undefined;
    const output = part.codeExecutionResult as Json | undefined;
    if (input !== undefined || !code) code = { part: newPart(), callId: `code_${codes++}`, input, parts: [] };
    code.parts.push(part as Json);
    emit(
      known({
        type: 'server-tool',
        part: code.part,
        callId: code.callId,
        name: 'code_execution',
        input: code.input,
        output,
      }),
    );
    emit({ type: 'raw-part', part: code.part, of: 'server-tool', raw: { parts: [...code.parts] } });
    if (output !== undefined) code = undefined;
  };

  const onPart = (part: WirePart) => {
    const text = part.text;
    if (text === undefined || part.functionCall !== undefined) onRarePart(part);
    else if (typeof text === 'string' && (text !== '' || part.thoughtSignature !== undefined)) {
      onText(part.thought === true ? THOUGHT : TEXT, text, part.thoughtSignature);
    }
  };

  const onCandidate = (candidate: WireCandidate) => {
    sawAnswer = true;
    const content = candidate.content as { readonly parts?: unknown } | null | undefined;
    // Quirk 112: content without parts, and no content at all.
    const list = typeof content === 'object' && content !== null ? content.parts : undefined;
    if (Array.isArray(list)) {
      for (let n = 0; n < list.length; n++) {
        const part = list[n] as WirePart | null;
        if (typeof part === 'object' && part !== null) onPart(part);
      }
    }
    if (candidate.finishReason !== undefined) {
      reason = said(candidate.finishReason) ?? reason;
      reasonMessage = said(candidate.finishMessage) ?? reasonMessage;
    }
    if (candidate.groundingMetadata !== undefined || candidate.citationMetadata !== undefined) onSources(candidate);
  };

  /** Quirk 119: what the answer rests on, before or behind its text. */
  const onSources = (candidate: WireCandidate) => {
    const citation = fieldsOf(candidate.citationMetadata);
    const chunks = listOf(fieldsOf(candidate.groundingMetadata).groundingChunks);
    for (const chunk of [...chunks, ...listOf(citation.citationSources ?? citation.citations)]) {
      const fields = fieldsOf(chunk);
      const { uri, title } = [fields.web, fields.retrievedContext, fields.maps].find(isFields) ?? fields;
      shell.cite(uri, title);
    }
  };

  const value = (json: object, event: EventName) => {
    const chunk = json as WireChunk;
    if (!shell.named) shell.start(chunk.responseId, chunk.modelVersion); // quirk 127
    if (chunk.usageMetadata !== undefined) usage.add(chunk.usageMetadata);
    // Quirk 112: an empty list is no news.
    const candidate: WireCandidate | undefined = pick(chunk.candidates);
    if (candidate !== undefined) onCandidate(candidate);
    if (chunk.promptFeedback !== undefined && isFields(chunk.promptFeedback)) {
      // Quirk 118: blocked before anything was said.
      if (said(chunk.promptFeedback.blockReason) !== undefined) blocked = chunk.promptFeedback;
    }
    if (chunk.error !== undefined && chunk.error !== null) shell.fail(chunk.error);
    else if (event() === 'error') shell.fail(chunk);
  };

  const complete = () => {
    const how = finishReasonOf(reason);
    if (blocked && (!shell.visible || reason === undefined)) {
      reason ??= said(blocked.blockReason);
      shell.filtered('content_filter', said(blocked.blockReasonMessage));
    } else {
      // Quirk 113: a turn that failed, however empty it is.
      const told = { code: 'malformed_function_call', message: reasonMessage };
      shell.complete(how, () => toolCalls?.settle(), told);
    }
  };

  const end = (cause?: EndCause) => {
    if (reason !== undefined || blocked) complete();
    else shell.cut(cause);
  };

  return {
    value,
    end,
    // Google sends no such marker; translators do.
    done: end,
    begun: () => sawAnswer,
    last: () => {
      for (const { part, kind, length, pieces } of runs) {
        if (pieces.length === 0) continue;
        endPiece(pieces, length);
        const raw = { pieces: pieces as readonly Json[] };
        emit({ type: 'raw-part', part, of: kind === TEXT ? 'text' : 'reasoning', raw });
      }
    },
    usage: () => usage.result(reason !== undefined),
    nativeReason: () => reason,
  };
}

/** What was said without a signature since the last piece is one as well. */
function endPiece(pieces: Run['pieces'], end: number): void {
  if (end > (pieces.at(-1)?.end ?? 0)) pieces.push({ end });
}
