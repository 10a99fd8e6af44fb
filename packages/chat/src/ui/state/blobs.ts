import { LIMITS, type PanelClient } from '../../contract/index.ts';

/** Moves images and files over the port, which carries text in slices only. */
export interface Blobs {
  /** @throws PanelError */
  upload(id: string, file: Blob): Promise<void>;
  /** An address the page can show. Each blob is fetched once. @throws PanelError */
  url(id: string): Promise<string>;
  /** The bytes themselves. @throws PanelError */
  file(id: string): Promise<Blob>;
  close(): void;
}

export function createBlobs(client: PanelClient): Blobs {
  const held = new Map<string, Promise<{ readonly file: Blob; readonly url: string }>>();

  const fetchBlob = async (id: string) => {
    const pieces: BlobPart[] = [];
    let offset = 0;
    let mediaType = '';
    for (let total = Number.POSITIVE_INFINITY; offset < total; ) {
      const slice = await client.request('blob.read', { id, offset, length: LIMITS.sliceBytes });
      const bytes = Uint8Array.from(atob(slice.base64), (char) => char.charCodeAt(0));
      pieces.push(bytes);
      offset += bytes.length;
      total = slice.bytes;
      mediaType = slice.mediaType;
      if (bytes.length === 0) break;
    }
    return withUrl(new Blob(pieces, { type: mediaType }));
  };

  const load = (id: string) => {
    const known = held.get(id);
    if (known) return known;
    const coming = fetchBlob(id);
    held.set(id, coming);
    // A failure is not remembered: the next look tries again.
    coming.catch(() => held.delete(id));
    return coming;
  };

  return {
    upload: async (id, file) => {
      await client.request('blob.begin', { id, mediaType: file.type, bytes: file.size });
      for (let offset = 0; offset < file.size; offset += LIMITS.sliceBytes) {
        const slice = file.slice(offset, offset + LIMITS.sliceBytes);
        const last = offset + LIMITS.sliceBytes >= file.size;
        await client.request('blob.append', { id, base64: await base64(slice), last });
      }
      held.set(id, Promise.resolve(withUrl(file)));
    },
    url: async (id) => (await load(id)).url,
    file: async (id) => (await load(id)).file,
    close: () => {
      for (const one of held.values()) one.then(({ url }) => URL.revokeObjectURL(url)).catch(() => undefined);
      held.clear();
    },
  };
}

const withUrl = (file: Blob) => ({ file, url: URL.createObjectURL(file) });

function base64(slice: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const url = String(reader.result);
      resolve(url.slice(url.indexOf(',') + 1));
    };
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(slice);
  });
}
