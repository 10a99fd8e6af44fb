import type { KeyView } from '../../contract/index.ts';
import { Button } from '../controls/buttons.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { formatUsd, formatUsdExact } from '../format/money.ts';
import { fullTime, until } from '../format/time.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import { conversationCost, gauge } from '../state/caps.ts';
import { keyOf } from '../state/choices.ts';
import { nextChoice } from '../state/runs.ts';
import { strings } from '../strings.ts';
import { CapBar } from './cap-meter.tsx';

/** All caps on all keys, the key in use first, and what this conversation has cost. */
export function CapsSheet() {
  const panel = usePanel();
  const keys = usePanelState((state) => state.host?.keys ?? NONE);
  const inUse = usePanelState((state) => keyOf(state.host, nextChoice(state))?.id);
  const messages = usePanelState((state) => state.thread.messages);
  const cost = conversationCost(messages);
  const ordered = [...keys].sort((a, b) => Number(b.id === inUse) - Number(a.id === inUse));
  return (
    <Sheet title={strings.caps.title} onClose={() => panel.openSheet(undefined)}>
      {cost.answers > 0 && (
        <p className="caps-total" title={formatUsdExact(cost.usd)}>
          {strings.caps.conversation(formatUsd(cost.usd), cost.answers)}
        </p>
      )}
      {ordered.length === 0 && <p className="quiet">{strings.caps.noKeys}</p>}
      <ul className="caps-keys">
        {ordered.map((key) => (
          <KeyCaps key={key.id} view={key} inUse={key.id === inUse} />
        ))}
      </ul>
      <p className="quiet small">{strings.caps.utc}</p>
    </Sheet>
  );
}

const NONE: readonly KeyView[] = [];

function KeyCaps({ view, inUse }: { readonly view: KeyView; readonly inUse: boolean }) {
  const panel = usePanel();
  return (
    <li className="caps-key">
      <div className="caps-key-head">
        <h3 dir="auto">{view.label}</h3>
        {inUse && <span className="badge">{strings.caps.inUse}</span>}
        <span className="quiet small" dir="ltr">
          {view.providerName} ····{view.lastFour}
        </span>
      </div>
      {view.caps.length === 0 && <p className="quiet">{strings.caps.noCap}</p>}
      {view.caps.map((cap) => {
        const bar = gauge(cap);
        return (
          <div key={`${cap.window} ${cap.limitUsd}`} className="cap-row">
            <div className="cap-row-head">
              <span>{strings.caps.perWindow(formatUsd(cap.limitUsd), strings.caps.windows[cap.window])}</span>
              <strong data-level={bar.level}>
                {bar.level === 'full' ? strings.caps.used : strings.caps.left(formatUsd(cap.leftUsd))}
              </strong>
            </div>
            <CapBar gauge={bar} />
            <p className="quiet small">
              {strings.caps.spent(formatUsd(cap.spentUsd))}
              {bar.reserved > 0 && ` · ${strings.caps.reserved(formatUsd(cap.reservedUsd))}`}
              {cap.resetsAt !== undefined && (
                <span title={fullTime(cap.resetsAt)}> · {strings.caps.resets(until(cap.resetsAt, Date.now()))}</span>
              )}
            </p>
          </div>
        );
      })}
      <p className="quiet small">
        {strings.caps.totals(formatUsd(view.todayUsd), formatUsd(view.monthUsd), formatUsd(view.totalUsd))}
      </p>
      {view.locked && (
        <p className="caps-overrun" role="alert">
          {strings.banner.overrun(view.label)}{' '}
          <Button tone="danger" onClick={() => void panel.acknowledgeOverrun(view.id)}>
            {strings.banner.acceptOverrun}
          </Button>
        </p>
      )}
      <Button icon="key" onClick={() => void panel.manageKeys(view.id, 'caps')}>
        {strings.caps.manage}
      </Button>
    </li>
  );
}
