import { type RefObject, useEffect } from 'react';
import { type Paint, paint } from './paint.ts';

const KINDS: readonly Paint['kind'][] = ['comment', 'string', 'number', 'keyword', 'name'];
/** Longer code stays plain: nobody reads it here, and each range costs. */
const MOST = 40_000;

/**
 * Colours code through the browser's highlight registry (`::highlight(code-…)`): no element is added, so it costs
 * no layout, and it is done when the page is idle. Where a browser has no such registry, code stays plain.
 * @param code undefined while the code still grows
 */
export function useHighlight(element: RefObject<HTMLElement | null>, code: string | undefined, language: string): void {
  useEffect(() => {
    if (code === undefined || code.length > MOST || !('highlights' in CSS)) return;
    let ranges: readonly { readonly kind: Paint['kind']; readonly range: AbstractRange }[] = [];
    const cancel = whenIdle(() => {
      if (!element.current) return;
      ranges = rangesOf(element.current, paint(code, language));
      for (const { kind, range } of ranges) registry(kind).add(range);
    });
    return () => {
      cancel();
      for (const { kind, range } of ranges) registry(kind).delete(range);
    };
  }, [element, code, language]);
}

function registry(kind: Paint['kind']): Highlight {
  const name = `code-${kind}`;
  const found = CSS.highlights.get(name);
  if (found) return found;
  const made = new Highlight();
  // Comments and strings win over words inside of them.
  made.priority = KINDS.length - KINDS.indexOf(kind);
  CSS.highlights.set(name, made);
  return made;
}

function rangesOf(element: HTMLElement, paints: readonly Paint[]) {
  const nodes = [...element.children].map((child) => child.firstChild).filter((node) => node instanceof Text);
  const ranges: { kind: Paint['kind']; range: AbstractRange }[] = [];
  let index = 0;
  let begin = 0;
  for (const { kind, start, end } of paints) {
    let node = nodes[index];
    while (node && start >= begin + node.length) {
      begin += node.length;
      index += 1;
      node = nodes[index];
    }
    if (!node) break;
    let endIndex = index;
    let endBegin = begin;
    let endNode: Text | undefined = node;
    while (endNode && end > endBegin + endNode.length) {
      endBegin += endNode.length;
      endIndex += 1;
      endNode = nodes[endIndex];
    }
    if (!endNode) break;
    ranges.push({
      kind,
      range: new StaticRange({
        startContainer: node,
        startOffset: start - begin,
        endContainer: endNode,
        endOffset: end - endBegin,
      }),
    });
  }
  return ranges;
}

function whenIdle(work: () => void): () => void {
  if ('requestIdleCallback' in window) {
    const id = requestIdleCallback(work, { timeout: 2000 });
    return () => cancelIdleCallback(id);
  }
  const id = setTimeout(work, 200);
  return () => clearTimeout(id);
}
