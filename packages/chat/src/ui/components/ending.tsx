import { memo } from 'react';
import type { MessageRecord } from '../../contract/index.ts';
import { Button } from '../controls/buttons.tsx';
import { Icon } from '../controls/icons.tsx';
import { usePanel } from '../panel-context.ts';
import { strings } from '../strings.ts';
import { Continue } from './continue.tsx';
import { FailureCard } from './failure-card.tsx';

/** How an answer ended, where it did not simply end: failed, cut off, stopped, too long. */
export const Ending = memo(
  function Ending({ message, last }: { readonly message: MessageRecord; readonly last: boolean }) {
    const { failure, status, finishReason } = message;
    if (status === 'streaming') return null;
    if (failure && failure.kind !== 'aborted') {
      return (
        <FailureCard
          failure={failure}
          at={message.createdAt}
          answerId={message.id}
          asked={message.asked}
          cut={status === 'interrupted'}
        />
      );
    }
    if (failure?.kind === 'aborted') return <Cut message={message} last={last} text={strings.message.stopped} />;
    if (status === 'interrupted' || finishReason === 'interrupted') {
      return <Cut message={message} last={last} text={strings.message.interrupted} warn />;
    }
    if (finishReason === 'length')
      return <Cut message={message} last={last} text={strings.message.tooLong} warn settings />;
    if (finishReason === 'content-filter')
      return <Cut message={message} last={last} text={strings.message.filtered} warn />;
    if (status === 'failed') return <Cut message={message} last={last} text={strings.message.failed} warn />;
    return null;
  },
  (before, now) =>
    before.last === now.last &&
    before.message.status === now.message.status &&
    before.message.failure === now.message.failure &&
    before.message.finishReason === now.message.finishReason,
);

function Cut(props: {
  readonly message: MessageRecord;
  readonly last: boolean;
  readonly text: string;
  readonly warn?: boolean;
  readonly settings?: boolean;
}) {
  const panel = usePanel();
  const { message, last, text, warn, settings } = props;
  const written = message.parts.some((part) => part.type === 'text' && part.text.trim() !== '');
  return (
    <div className="cut" data-warn={warn || undefined}>
      <Icon name={warn ? 'warning' : 'stop'} />
      <p>{text}</p>
      {last && (
        <div className="cut-actions">
          {written && <Continue message={message} />}
          {settings && (
            <Button onClick={() => panel.openSheet({ kind: 'settings' })}>{strings.message.raiseMax}</Button>
          )}
          {!settings && <Button onClick={() => void panel.runs.retry(message.id)}>{strings.message.retry}</Button>}
        </div>
      )}
    </div>
  );
}
