import type { ChatEvent, FinishReason } from './event.ts';
import type { Failure } from './failure.ts';
import type { Origin, Part } from './part.ts';
import type { Usage } from './usage.ts';

/** The message that a stream of events adds up to. */
export interface FoldedAnswer {
  readonly parts: readonly Part[];
  readonly responseId?: string;
  /** The model the provider says answered. */
  readonly model?: string;
  /** The host behind a router that it says answered. */
  readonly provider?: string;
  readonly usage?: Usage;
  readonly finish?: { readonly reason: FinishReason; readonly nativeReason?: string; readonly failure?: Failure };
}

export interface Fold {
  push(events: readonly ChatEvent[]): void;
  /** A snapshot; parts that no event touched since the last call are the same objects as then. */
  answer(): FoldedAnswer;
}

/** One part on its way. */
interface Slot {
  part: Part;
  /** Text that came since the part was last joined. */
  pending: string[];
  cached: Part | undefined;
}

/**
 * Folds events into a message, in time linear in the events. Text is gathered in arrays and joined on `answer()`, so a
 * long stream of small deltas costs nothing but its own length.
 * @param origin written on every part
 */
export function createFold(origin?: Origin): Fold {
  const slots: Slot[] = [];
  let responseId: string | undefined;
  let model: string | undefined;
  let provider: string | undefined;
  let usage: Usage | undefined;
  let finish: FoldedAnswer['finish'];

  /** Sets the part at `index`; what its provider wants back stays with it, whichever came first. */
  const put = (index: number, part: Part): Slot => {
    const before = slots[index];
    const raw = before?.part.raw;
    const slot: Slot = {
      part: { ...part, ...(origin && { origin }), ...(raw !== undefined && { raw }) },
      pending: [],
      cached: undefined,
    };
    slots[index] = slot;
    return slot;
  };
  const append = (slot: Slot, text: string) => {
    slot.pending.push(text);
    slot.cached = undefined;
  };

  const one = (event: ChatEvent) => {
    switch (event.type) {
      case 'response-start':
        responseId = event.responseId ?? responseId;
        model = event.model ?? model;
        provider = event.provider ?? provider;
        return;
      case 'text':
      case 'reasoning':
        append(slots[event.part] ?? put(event.part, { type: event.type, text: '' }), event.text);
        return;
      case 'tool-call-start':
        put(event.part, { type: 'tool-call', callId: event.callId, name: event.name, arguments: '' });
        return;
      case 'tool-call-arguments': {
        const slot = slots[event.part];
        if (slot) append(slot, event.delta);
        return;
      }
      case 'tool-call-end':
        put(event.part, {
          type: 'tool-call',
          callId: event.callId,
          name: event.name,
          arguments: event.arguments,
          ...(event.repaired && { repaired: true }),
        });
        return;
      case 'image':
        put(event.part, mediumOf(event));
        return;
      case 'citation':
        put(event.part, {
          type: 'citation',
          url: event.url,
          ...(event.title !== undefined && { title: event.title }),
          ...(event.quote !== undefined && { quote: event.quote }),
        });
        return;
      case 'server-tool': {
        // What went in is told when it starts, what came out when it ends.
        const before = slots[event.part]?.part;
        const input = event.input ?? (before?.type === 'server-tool' ? before.input : undefined);
        const output = event.output ?? (before?.type === 'server-tool' ? before.output : undefined);
        put(event.part, {
          type: 'server-tool',
          callId: event.callId,
          name: event.name,
          ...(input !== undefined && { input }),
          ...(output !== undefined && { output }),
        });
        return;
      }
      case 'raw-part': {
        const slot = slots[event.part] ?? put(event.part, emptyPart(event.of));
        slot.part = { ...slot.part, raw: event.raw };
        slot.cached = undefined;
        return;
      }
      case 'usage':
        usage = event.usage;
        return;
      case 'finish':
        finish = {
          reason: event.reason,
          ...(event.nativeReason !== undefined && { nativeReason: event.nativeReason }),
          ...(event.failure && { failure: event.failure }),
        };
        return;
      default:
        return;
    }
  };

  const settle = (slot: Slot): Part => {
    if (slot.cached) return slot.cached;
    if (slot.pending.length > 0) {
      const joined = slot.pending.join('');
      slot.pending = [];
      const part = slot.part;
      if (part.type === 'tool-call') slot.part = { ...part, arguments: part.arguments + joined };
      else if (part.type === 'text' || part.type === 'reasoning') slot.part = { ...part, text: part.text + joined };
    }
    slot.cached = slot.part;
    return slot.part;
  };

  return {
    push: (events) => {
      for (const event of events) one(event);
    },
    answer: () => ({
      parts: slots.filter((slot) => slot !== undefined).map(settle),
      ...(responseId !== undefined && { responseId }),
      ...(model !== undefined && { model }),
      ...(provider !== undefined && { provider }),
      ...(usage && { usage }),
      ...(finish && { finish }),
    }),
  };
}

/** What files of a type are called; what is not here is no file that anybody should open by its name. */
const NAMES: { readonly [type: string]: string } = {
  'audio/wav': 'audio.wav',
  'audio/x-wav': 'audio.wav',
  'audio/mpeg': 'audio.mp3',
  'audio/mp3': 'audio.mp3',
  'audio/mp4': 'audio.m4a',
  'audio/aac': 'audio.aac',
  'audio/ogg': 'audio.ogg',
  'audio/flac': 'audio.flac',
  'audio/webm': 'audio.webm',
  'video/mp4': 'video.mp4',
  'video/webm': 'video.webm',
  'application/pdf': 'document.pdf',
  'application/json': 'data.json',
  'text/csv': 'data.csv',
  'text/plain': 'text.txt',
};

/** A picture is an image; whatever else a model hands over is a file, which needs a name. */
function mediumOf({ mediaType, source }: Extract<ChatEvent, { readonly type: 'image' }>): Part {
  const type = /^[^;\s]*/.exec(mediaType.toLowerCase())?.[0] ?? '';
  if (type === '' || type.startsWith('image/')) return { type: 'image', mediaType, source };
  return { type: 'file', name: NAMES[type] ?? 'file.bin', mediaType, source };
}

function emptyPart(type: Part['type']): Part {
  switch (type) {
    case 'text':
    case 'reasoning':
      return { type, text: '' };
    case 'tool-call':
      return { type, callId: '', name: '', arguments: '' };
    case 'tool-result':
      return { type, callId: '', content: [] };
    case 'citation':
      return { type, url: '' };
    case 'server-tool':
      return { type, callId: '', name: '' };
    case 'image':
      return { type, mediaType: '', source: { kind: 'base64', data: '' } };
    case 'file':
      return { type, name: '', mediaType: '', source: { kind: 'base64', data: '' } };
  }
}
