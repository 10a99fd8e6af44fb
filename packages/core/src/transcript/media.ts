import type { Message } from '../chat/message.ts';
import type { Part } from '../chat/part.ts';
import { isText } from '../dialects/media.ts';

/** Ids of the blobs that a conversation's images and files refer to, each once. */
export function blobIdsOf(messages: readonly Message[]): ReadonlySet<string> {
  const ids = new Set<string>();
  const visit = (part: Part): void => {
    if ((part.type === 'image' || part.type === 'file') && part.source.kind === 'blob') ids.add(part.source.blobId);
    if (part.type === 'tool-result') part.content.forEach(visit);
  };
  for (const message of messages) message.parts.forEach(visit);
  return ids;
}

/**
 * Reads the blobs that a conversation refers to, as base64 for an encoder. A blob that is gone is left out: the
 * encoder then says in words that an image was here.
 */
export async function readMedia(
  messages: readonly Message[],
  blob: (id: string) => Promise<Uint8Array<ArrayBuffer> | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const media = new Map<string, string>();
  for (const id of blobIdsOf(messages)) {
    const bytes = await blob(id);
    if (bytes) media.set(id, toBase64(bytes));
  }
  return media;
}

/**
 * The most input tokens that one image is counted as anywhere: OpenAI's published formula for gpt-4o-mini at high
 * detail, 2,833 and 5,667 for each of at most 8 tiles (platform.openai.com/docs/guides/images-vision).
 */
export const MOST_IMAGE_TOKENS = 48_169;

/** The largest window of any model there is (Llama 4 Scout), for one whose window nobody knows. */
export const LARGEST_WINDOW = 10_000_000;

/**
 * The images and files that an encoded body holds, for its bound. A file that is text counts by its bytes. What any other
 * file unpacks to (a page of a PDF is billed as text and as an image, and may be a few bytes) no formula bounds, and of
 * one that the provider fetches itself not even the bytes are here: together they are at most what the model can read.
 * @param window the largest that any endpoint behind the model has, tokens; undefined where unknown
 */
export function mediaSizes(
  messages: readonly Message[],
  media: ReadonlyMap<string, string>,
  window: number | undefined,
): { base64: string; tokens: number }[] {
  const sizes: { base64: string; tokens: number }[] = [];
  let fileTokens = window ?? LARGEST_WINDOW;
  const visit = (part: Part): void => {
    if (part.type === 'tool-result') part.content.forEach(visit);
    if (part.type !== 'image' && part.type !== 'file') return;
    const { source } = part;
    const isImage = part.type === 'image' || part.mediaType.toLowerCase().startsWith('image/');
    if (!isImage && source.kind !== 'url' && isText(part.mediaType)) return;
    const base64 =
      source.kind === 'blob' ? (media.get(source.blobId) ?? '') : source.kind === 'base64' ? source.data : '';
    sizes.push({ base64, tokens: isImage ? MOST_IMAGE_TOKENS : fileTokens });
    if (!isImage) fileTokens = 0;
  };
  for (const message of messages) message.parts.forEach(visit);
  return sizes;
}

/** Base64 in slices, since spreading megabytes into one call overflows the stack. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
