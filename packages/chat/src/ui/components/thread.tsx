import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../controls/buttons.tsx';
import { Icon } from '../controls/icons.tsx';
import { usePanel, usePanelState } from '../panel-context.ts';
import { branch } from '../state/tree.ts';
import { firstShown } from '../state/window.ts';
import { strings } from '../strings.ts';
import { useFollow } from './follow.ts';
import { MessageView } from './message.tsx';
import { Welcome } from './welcome.tsx';

/** The conversation in view: the branch, or the ways to begin. */
export function Thread() {
  const panel = usePanel();
  const thread = usePanelState((state) => state.thread);
  const { record, messages } = thread;
  const box = useRef<HTMLElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const [pages, setPages] = useState(1);

  const steps = useMemo(() => branch(messages, record.headId), [messages, record.headId]);
  const empty = steps.length === 0;
  const { atEnd, jump } = useFollow(box, log, !empty);
  const first = firstShown(steps.length, pages);
  const revealed = useReveal(
    steps.findIndex(({ message }) => message.id === thread.reveal),
    steps.length,
    setPages,
  );
  const running = steps.at(-1)?.message.status === 'streaming' ? steps.at(-1)?.message.id : undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation begins at its end, and so does an answer
  useLayoutEffect(() => {
    setPages(1);
    jump();
  }, [record.id, jump]);
  useLayoutEffect(() => {
    if (running !== undefined) jump();
  }, [running, jump]);
  useEffect(() => {
    if (thread.reveal === undefined || revealed < first) return;
    const element = log.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(thread.reveal)}"]`);
    if (!element) return;
    element.scrollIntoView({ block: 'start' });
    element.focus({ preventScroll: true });
    panel.conversations.revealed();
  }, [thread.reveal, revealed, first, panel]);

  return (
    <main className="thread" ref={box} data-conversation={record.id} data-loading={thread.loading || undefined}>
      <div ref={log} className="log" role="log" aria-live="off" aria-label={strings.thread.label}>
        {first > 0 && <Earlier box={box} count={first} onShow={() => setPages((now) => now + 1)} />}
        {thread.failure && (
          <p className="thread-failure" role="alert">
            {thread.failure.message}{' '}
            <Button onClick={() => void panel.conversations.restore()}>{strings.common.again}</Button>
          </p>
        )}
        {empty && !thread.loading && !thread.failure && <Welcome />}
        {steps.slice(first).map((step, index) => (
          <MessageView
            key={step.message.id}
            message={step.message}
            versions={step.versions}
            version={step.version}
            last={first + index === steps.length - 1}
          />
        ))}
      </div>
      {!atEnd && !empty && (
        <button type="button" className="jump" onClick={jump}>
          <Icon name="arrowDown" />
          {strings.thread.latest}
        </button>
      )}
    </main>
  );
}

/** Opens as many pages as it takes to show a message that was asked for. @returns its place in the branch, -1 if none */
function useReveal(index: number, count: number, setPages: (change: (now: number) => number) => void): number {
  useEffect(() => {
    if (index < 0) return;
    setPages((now) => {
      let pages = now;
      while (firstShown(count, pages) > index) pages += 1;
      return pages;
    });
  }, [index, count, setPages]);
  return index;
}

/** Shows older messages as the reader comes near them; the button is for whoever cannot scroll. */
function Earlier(props: {
  readonly box: React.RefObject<HTMLElement | null>;
  readonly count: number;
  readonly onShow: () => void;
}) {
  const { box, count, onShow } = props;
  const button = useRef<HTMLButtonElement>(null);
  const show = useRef(onShow);
  show.current = onShow;
  useEffect(() => {
    if (!button.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) show.current();
      },
      { root: box.current, rootMargin: '400px 0px 0px' },
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [box]);
  // The browser keeps what is read in its place, except at the very top: there it has to be done by hand.
  const height = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when older messages have come in
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (element.scrollTop === 0 && height.current > 0) element.scrollTop = element.scrollHeight - height.current;
    height.current = element.scrollHeight;
  }, [count, box]);
  return (
    <button ref={button} type="button" className="earlier" onClick={onShow}>
      {strings.thread.earlier(count)}
    </button>
  );
}
