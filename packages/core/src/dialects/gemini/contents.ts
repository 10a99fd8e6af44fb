import type {
  FilePart,
  ImagePart,
  Part,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../../chat/part.ts';
import type { ModelFamily } from '../../providers/provider.ts';
import {
  argumentsOf,
  ownRaw,
  piecesOf,
  resultText,
  type Scribe,
  some,
  type Wire,
  type WireValue,
} from '../encoding.ts';
import { attached } from '../media.ts';
import { turnsOf } from '../turns.ts';
import { said } from '../values.ts';

/** What stands in for the signature of a call that another model made (quirk 111; ai.google.dev, thought signatures). */
const NO_SIGNATURE = 'skip_thought_signature_validator';
const MEDIA = /^(?:image\/(?:png|jpeg|webp|heic|heif)|application\/pdf|audio\/|video\/)/;

/** The conversation as Google writes it: two roles by turns (quirk 129), results behind their calls (quirk 125). */
export function encodeContents(
  scribe: Scribe,
  family: ModelFamily | undefined,
  preface: string | undefined,
): WireValue[] {
  const turns = turnsOf(scribe.input.request.messages);
  const calls = new Map<string, ToolCallPart>();
  for (const { parts } of turns) for (const part of parts) if (part.type === 'tool-call') calls.set(part.callId, part);

  return turns.map(({ role, parts }, index): Wire => {
    const isUser = role === 'user';
    const told = parts.flatMap((part) => (isUser ? userPart(part, calls, scribe) : modelPart(part, scribe)));
    if (index === 0 && preface !== undefined) told.unshift({ text: preface });
    // A turn of which nothing is left would bring two of the same role together.
    const wire = some(told) ?? [{ text: '[Nothing was said here.]' }];
    return { role: isUser ? 'user' : 'model', parts: isUser ? wire : signed(wire, family) };
  });
}

function userPart(part: Part, calls: ReadonlyMap<string, ToolCallPart>, scribe: Scribe): Wire[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'image':
    case 'file':
      return [media(part, scribe)];
    case 'tool-result':
      return [toolResult(part, calls, scribe)];
    default:
      return [];
  }
}

function media(part: ImagePart | FilePart, scribe: Scribe): Wire {
  const { mediaType: mimeType } = part;
  const found = attached(part, scribe, (type) => MEDIA.test(type));
  if ('text' in found) return { text: found.text };
  return 'url' in found
    ? { fileData: { fileUri: found.url, mimeType } }
    : { inlineData: { mimeType, data: found.data } };
}

function toolResult(part: ToolResultPart, calls: ReadonlyMap<string, ToolCallPart>, scribe: Scribe): Wire {
  const call = calls.get(part.callId);
  const text = resultText({ ...part, isError: false });
  return {
    functionResponse: {
      id: call && ownId(call, scribe),
      name: call?.name ?? part.name ?? 'tool',
      response: part.isError ? { error: text } : { result: text },
    },
  };
}

/** Quirk 126: an id goes back where Google gave one, and nowhere else. */
function ownId(call: ToolCallPart, { input }: Scribe): string | undefined {
  return said(ownRaw(call, input).id);
}

function modelPart(part: Part, scribe: Scribe): Wire[] {
  switch (part.type) {
    case 'text':
      return signedText(part, scribe);
    case 'reasoning':
      // Thoughts are not asked for again, but a signature is, whatever it sits on (quirk 108).
      return signedText(part, scribe).filter((one) => one.thoughtSignature !== undefined);
    case 'tool-call':
      return [functionCall(part, scribe)];
    case 'image':
      return [{ ...media(part, scribe), ...signature(part, scribe) }];
    case 'server-tool':
      return (ownRaw(part, scribe.input).parts as Wire[] | undefined) ?? [];
    default:
      return [];
  }
}

/**
 * Quirk 111: Gemini 3 refuses a turn whose first call is not signed; of parallel ones only that one is (quirk 109). Its
 * image models refuse one whose first words are not, or any picture.
 */
function signed(parts: readonly Wire[], family: ModelFamily | undefined): readonly Wire[] {
  const all = family?.signedAnswers;
  const first = parts.find((one) => (all ? !one.thought : family?.thinking?.form === 'level' && one.functionCall));
  return parts.map((one) =>
    one === first || (all && one.inlineData) ? { ...one, thoughtSignature: one.thoughtSignature ?? NO_SIGNATURE } : one,
  );
}

/** Text cut into the pieces it came in, where some of them are signed (quirk 110). */
function signedText(part: TextPart | ReasoningPart, { input }: Scribe): Wire[] {
  const thought = part.type === 'reasoning' || undefined;
  const pieces = piecesOf(part.text, ownRaw(part, input).pieces);
  if (pieces.length === 0) return part.text === '' ? [] : [{ text: part.text, thought }];
  return pieces.map(({ text, raw }) => ({ text, thought, thoughtSignature: said(raw.thoughtSignature) }));
}

function functionCall(part: ToolCallPart, scribe: Scribe): Wire {
  return {
    functionCall: { id: ownId(part, scribe), name: part.name, args: argumentsOf(part.arguments) },
    ...signature(part, scribe),
  };
}

function signature(part: Part, { input }: Scribe): Wire {
  return { thoughtSignature: said(ownRaw(part, input).thoughtSignature) };
}
