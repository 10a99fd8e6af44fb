import { useEffect, useState } from 'react';
import { type Paint, paint } from './paint.ts';

/** Longer code stays plain: nobody reads it here, and each colour is an element. */
const MOST = 20_000;

/**
 * The colours of a block of code, found when the page is idle. Elements and not the browser's highlight registry: that
 * looks at every range on the page again in each frame in which anything changes, which is each frame of an answer.
 * @param code undefined while the code still grows
 */
export function usePaints(code: string | undefined, language: string): readonly Paint[] {
  const [painted, setPainted] = useState<{ readonly code: string; readonly paints: readonly Paint[] }>();
  useEffect(() => {
    if (code === undefined || code.length > MOST) return;
    return whenIdle(() => setPainted({ code, paints: paint(code, language) }));
  }, [code, language]);
  return painted && painted.code === code ? painted.paints : NONE;
}

const NONE: readonly Paint[] = [];

/** A stretch of one slice of the code, coloured or not. */
export interface Stretch {
  readonly kind: Paint['kind'] | undefined;
  readonly text: string;
}

/** Cuts slices of code along their colours; the texts of each slice joined are the slice again. */
export function stretches(slices: readonly string[], paints: readonly Paint[]): readonly (readonly Stretch[])[] {
  let begin = 0;
  let next = 0;
  return slices.map((slice) => {
    const end = begin + slice.length;
    const found: Stretch[] = [];
    let at = begin;
    for (let one = paints[next]; one !== undefined && one.start < end; one = paints[next]) {
      const start = Math.max(one.start, begin);
      if (start > at) found.push({ kind: undefined, text: slice.slice(at - begin, start - begin) });
      at = Math.min(one.end, end);
      found.push({ kind: one.kind, text: slice.slice(start - begin, at - begin) });
      // A comment that goes on in the next slice is begun there again.
      if (one.end > end) break;
      next += 1;
    }
    if (at < end) found.push({ kind: undefined, text: slice.slice(at - begin) });
    begin = end;
    return found;
  });
}

function whenIdle(work: () => void): () => void {
  if ('requestIdleCallback' in window) {
    const id = requestIdleCallback(work, { timeout: 2000 });
    return () => cancelIdleCallback(id);
  }
  const id = setTimeout(work, 200);
  return () => clearTimeout(id);
}
