import { formatUsd } from '../format/money.ts';
import { until } from '../format/time.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import { type CapGauge, tightestCap } from '../state/caps.ts';
import { keyOf } from '../state/choices.ts';
import { nextChoice } from '../state/runs.ts';
import { strings } from '../strings.ts';

/** What is left of the tightest cap on the key that pays for the next message. Opens the details of all of them. */
export function CapMeter() {
  const panel = usePanel();
  const key = usePanelState((state) => keyOf(state.host, nextChoice(state)));
  if (!key) return null;
  const tightest = tightestCap(key);
  if (!tightest)
    return (
      <button
        type="button"
        className="cap-chip"
        data-level="none"
        title={strings.caps.noCapHint}
        onClick={() => panel.openSheet({ kind: 'caps' })}
      >
        {strings.caps.spentToday(formatUsd(key.todayUsd))}
      </button>
    );
  const { cap, level } = tightest;
  const left = formatUsd(cap.leftUsd);
  const reset = cap.resetsAt === undefined ? '' : ` ${strings.caps.resets(until(cap.resetsAt, Date.now()))}`;
  return (
    <button
      type="button"
      className="cap-chip"
      data-level={level}
      aria-label={`${strings.caps.meter(left, formatUsd(cap.limitUsd), strings.caps.windows[cap.window], key.label)}${reset}`}
      title={`${strings.caps.meter(left, formatUsd(cap.limitUsd), strings.caps.windows[cap.window], key.label)}${reset}`}
      onClick={() => panel.openSheet({ kind: 'caps' })}
    >
      <bdi>{level === 'full' ? strings.caps.used : strings.caps.left(left)}</bdi>
      <CapBar gauge={tightest} />
    </button>
  );
}

/** Spent, then what running requests hold, then what is left. */
export function CapBar({ gauge }: { readonly gauge: CapGauge }) {
  return (
    <span className="cap-bar" data-level={gauge.level} aria-hidden="true">
      <span className="cap-spent" style={{ inlineSize: `${gauge.spent / 10}%` }} />
      <span className="cap-reserved" style={{ inlineSize: `${gauge.reserved / 10}%` }} />
    </span>
  );
}
