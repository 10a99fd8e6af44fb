import { LIMITS, type PanelClient } from '../../contract/index.ts';

/** Moves images over the port, which carries text in slices only. */
export interface Blobs {
  /** @throws PanelError */
  upload(id: string, file: Blob): Promise<void>;
  /** An address the page can show. Each blob is fetched once. @throws PanelError */
  url(id: string): Promise<string>;
  close(): void;
}

export function createBlobs(client: PanelClient): Blobs {
  const urls = new Map<string, Promise<string>>();

  const fetchBlob = async (id: string): Promise<string> => {
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
    return URL.createObjectURL(new Blob(pieces, { type: mediaType }));
  };

  return {
    upload: async (id, file) => {
      await client.request('blob.begin', { id, mediaType: file.type, bytes: file.size });
      for (let offset = 0; offset < file.size; offset += LIMITS.sliceBytes) {
        const slice = file.slice(offset, offset + LIMITS.sliceBytes);
        const last = offset + LIMITS.sliceBytes >= file.size;
        await client.request('blob.append', { id, base64: await base64(slice), last });
      }
      urls.set(id, Promise.resolve(URL.createObjectURL(file)));
    },
    url: (id) => {
      const known = urls.get(id);
      if (known) return known;
      const coming = fetchBlob(id);
      urls.set(id, coming);
      // A failure is not remembered: the next look tries again.
      coming.catch(() => urls.delete(id));
      return coming;
    },
    close: () => {
      for (const url of urls.values()) url.then(URL.revokeObjectURL, () => undefined);
      urls.clear();
    },
  };
}

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
