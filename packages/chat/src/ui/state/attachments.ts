import { LIMITS } from '../../contract/index.ts';
import { bytes } from '../format/numbers.ts';
import { strings } from '../strings.ts';
import type { Blobs } from './blobs.ts';
import { failureOf, type PanelContext, setComposer, toast } from './context.ts';
import type { Attachment } from './state.ts';

/** Images and files for the next message. */
export interface Attachments {
  /** Takes files from a paste, a drop or a file dialog, and says why it does not take others. */
  add(files: readonly File[]): void;
  remove(id: string): void;
}

/** What models take; any other image a browser can show (SVG above all) is none to them. */
const IMAGES = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

export function createAttachments(context: PanelContext, blobs: Blobs): Attachments {
  const setAll = (next: (before: readonly Attachment[]) => readonly Attachment[]) =>
    setComposer(context, { attachments: next(context.store.get().composer.attachments) });
  const remove = (id: string) => setAll((all) => all.filter((one) => one.id !== id));
  const change = (id: string, more: Partial<Attachment>) =>
    setAll((all) => all.map((one) => (one.id === id ? { ...one, ...more } : one)));

  const add = async (file: File) => {
    const id = crypto.randomUUID();
    const name = file.name || (IMAGES.has(file.type) ? strings.composer.pastedImage : strings.composer.pastedFile);
    const partOf = (mediaType: string): Attachment['part'] => {
      const rest = { mediaType, source: { kind: 'blob', blobId: id }, bytes: file.size } as const;
      return IMAGES.has(mediaType) ? { type: 'image', ...rest } : { type: 'file', name, ...rest };
    };
    // In its place at once, so that nothing is sent without it while it is looked at.
    const attachment: Attachment = { id, name, bytes: file.size, state: 'uploading', part: partOf(file.type) };
    setAll((all) => [...all, attachment]);
    try {
      const mediaType = IMAGES.has(file.type) ? file.type : await documentType(file);
      if (mediaType === undefined) {
        remove(id);
        toast(context, strings.composer.notAttachable(file.name));
        return;
      }
      change(id, { part: partOf(mediaType) });
      await blobs.upload(id, file.slice(0, file.size, mediaType));
      change(id, { state: 'ready' });
    } catch (error) {
      change(id, { state: 'failed' });
      toast(context, failureOf(error).message);
    }
  };

  return {
    add: (files) => {
      for (const file of files) {
        if (file.size > LIMITS.blobBytes) toast(context, strings.composer.tooLarge(file.name, bytes(LIMITS.blobBytes)));
        else void add(file);
      }
    },
    remove,
  };
}

/**
 * What a file is that is no image: a PDF by how it begins, text where it reads as such, since browsers go by its name
 * and take `.ts` for a film. Undefined for anything else.
 */
async function documentType(file: File): Promise<string | undefined> {
  if ((await file.slice(0, 5).text()) === '%PDF-') return 'application/pdf';
  if (file.type.startsWith('image/') || file.size > LIMITS.text) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return text.includes('\0') ? undefined : 'text/plain';
  } catch {
    return undefined;
  }
}
