import type { Modality } from '../catalog/model.ts';
import type { Failure } from '../chat/failure.ts';
import type { Message } from '../chat/message.ts';
import type { FilePart, ImagePart, Part, TextPart, ToolResultPart } from '../chat/part.ts';
import { adapt, type Draft, notice, refuse, type Target } from './rule.ts';

type MediaPart = ImagePart | FilePart;

/**
 * Images and files against what the model takes. What the user asks about now must arrive or be refused; what an earlier
 * turn held (perhaps for another model) is described in words, so that a conversation can change models.
 */
export function inputRule(draft: Draft, { name, model }: Target): Draft | Failure {
  const { messages } = draft.request;
  const question = messages.findLastIndex((message) => message.role === 'user');
  const asked = new Set((messages[question]?.parts ?? []).map(modalityOf));
  asked.delete(undefined);

  const known = model?.input;
  if (!known) {
    if (asked.size === 0) return draft;
    return notice(draft, 'capability-unknown', `It is not known whether ${name} takes ${list(asked)}.`, 'messages');
  }
  const refused = [...asked].find((modality) => modality !== undefined && !known.includes(modality));
  if (refused !== undefined) {
    const message = `${name} takes no ${PLURAL[refused]}. Choose another model, or take it out of the message.`;
    return refuse('unsupported', message, 'other-model');
  }

  let described = 0;
  const describe = <P extends Part>(part: P): P | TextPart => {
    const modality = modalityOf(part);
    if (modality === undefined || known.includes(modality)) return part;
    described += 1;
    return { type: 'text', text: inWords(part as Part as MediaPart), ...(part.origin && { origin: part.origin }) };
  };
  const adapted = messages.map((message): Message => {
    // What an answer held is told by the hand-over, in the user's voice and not the model's.
    if (message.role === 'assistant') return message;
    const parts = message.parts.map((part) =>
      part.type === 'tool-result' ? withContent(part, part.content.map(describe)) : describe(part),
    );
    return parts.some((part, index) => part !== message.parts[index]) ? { ...message, parts } : message;
  });
  if (described === 0) return draft;
  const what = described === 1 ? 'an earlier attachment' : `${described} earlier attachments`;
  return notice(
    adapt(draft, { messages: adapted }),
    'part-described',
    `${name} cannot take ${what}: described in words instead.`,
    'messages',
  );
}

const PLURAL: { readonly [M in Modality]: string } = {
  text: 'text',
  image: 'images',
  file: 'files',
  audio: 'audio',
  video: 'video',
};

/** Undefined for what every model takes: text, and files that are text. */
function modalityOf(part: Part): Modality | undefined {
  if (part.type === 'image') return 'image';
  if (part.type !== 'file') return undefined;
  const type = part.mediaType.toLowerCase();
  if (type.startsWith('image/')) return 'image';
  if (type.startsWith('audio/')) return 'audio';
  if (type.startsWith('video/')) return 'video';
  return type.startsWith('text/') || /[/+](json|xml|yaml|javascript|csv)$/.test(type) ? undefined : 'file';
}

function withContent(part: ToolResultPart, content: ToolResultPart['content']): ToolResultPart {
  return content.some((one, index) => one !== part.content[index]) ? { ...part, content } : part;
}

function inWords(part: MediaPart): string {
  const label = part.type === 'file' ? `File “${part.name}”` : part.alt ? `Image: ${part.alt}` : 'Image';
  return `[${label} (${part.mediaType}), left out because this model cannot take it]`;
}

function list(modalities: ReadonlySet<Modality | undefined>): string {
  return [...modalities].map((modality) => (modality === undefined ? '' : PLURAL[modality])).join(' and ');
}
