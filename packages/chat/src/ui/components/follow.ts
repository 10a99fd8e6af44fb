import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** How near the end still counts as being there, px. */
const SLACK = 24;

/**
 * Keeps a scroll box at its end while what it holds grows, until the reader scrolls up; back at the end it follows
 * again. Growth is noticed after layout, so following reads and writes no layout of its own.
 */
export function useFollow(
  box: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  /** False where there is nothing to follow: such a page is read from its top. */
  active: boolean,
) {
  const [atEnd, setAtEnd] = useState(true);
  const follow = useRef(true);
  const wanted = useRef(active);
  wanted.current = active;

  const jump = useCallback(() => {
    follow.current = true;
    setAtEnd(true);
    const element = box.current;
    if (element) element.scrollTop = wanted.current ? element.scrollHeight : 0;
  }, [box]);

  useEffect(() => {
    const element = box.current;
    if (!element || !content.current) return;
    let last = element.scrollTop;
    const onScroll = () => {
      const now = element.scrollTop;
      const near = element.scrollHeight - now - element.clientHeight <= SLACK;
      if (near) follow.current = true;
      else if (now < last) follow.current = false;
      last = now;
      setAtEnd(near || follow.current);
    };
    // A wheel or a finger says what the reader wants before the position does.
    const onWheel = (event: WheelEvent) => {
      if (event.deltaY < 0 && element.scrollHeight > element.clientHeight) {
        follow.current = false;
        onScroll();
      }
    };
    const observer = new ResizeObserver(() => {
      if (!wanted.current) return;
      if (follow.current) element.scrollTop = element.scrollHeight;
      else onScroll();
    });
    observer.observe(element);
    observer.observe(content.current);
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [box, content]);

  return { atEnd, jump };
}
