import type { NoticeCode } from '../chat/event.ts';
import type { Json } from '../chat/json.ts';
import type { FilePart, ImagePart, MediaSource, Part } from '../chat/part.ts';
import type { ModelFamily } from '../providers/provider.ts';
import type { EncodedRequest, EncodeInput } from './dialect.ts';

/** JSON under construction. */
export type Wire = Record<string, Json>;

/** What an encoder works with: the request, and a place for what it has to tell about it. */
export interface Scribe {
  readonly input: EncodeInput;
  /** Says it once, however often it happens. */
  readonly notify: (code: NoticeCode, message: string, field?: string) => void;
  readonly notices: EncodedRequest['notices'];
}

export function createScribe(input: EncodeInput): Scribe {
  const notices: { code: NoticeCode; message: string; field?: string }[] = [];
  return {
    input,
    notices,
    notify: (code, message, field) => {
      if (notices.some((one) => one.message === message)) return;
      notices.push({ code, message, ...(field !== undefined && { field }) });
    },
  };
}

/** The body's text. Quirk 32: half of a surrogate pair is refused everywhere; JSON prints it as an escape. */
export function bodyText(body: Wire): string {
  const text = JSON.stringify(body);
  if (!/\\ud[89a-f]/i.test(text)) return text;
  return JSON.stringify(body, (_key, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value));
}

/** What the model's id alone gives away, by the provider's own families. */
export function familyOf({ provider, request }: EncodeInput): ModelFamily | undefined {
  return provider.families?.find((family) => new RegExp(family.pattern).test(request.choice.model));
}

/** Did the very model that is asked now write this part? Only then may its `raw` go along. */
export function isOwn(part: Part, { provider, request, model }: EncodeInput): boolean {
  if (part.origin?.provider !== provider.id) return false;
  const name = part.origin.model;
  return name === request.choice.model || (model?.aliases?.includes(name) ?? false);
}

/** For those who know no JSON mode, or want to hear of it. */
export const JSON_ONLY = 'Answer with one JSON value and nothing else: no words around it and no code fence.';

export type Media = { readonly url: string } | { readonly data: string };

/** Where a part's bytes are, undefined where the blob store has lost them. */
export function mediaOf(source: MediaSource, { media }: EncodeInput): Media | undefined {
  if (source.kind === 'url') return { url: source.url };
  const data = source.kind === 'base64' ? source.data : media.get(source.blobId);
  return data === undefined ? undefined : { data };
}

/** A file that is text, which every model reads. */
export function isText(mediaType: string): boolean {
  const type = mediaType.toLowerCase();
  return type.startsWith('text/') || /[/+](?:json|xml|yaml|javascript|csv)$/.test(type);
}

export function decodeText(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
}

/** What a blob store has lost is said in words, to the model and to the user. */
export function missing(part: ImagePart | FilePart, { notify }: Scribe): string {
  const what = labelOf(part);
  notify(
    'part-described',
    `The ${what} is no longer stored here: the model was only told that there was one.`,
    'messages',
  );
  return `[The ${what} is missing.]`;
}

/** A medium that this protocol has no place for. */
export function untaken(part: ImagePart | FilePart, { input, notify }: Scribe): string {
  const what = labelOf(part);
  notify(
    'part-described',
    `${input.provider.name} takes no ${part.mediaType}: the ${what} was described in words instead.`,
    'messages',
  );
  return `[The ${what} (${part.mediaType}) is left out, because this model cannot take it.]`;
}

function labelOf(part: ImagePart | FilePart): string {
  return part.type === 'file' ? `file “${part.name}”` : part.alt ? `image “${part.alt}”` : 'image';
}

/** Arguments as the object that they are; `{}` for what is none. */
export function argumentsOf(text: string): { readonly [key: string]: Json } {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Wire) : {};
  } catch {
    return {};
  }
}
