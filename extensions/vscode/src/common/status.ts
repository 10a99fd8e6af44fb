import type { HostState } from '@patchbay/chat/contract';
import { shownUsd } from './money.ts';

/** What the status bar says: model · today's spend / the tightest cap. */
export interface StatusView {
  readonly text: string;
  readonly tooltip: string;
  /** Something keeps money from being spent, or nearly does. */
  readonly alarm: boolean;
}

/** Characters of a model's name. */
const MOST_NAME = 40;

/** A tenth of a cap or less being left is shown as a warning. */
const TENTH = 10;

/** @param model what the model in use is called; undefined where none was chosen yet */
export function statusView(state: HostState, model: string | undefined): StatusView {
  const key = state.keys.find(({ id }) => id === state.settings.choice?.keyId) ?? state.keys[0];
  const lines = state.keys.map(({ label, todayUsd, caps, unknown }) => {
    if (unknown) return `${label}: what it has spent cannot be read`;
    const left = caps.map(
      (cap) => `${shownUsd(cap.leftUsd)} of ${shownUsd(cap.limitUsd)} left ${WINDOW_WORDS[cap.window]}`,
    );
    return `${label}: ${shownUsd(todayUsd)} today${left.length > 0 ? `, ${left.join(', ')}` : ', no cap'}`;
  });
  const blocked = state.ledger.state !== 'ready' ? (state.ledger.message ?? 'The ledger cannot be read.') : undefined;
  const tightest = key?.caps.toSorted((a, b) => Number(a.leftUsd) - Number(b.leftUsd))[0];
  const spend = key
    ? `${key.unknown ? 'spend unknown' : shownUsd(key.todayUsd)}${tightest ? ` / ${shownUsd(tightest.limitUsd)}` : ''}`
    : noKeys(state);
  const nearly = tightest !== undefined && Number(tightest.leftUsd) * TENTH <= Number(tightest.limitUsd);
  const overrun = state.keys.some(({ locked }) => locked);
  return {
    text: [shorten(model), spend].filter(Boolean).join(' · '),
    tooltip: [...(blocked ? [blocked] : []), ...(model ? [model] : []), ...lines, 'Click for the ledger.'].join('\n'),
    alarm: blocked !== undefined || nearly || overrun,
  };
}

/** A keyring that does not answer may hold many. */
function noKeys({ vault }: HostState): string {
  return vault.locked ? 'keys cannot be read' : 'no key yet';
}

/** The bar is everybody's: a name of any length leaves room for the others. */
function shorten(name: string | undefined): string | undefined {
  const characters = [...(name ?? '')];
  return characters.length <= MOST_NAME ? name : `${characters.slice(0, MOST_NAME - 1).join('')}…`;
}

const WINDOW_WORDS = { day: 'today', week: 'this week', month: 'this month', total: 'in total' } as const;
