import type { FilePart, ImagePart, MediaSource } from '../chat/part.ts';
import type { EncodeInput } from './dialect.ts';
import type { Scribe } from './encoding.ts';

type Media = { readonly url: string } | { readonly data: string };

/** What goes over the wire for an image or a file. */
export type Attached =
  /** Base64, or an address that the provider reads by itself. */
  | Media
  /** Words instead: the text of a file, which is in `content` without its name, or why there is nothing. */
  | { readonly text: string; readonly content?: string };

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

/** What is sent of an image or a file by a protocol that takes media of such a type; `byUrl`: from an address. */
export function attached(
  part: ImagePart | FilePart,
  { input, notify }: Scribe,
  takes: (mediaType: string, byUrl: boolean) => boolean,
): Attached {
  const { mediaType } = part;
  const what = part.type === 'file' ? `file “${part.name}”` : part.alt ? `image “${part.alt}”` : 'image';
  const media = mediaOf(part.source, input);
  const instead = (message: string, text: string) => {
    notify('part-described', message, 'messages');
    return { text };
  };
  if (!media) {
    return instead(
      `The ${what} is no longer stored here: the model was only told that there was one.`,
      `[The ${what} is missing.]`,
    );
  }
  if (part.type === 'file' && 'data' in media && isText(mediaType)) {
    const content = new TextDecoder().decode(Uint8Array.from(atob(media.data), (char) => char.charCodeAt(0)));
    return { text: `${part.name}:\n\n${content}`, content };
  }
  if (takes(mediaType, 'url' in media)) return media;
  return instead(
    `${input.provider.name} takes no ${mediaType}: the ${what} was described in words instead.`,
    `[The ${what} (${mediaType}) is left out, because this model cannot take it.]`,
  );
}

/** An image, whether it came as one or as a file. */
export function isImage(mediaType: string): boolean {
  return mediaType.startsWith('image/');
}

/** An address that holds the bytes themselves, for protocols that know nothing else. */
export function addressOf(media: Media, mediaType: string): string {
  return 'url' in media ? media.url : `data:${mediaType};base64,${media.data}`;
}
