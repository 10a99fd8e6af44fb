import { memo, type ReactNode } from 'react';
import { authorOf, type MessageRecord, type Part, sameChoice } from '../../contract/index.ts';
import { Icon } from '../controls/icons.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { usePanel, usePanelState } from '../panel-context.ts';
import { GUIDE } from '../state/choices.ts';
import { useLive } from '../state/live.ts';
import { strings } from '../strings.ts';
import { AnswerFoot } from './answer-foot.tsx';
import { Citations } from './citations.tsx';
import { Ending } from './ending.tsx';
import { BlobImage, FileMedium } from './media.tsx';
import type { MessageProps } from './message.tsx';
import { Reasoning } from './reasoning.tsx';
import { Route } from './route.tsx';
import { ToolCall } from './tool-call.tsx';
import { Waiting } from './waiting.tsx';

/** An answer: who gave it, what was left out or went wrong on the way, what it says, how it ended, what it cost. */
export function AssistantMessage({ message, versions, version, last }: MessageProps) {
  const panel = usePanel();
  const streaming = message.status === 'streaming';
  const live = useLive(panel.live, streaming ? message.runId : undefined);
  const view: MessageRecord = streaming && live ? merged(message, live) : message;
  const parts = view.parts;
  // Of an answer that is continued there are words already; what is waited for are the first new ones.
  const awaited = message.earlier !== undefined && live?.attempt !== undefined && !live.said;
  return (
    <article
      className="message assistant"
      data-message={message.id}
      data-status={message.status}
      tabIndex={-1}
      aria-busy={streaming}
      aria-label={strings.message.answer}
    >
      <AnswerHead asked={view.asked} fallback={view.fallback} answeredBy={view.answeredBy} />
      <Route message={view} />
      <Notices notices={view.notices ?? NONE} />
      {parts.length > 0 && <Parts parts={parts} growing={streaming} />}
      {streaming && (parts.length === 0 || awaited) && <Waiting since={message.createdAt} />}
      <Ending message={view} last={last} />
      <AnswerFoot message={view} versions={versions} version={version} />
    </article>
  );
}

const NONE: readonly never[] = [];

/** What the run has said so far, over the record as it was when the run began. */
const merged = (message: MessageRecord, live: NonNullable<ReturnType<typeof useLive>>): MessageRecord => ({
  ...message,
  parts: live.parts,
  notices: live.notices,
  hops: live.hops,
  ...fallback(message, live),
  ...(live.answeredBy && { answeredBy: live.answeredBy }),
  ...(live.usage && { usage: live.usage }),
  ...(live.cost && { cost: live.cost }),
});

/** The model that is asked now, where it is not the one that was asked first. */
function fallback(
  { asked }: MessageRecord,
  { attempt }: NonNullable<ReturnType<typeof useLive>>,
): Pick<MessageRecord, 'fallback'> {
  return attempt && !sameChoice(attempt, asked) ? { fallback: attempt } : {};
}

type Author = { readonly [K in 'asked' | 'fallback' | 'answeredBy']: MessageRecord[K] | undefined };

const AnswerHead = memo(function AnswerHead(props: Author) {
  const models = usePanelState((state) => state.models.list);
  const { name, askedName } = authorOf(models, props);
  const guide = props.asked?.provider === GUIDE;
  return (
    <header className="answer-head">
      <span className="answer-dot" data-hue={hue((props.fallback ?? props.asked)?.provider ?? '')} aria-hidden="true" />
      <span className="answer-name" dir="auto">
        {name}
      </span>
      {guide && <span className="badge">{strings.message.notAi}</span>}
      {askedName && <span className="answer-asked">{strings.message.askedFor(askedName)}</span>}
    </header>
  );
});

/** One of six colours by provider, so that a change of model in a conversation catches the eye. */
function hue(provider: string): number {
  let sum = 0;
  for (const char of provider) sum = (sum * 31 + char.charCodeAt(0)) % 9973;
  return sum % 6;
}

const Notices = memo(function Notices({ notices }: { readonly notices: NonNullable<MessageRecord['notices']> }) {
  if (notices.length === 0) return null;
  return (
    <ul className="notices">
      {notices.map((notice, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: notices only come at the end
        <li key={index} data-code={notice.code}>
          <Icon name={notice.code === 'overrun' || notice.code === 'cap-warning' ? 'warning' : 'info'} />
          <span dir="auto">{notice.message}</span>
        </li>
      ))}
    </ul>
  );
});

function Parts({ parts, growing }: { readonly parts: readonly Part[]; readonly growing: boolean }): ReactNode {
  const citations = parts.filter((part) => part.type === 'citation');
  // What grows is the last part, or the text that another model goes on with, whose thinking stands behind it.
  const text = parts.findLastIndex((part) => part.type === 'text');
  return (
    <>
      {parts.map((part, index) => {
        const open = growing && (index === parts.length - 1 || index === text);
        // biome-ignore lint/suspicious/noArrayIndexKey: parts only come at the end
        return <OnePart key={index} part={part} growing={open} />;
      })}
      {citations.length > 0 && <Citations citations={citations} />}
    </>
  );
}

const OnePart = memo(function OnePart({
  part,
  growing,
}: {
  readonly part: Part;
  readonly growing: boolean;
}): ReactNode {
  switch (part.type) {
    case 'text':
      return <Markdown text={part.text} growing={growing} />;
    case 'reasoning':
      return <Reasoning text={part.text} growing={growing} />;
    case 'tool-call':
      return <ToolCall name={part.name} input={part.arguments} growing={growing} repaired={part.repaired === true} />;
    case 'server-tool':
      return <ToolCall name={part.name} input={part.input} output={part.output} growing={growing} server />;
    case 'image':
      return <BlobImage part={part} />;
    case 'file':
      return <FileMedium part={part} />;
    case 'citation':
    case 'tool-result':
      return null;
  }
});
