import { type DragEvent, useState } from 'react';
import type { Panel } from '../state/panel.ts';

/**
 * Files dropped anywhere on the panel go along with the next message. Whatever else is dropped beside a field is left
 * where it came from: a browser would open it in place of the panel.
 */
export function useDrop(panel: Panel) {
  const [over, setOver] = useState(false);
  const onDragOver = (event: DragEvent) => {
    const files = event.dataTransfer.types.includes('Files');
    if (!files && isField(event.target)) return;
    event.preventDefault();
    // Behind an open sheet nobody would see what was attached.
    const taken = files && panel.store.get().sheet === undefined;
    event.dataTransfer.dropEffect = taken ? 'copy' : 'none';
    setOver(taken);
  };
  const onDragLeave = (event: DragEvent) => {
    if (event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)) return;
    setOver(false);
  };
  const onDrop = (event: DragEvent) => {
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length === 0 && isField(event.target)) return;
    event.preventDefault();
    if (files.length === 0 || panel.store.get().sheet !== undefined) return;
    panel.attachments.add(files);
    panel.focusComposer();
  };
  return { over, on: { onDragOver, onDragLeave, onDrop } };
}

const isField = (target: EventTarget) => target instanceof Element && target.closest('textarea, input') !== null;
