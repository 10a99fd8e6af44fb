import { useEffect, useState } from 'react';
import { IconButton } from '../controls/buttons.tsx';
import { Icon } from '../controls/icons.tsx';
import { bytes } from '../format/numbers.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import type { Attachment } from '../state/state.ts';
import { strings } from '../strings.ts';

/** Images and files for the next message, each with its way out. */
export function AttachmentList() {
  const attachments = usePanelState((state) => state.composer.attachments);
  if (attachments.length === 0) return null;
  return (
    <ul className="attachments" aria-label={strings.composer.attachments}>
      {attachments.map((one) => (
        <AttachmentItem key={one.id} attachment={one} />
      ))}
    </ul>
  );
}

function AttachmentItem({ attachment }: { readonly attachment: Attachment }) {
  const { attachments, blobs } = usePanel();
  const { id, name, state, part } = attachment;
  const isImage = part.type === 'image';
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (isImage && state === 'ready') blobs.url(id).then(setUrl, () => undefined);
  }, [blobs, id, isImage, state]);
  return (
    <li data-state={state}>
      {url ? <img src={url} alt="" /> : <span className="attachment-blank">{!isImage && <Icon name="file" />}</span>}
      <span className="attachment-name" dir="auto">
        {name}
      </span>
      <span className="quiet small">
        {state === 'ready' ? bytes(attachment.bytes) : strings.composer.upload[state]}
      </span>
      <IconButton icon="close" label={strings.composer.detach(name)} onClick={() => attachments.remove(id)} />
    </li>
  );
}
