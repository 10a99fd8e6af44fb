import { useEffect, useState } from 'react';
import { Button } from '../controls/buttons.tsx';
import { Icon, type IconName } from '../controls/icons.tsx';
import { usePanel, usePanelState } from '../panel-context.ts';
import { nextChoice } from '../state/runs.ts';
import { strings } from '../strings.ts';

/** Whatever keeps the panel from working as it should, with the way out. At most one of each; money comes first. */
export function Banners() {
  const panel = usePanel();
  const host = usePanelState((state) => state.host);
  const failure = usePanelState((state) => state.connectionFailure);
  const lost = useLongLost();
  const needsKey = usePanelState((state) => nextChoice(state)?.keyId !== undefined);
  const overrun = host?.keys.find((key) => key.locked);
  return (
    <div className="banners">
      {failure && (
        <Banner icon="warning" tone="bad" text={failure.message} id="failed">
          <Button onClick={() => panel.platform.reload()}>{strings.banner.reload}</Button>
        </Banner>
      )}
      {lost && !failure && <Banner icon="refresh" tone="calm" text={strings.banner.reconnecting} id="lost" />}
      {host && host.ledger.state !== 'ready' && (
        <Banner
          icon="warning"
          tone="bad"
          text={host.ledger.message ?? strings.banner.ledger[host.ledger.state]}
          id="ledger"
        >
          {host.ledger.state === 'missing' && (
            <Button onClick={() => void panel.confirmLedger()}>{strings.banner.confirmLedger}</Button>
          )}
        </Banner>
      )}
      {host?.ledger.ahead && (
        <Banner icon="warning" tone="warn" text={host.ledger.ahead.message} id="ledger-ahead">
          <Button onClick={() => panel.openSheet({ kind: 'set-back' })}>{strings.banner.ahead}</Button>
        </Banner>
      )}
      {overrun && (
        <Banner icon="warning" tone="bad" text={strings.banner.overrun(overrun.label)} id="overrun">
          <Button onClick={() => void panel.acknowledgeOverrun(overrun.id)}>{strings.banner.acceptOverrun}</Button>
          <Button onClick={() => panel.openSheet({ kind: 'caps' })}>{strings.banner.details}</Button>
        </Banner>
      )}
      {host?.vault.locked && needsKey && (
        <Banner icon="lock" tone="warn" text={strings.banner.locked} id="vault">
          <Button onClick={() => void panel.manageKeys(undefined, 'unlock')}>{strings.banner.unlock}</Button>
        </Banner>
      )}
      {/* One database may hold both: what is wrong with it is said once. */}
      {host?.storage && host.storage.message !== host.ledger.message && (
        <Banner icon="warning" tone="warn" text={host.storage.message} id="storage">
          <Button onClick={() => panel.openSheet({ kind: 'data' })}>{strings.banner.data}</Button>
        </Banner>
      )}
    </div>
  );
}

function Banner(props: {
  readonly id: string;
  readonly icon: IconName;
  readonly tone: 'bad' | 'warn' | 'calm';
  readonly text: string;
  readonly children?: React.ReactNode;
}) {
  return (
    <section className={`banner banner-${props.tone}`} role="alert" data-banner={props.id}>
      <Icon name={props.icon} />
      <p dir="auto">{props.text}</p>
      {props.children && <div className="banner-actions">{props.children}</div>}
    </section>
  );
}

/** A browser may stop the background at any time and start it again at once; only a longer silence is worth a word. */
const PATIENCE_MS = 600;

function useLongLost(): boolean {
  const lost = usePanelState((state) => state.connection === 'lost');
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (!lost) {
      setLong(false);
      return;
    }
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [lost]);
  return long;
}
