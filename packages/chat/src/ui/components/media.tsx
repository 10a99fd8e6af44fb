import { useEffect, useState } from 'react';
import type { Part } from '../../contract/index.ts';
import { Icon } from '../controls/icons.tsx';
import { bytes } from '../format/numbers.ts';
import { RemoteImage } from '../markdown/remote-image.tsx';
import { usePanel } from '../panel-context.ts';
import { strings } from '../strings.ts';

type ImagePart = Extract<Part, { type: 'image' }>;
type FilePart = Extract<Part, { type: 'file' }>;

/** An image of a message: from the host's own store at once, from anywhere else when asked for. */
export function BlobImage({ part }: { readonly part: ImagePart }) {
  const { source } = part;
  switch (source.kind) {
    case 'url':
      return <RemoteImage src={source.url} alt={part.alt ?? ''} />;
    case 'blob':
      return <StoredImage blobId={source.blobId} alt={part.alt ?? strings.message.image} />;
    case 'base64':
      return /^image\/(png|jpeg|webp|gif)$/.test(part.mediaType) ? (
        <img
          className="image"
          src={`data:${part.mediaType};base64,${source.data}`}
          alt={part.alt ?? strings.message.image}
        />
      ) : (
        <span className="image-refused">{part.alt ?? strings.message.image}</span>
      );
  }
}

function StoredImage({ blobId, alt }: { readonly blobId: string; readonly alt: string }) {
  const { blobs } = usePanel();
  const [url, setUrl] = useState<string>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let current = true;
    blobs.url(blobId).then(
      (found) => current && setUrl(found),
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [blobs, blobId]);
  if (failed) return <span className="image-refused">{strings.message.imageLost}</span>;
  return url ? (
    <img className="image" src={url} alt={alt} />
  ) : (
    <span className="image image-waiting" role="img" aria-label={alt} />
  );
}

export function FileChip({ part }: { readonly part: FilePart }) {
  return (
    <span className="file-chip" dir="auto">
      <Icon name="file" />
      {part.name}
      {part.bytes !== undefined && <span className="quiet small"> {bytes(part.bytes)}</span>}
    </span>
  );
}
