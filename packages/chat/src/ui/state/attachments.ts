import { LIMITS } from '../../contract/index.ts';
import { bytes } from '../format/numbers.ts';
import { strings } from '../strings.ts';
import type { Blobs } from './blobs.ts';
import { failureOf, type PanelContext, setComposer, toast } from './context.ts';
import type { Attachment } from './state.ts';

/** Images for the next message. */
export interface Attachments {
  /** Takes images from a paste, a drop or a file dialog, and says why it does not take others. */
  add(files: readonly File[]): void;
  remove(id: string): void;
}

/** What models take; anything else a browser can show (SVG above all) is no image to them. */
const TYPES = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

export function createAttachments(context: PanelContext, blobs: Blobs): Attachments {
  const change = (id: string, state: Attachment['state']) => {
    const { attachments } = context.store.get().composer;
    setComposer(context, { attachments: attachments.map((one) => (one.id === id ? { ...one, state } : one)) });
  };

  const add = async (file: File) => {
    const id = crypto.randomUUID();
    const attachment: Attachment = {
      id,
      name: file.name || strings.composer.pastedImage,
      bytes: file.size,
      state: 'uploading',
      part: { type: 'image', mediaType: file.type, source: { kind: 'blob', blobId: id }, bytes: file.size },
    };
    setComposer(context, { attachments: [...context.store.get().composer.attachments, attachment] });
    try {
      await blobs.upload(id, file);
      change(id, 'ready');
    } catch (error) {
      change(id, 'failed');
      toast(context, failureOf(error).message);
    }
  };

  return {
    add: (files) => {
      for (const file of files) {
        if (!TYPES.has(file.type)) toast(context, strings.composer.notAnImage(file.name));
        else if (file.size > LIMITS.blobBytes)
          toast(context, strings.composer.tooLarge(file.name, bytes(LIMITS.blobBytes)));
        else void add(file);
      }
    },
    remove: (id) =>
      setComposer(context, {
        attachments: context.store.get().composer.attachments.filter((one) => one.id !== id),
      }),
  };
}
