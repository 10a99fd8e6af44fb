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

/** The address of a blob: undefined until it is here, `lost` where it cannot be read. */
function useBlobUrl(blobId: string): { readonly url: string | undefined; readonly lost: boolean } {
  const { blobs } = usePanel();
  const [url, setUrl] = useState<string>();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    let current = true;
    blobs.url(blobId).then(
      (found) => current && setUrl(found),
      () => current && setLost(true),
    );
    return () => {
      current = false;
    };
  }, [blobs, blobId]);
  return { url, lost };
}

function StoredImage({ blobId, alt }: { readonly blobId: string; readonly alt: string }) {
  const { url, lost } = useBlobUrl(blobId);
  if (lost) return <span className="image-refused">{strings.message.imageLost}</span>;
  return url ? (
    <img className="image" src={url} alt={alt} />
  ) : (
    <span className="image image-waiting" role="img" aria-label={alt} />
  );
}

/** A file of a message: a sound is played where it stands, any other one can be saved. */
export function FileMedium({ part }: { readonly part: FilePart }) {
  const { source } = part;
  return source.kind === 'blob' && /^audio\//i.test(part.mediaType) ? (
    <Sound part={part} blobId={source.blobId} />
  ) : (
    <FileChip part={part} />
  );
}

function Sound({ part, blobId }: { readonly part: FilePart; readonly blobId: string }) {
  const { url, lost } = useBlobUrl(blobId);
  const [broken, setBroken] = useState(false);
  // What this browser cannot play can still be saved.
  if (lost || broken) return <FileChip part={part} />;
  return (
    <span className="sound">
      {/* biome-ignore lint/a11y/useMediaCaption: what a model says aloud comes without captions */}
      <audio controls preload="metadata" src={url} aria-label={part.name} onError={() => setBroken(true)} />
      <FileChip part={part} />
    </span>
  );
}

function FileChip({ part }: { readonly part: FilePart }) {
  const panel = usePanel();
  const [lost, setLost] = useState(false);
  const { source, name } = part;
  const inside = (
    <>
      <span dir="auto">{name}</span>
      {part.bytes !== undefined && <span className="quiet small"> {bytes(part.bytes)}</span>}
    </>
  );
  if (source.kind !== 'blob') {
    return (
      <span className="file-chip">
        <Icon name="file" />
        {inside}
      </span>
    );
  }
  if (lost) return <span className="image-refused">{strings.message.fileLost(name)}</span>;
  return (
    <button
      type="button"
      className="file-chip"
      aria-label={strings.message.saveFile(name)}
      onClick={() => {
        panel.blobs
          .file(source.blobId)
          .then((file) => panel.platform.saveFile(name, file))
          .catch(() => setLost(true));
      }}
    >
      <Icon name="download" />
      {inside}
    </button>
  );
}
