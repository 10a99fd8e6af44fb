import type { HostState } from '@patchbay/chat/contract';
import { shownUsd } from './money.ts';

/** What the status bar says: model · today's spend / the tightest cap. */
export interface StatusView {
  readonly text: string;
  readonly tooltip: string;
  /** Something keeps money from being spent, or nearly does. */
  readonly alarm: boolean;
}

/** A tenth of a cap or less being left is shown as a warning. */
const TENTH = 10;

/** @param model what the model in use is called; undefined where none was chosen yet */
export function statusView(state: HostState, model: string | undefined): StatusView {
  const key = state.keys.find(({ id }) => id === state.settings.choice?.keyId) ?? state.keys[0];
  const lines = state.keys.map(({ label, todayUsd, caps }) => {
    const left = caps.map(
      (cap) => `${shownUsd(cap.leftUsd)} of ${shownUsd(cap.limitUsd)} left ${WINDOW_WORDS[cap.window]}`,
    );
    return `${label}: ${shownUsd(todayUsd)} today${left.length > 0 ? `, ${left.join(', ')}` : ', no cap'}`;
  });
  const blocked = state.ledger.state !== 'ready' ? (state.ledger.message ?? 'The ledger cannot be read.') : undefined;
  const tightest = key?.caps.toSorted((a, b) => Number(a.leftUsd) - Number(b.leftUsd))[0];
  const spend = key ? `${shownUsd(key.todayUsd)}${tightest ? ` / ${shownUsd(tightest.limitUsd)}` : ''}` : 'no key yet';
  const nearly = tightest !== undefined && Number(tightest.leftUsd) * TENTH <= Number(tightest.limitUsd);
  const overrun = state.keys.some(({ locked }) => locked);
  return {
    text: [model, spend].filter(Boolean).join(' · '),
    tooltip: [...(blocked ? [blocked] : []), ...lines, 'Click for the ledger.'].join('\n'),
    alarm: blocked !== undefined || nearly || overrun,
  };
}

const WINDOW_WORDS = { day: 'today', week: 'this week', month: 'this month', total: 'in total' } as const;
