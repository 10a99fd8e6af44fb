import { useEffect, useState } from 'react';
import type { Failure, ModelChoice } from '../../contract/index.ts';
import { Button, IconButton } from '../controls/buttons.tsx';
import { Icon } from '../controls/icons.tsx';
import { duration } from '../format/time.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import { keyOf } from '../state/choices.ts';
import { type Remedy, remediesFor } from '../state/failures.ts';
import { strings } from '../strings.ts';
import { Continue } from './continue.tsx';

/** What went wrong in one sentence, what the provider said, and the way out as a button. */
export function FailureCard(props: {
  readonly failure: Failure;
  /** When it happened, ms since epoch. */
  readonly at: number;
  /** The answer that failed; absent where none was begun. */
  readonly answerId?: string;
  readonly asked?: ModelChoice | undefined;
  /** Part of the answer stands above. */
  readonly cut?: boolean;
  readonly onDismiss?: () => void;
}) {
  const { failure, answerId, asked, cut, onDismiss } = props;
  const locked = usePanelState((state) => keyOf(state.host, asked)?.locked === true);
  const remedies = remediesFor(failure, props.at, locked, cut);
  const panel = usePanel();
  const apply = useRemedy(answerId, asked);
  const offersContinue = remedies.some((remedy) => remedy.do === 'continue');
  const offersRetry = remedies.some((remedy) => remedy.do === 'retry');
  const continues = cut && answerId !== undefined && (
    <Continue message={{ id: answerId, ...(asked && { asked }) }} primary={offersContinue} />
  );
  return (
    <section className="failure" role="alert" data-kind={failure.kind}>
      <Icon name="warning" />
      <div className="failure-text">
        <p dir="auto">{failure.message}</p>
        {failure.detail && failure.detail !== failure.message && (
          <details>
            <summary>{strings.failure.detail}</summary>
            <p className="failure-detail" dir="auto">
              {failure.status !== undefined && <span dir="ltr">{failure.status} </span>}
              {failure.providerCode && <code dir="ltr">{failure.providerCode}</code>} {failure.detail}
            </p>
          </details>
        )}
      </div>
      {onDismiss && <IconButton icon="close" label={strings.common.dismiss} onClick={onDismiss} />}
      {(remedies.length > 0 || cut) && (
        <div className="failure-actions">
          {offersContinue && continues}
          {remedies.map(
            (remedy, index) =>
              remedy.do !== 'continue' && (
                <RemedyButton key={remedy.do} remedy={remedy} primary={index === 0} onApply={() => apply(remedy)} />
              ),
          )}
          {!offersContinue && continues}
          {cut && answerId !== undefined && !offersRetry && (
            <Button onClick={() => void panel.runs.retry(answerId)}>{strings.message.retry}</Button>
          )}
        </div>
      )}
    </section>
  );
}

function RemedyButton(props: { readonly remedy: Remedy; readonly primary: boolean; readonly onApply: () => void }) {
  const { remedy, primary, onApply } = props;
  const wait = useCountdown(remedy.do === 'retry' ? remedy.notBefore : undefined);
  return (
    <Button tone={primary ? 'primary' : 'plain'} disabled={wait > 0} onClick={onApply}>
      {wait > 0 ? strings.failure.retryIn(duration(Math.ceil(wait / 1000) * 1000)) : remedy.label}
    </Button>
  );
}

/** Milliseconds left until a time; 0 once it has come. */
function useCountdown(until: number | undefined): number {
  const [now, setNow] = useState(Date.now);
  const left = until === undefined ? 0 : Math.max(0, until - now);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.min(left, 1000));
    return () => clearTimeout(timer);
  }, [left]);
  return left;
}

function useRemedy(answerId: string | undefined, asked: ModelChoice | undefined) {
  const panel = usePanel();
  return (remedy: Remedy) => {
    switch (remedy.do) {
      case 'retry':
        return void (answerId === undefined ? panel.runs.send() : panel.runs.retry(answerId));
      case 'retry-smaller': {
        const parameters = { maxOutputTokens: remedy.maxOutputTokens };
        return void (answerId === undefined ? panel.runs.send(parameters) : panel.runs.retry(answerId, { parameters }));
      }
      case 'other-model':
        return panel.openSheet({ kind: 'picker', ...(answerId !== undefined && { retry: answerId }) });
      case 'manage-key':
        return void panel.manageKeys(asked?.keyId, remedy.reason);
      case 'acknowledge-overrun':
        if (asked?.keyId !== undefined) void panel.acknowledgeOverrun(asked.keyId);
        return;
      case 'confirm-ledger':
        return void panel.confirmLedger();
      case 'settings':
        return panel.openSheet({ kind: 'settings' });
      case 'shorten':
        return panel.focusComposer();
      case 'set-price':
        if (asked)
          panel.openSheet({ kind: 'price', choice: asked, ...(answerId !== undefined && { retry: answerId }) });
        return;
      case 'data':
        return panel.openSheet({ kind: 'data' });
      case 'reload':
        return panel.platform.reload();
      case 'continue': // has a button of its own
    }
  };
}
