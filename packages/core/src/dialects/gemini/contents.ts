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
import { argumentsOf, ownRaw, piecesOf, resultText, type Scribe, type Wire, type WireValue } from '../encoding.ts';
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

  return turns.map((turn, index): Wire => {
    const parts =
      turn.role === 'user'
        ? turn.parts.flatMap((part) => userPart(part, calls, scribe))
        : modelParts(turn.parts, family, scribe);
    if (index === 0 && preface !== undefined) parts.unshift({ text: preface });
    // A turn of which nothing is left would bring two of the same role together.
    return {
      role: turn.role === 'user' ? 'user' : 'model',
      parts: parts.length > 0 ? parts : [{ text: '[Nothing was said here.]' }],
    };
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

function modelParts(parts: readonly Part[], family: ModelFamily | undefined, scribe: Scribe): Wire[] {
  const wire = parts.flatMap((part): Wire[] => {
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
  });
  // Quirk 111: Gemini 3 refuses a turn whose first call is not signed; of parallel ones only that one is (quirk 109).
  if (family?.thinking?.form === 'level') {
    const first = wire.find((one) => one.functionCall !== undefined);
    if (first) first.thoughtSignature ??= NO_SIGNATURE;
  }
  return wire;
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
