import { type BlobStore, type ChatEvent, toBase64 } from '@patchbay/core';
import { LIMITS } from '../contract/limits.ts';
import type { Requests } from '../contract/messages.ts';
import { Refusal } from './failures.ts';
import { rateOfSamples, waveOf } from './wave.ts';

export interface Media {
  begin(params: Requests['blob.begin']['params']): void;
  append(params: Requests['blob.append']['params']): Promise<void>;
  read(params: Requests['blob.read']['params']): Promise<Requests['blob.read']['result']>;
  /**
   * Moves what a decoder yields as base64 into blobs. Nothing to move: the same array, at once.
   * @throws never; what cannot be saved stays readable from memory, and `onUnsaved` hears why
   */
  unload(
    events: readonly ChatEvent[],
    onUnsaved: (error: unknown) => void,
  ): readonly ChatEvent[] | Promise<readonly ChatEvent[]>;
  forget(): void;
}

interface Upload {
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  filled: number;
}

/** Bytes of all uploads that have begun and not ended: the oldest goes when there are more. */
const MOST_UPLOADING = 4 * LIMITS.blobBytes;
/** Images and files that could not be saved, kept for display. */
const MOST_UNSAVED = 32;

/** What a page draws or plays, and nothing that it would run. */
const SHOWN = /^(?:image|audio|video)\/[\w.+-]{1,64}$/;

export function createMedia(blobs: BlobStore, newId: () => string, now: () => number): Media {
  const uploads = new Map<string, Upload>();
  const unsaved = new Map<string, { readonly mediaType: string; readonly bytes: Uint8Array<ArrayBuffer> }>();
  /** The blob read last: a panel reads one in slices, and each would load all of it again. */
  let recent: { readonly id: string; readonly mediaType: string; readonly bytes: Uint8Array<ArrayBuffer> } | undefined;

  const load = async (id: string) => {
    if (recent?.id === id) return recent;
    const held = unsaved.get(id);
    if (held) return { id, ...held };
    const blob = await blobs.get(id);
    if (!blob) throw new Refusal('internal', 'This image or file is not stored on this device any more.');
    recent = { id, mediaType: blob.record.mediaType, bytes: blob.bytes };
    return recent;
  };

  const unloadOne = async (event: ChatEvent, onUnsaved: (error: unknown) => void): Promise<ChatEvent> => {
    if (event.type !== 'image' || event.source.kind !== 'base64') return event;
    const sent = fromBase64(event.source.data);
    if (!sent) {
      const message = 'The model sent an image or a file that cannot be read, so it is not shown.';
      return { type: 'notice', code: 'output-repaired', message };
    }
    const id = newId();
    const rate = rateOfSamples(event.mediaType);
    const bytes = rate === undefined ? sent : waveOf(sent, rate);
    const said = rate === undefined ? event.mediaType : 'audio/wav';
    // What a model calls its picture is what a browser would open it as, in our own origin.
    const mediaType = SHOWN.test(said) ? said : 'application/octet-stream';
    try {
      await blobs.put({ v: 1, id, mediaType, bytes: bytes.length, createdAt: now(), kept: true }, bytes);
    } catch (error) {
      unsaved.set(id, { mediaType, bytes });
      if (unsaved.size > MOST_UNSAVED) unsaved.delete(unsaved.keys().next().value as string);
      onUnsaved(error);
    }
    return { ...event, mediaType: said, source: { kind: 'blob', blobId: id } };
  };

  return {
    begin: ({ id, mediaType, bytes }) => {
      uploads.delete(id);
      let held = [...uploads.values()].reduce((sum, upload) => sum + upload.bytes.length, 0);
      for (const [oldest, upload] of uploads) {
        if (held + bytes <= MOST_UPLOADING) break;
        uploads.delete(oldest);
        held -= upload.bytes.length;
      }
      uploads.set(id, { mediaType, bytes: new Uint8Array(bytes), filled: 0 });
    },
    append: async ({ id, base64, last }) => {
      const upload = uploads.get(id);
      if (!upload) throw new Refusal('internal', 'This upload was interrupted. Attach the file again.', 'retry');
      const slice = fromBase64(base64);
      const fits = slice && upload.filled + slice.length <= upload.bytes.length;
      if (!fits || (last && upload.filled + slice.length !== upload.bytes.length)) {
        uploads.delete(id);
        throw new Refusal('internal', 'This file changed while it was read. Attach it again.', 'retry');
      }
      upload.bytes.set(slice, upload.filled);
      upload.filled += slice.length;
      if (!last) return;
      uploads.delete(id);
      const { mediaType, bytes } = upload;
      await blobs.put({ v: 1, id, mediaType, bytes: bytes.length, createdAt: now() }, bytes);
    },
    read: async ({ id, offset, length }) => {
      const { mediaType, bytes } = await load(id);
      const end = Math.min(bytes.length, offset + Math.min(length, LIMITS.sliceBytes));
      if (end === bytes.length && recent?.id === id) recent = undefined;
      return { mediaType, bytes: bytes.length, base64: toBase64(bytes.subarray(offset, end)) };
    },
    unload: (events, onUnsaved) => {
      if (!events.some((event) => event.type === 'image' && event.source.kind === 'base64')) return events;
      return Promise.all(events.map((event) => unloadOne(event, onUnsaved)));
    },
    forget: () => {
      uploads.clear();
      unsaved.clear();
      recent = undefined;
    },
  };
}

/** Undefined for what is no base64. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
    return bytes;
  } catch {
    return undefined;
  }
}
