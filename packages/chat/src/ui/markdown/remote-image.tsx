import { useState } from 'react';
import { Icon } from '../controls/icons.tsx';
import { strings } from '../strings.ts';
import { safeImage } from './links.ts';

/**
 * An image that a model's answer points to. Fetching it tells its host that the answer was read, and its address can
 * carry parts of the conversation, so nothing is fetched before the user asks for it, by name of the host.
 */
export function RemoteImage({ src, alt }: { readonly src: string; readonly alt: string }) {
  const [state, setState] = useState<'waiting' | 'shown' | 'failed'>('waiting');
  const image = safeImage(src);
  if (!image) return <span className="image-refused">{alt || strings.markdown.image}</span>;
  if (state === 'shown')
    return (
      <img
        className="remote-image"
        src={image.url}
        alt={alt}
        referrerPolicy="no-referrer"
        decoding="async"
        onError={() => setState('failed')}
      />
    );
  return (
    <button type="button" className="image-button" onClick={() => setState('shown')} title={image.url}>
      <Icon name="image" />
      <span>{alt || strings.markdown.image}</span>
      <span className="image-host">
        {state === 'failed' ? strings.markdown.imageFailed(image.host) : strings.markdown.loadImage(image.host)}
      </span>
    </button>
  );
}
