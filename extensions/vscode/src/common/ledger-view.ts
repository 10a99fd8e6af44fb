import type { HostState } from '@patchbay/chat/contract';
import { displayUsd, type Reservation } from '@patchbay/core';

/**
 * The ledger as a page of Markdown: keys with their caps, then the latest requests.
 * @param history undefined where it cannot be read
 */
export function ledgerMarkdown(state: HostState, history: readonly Reservation[] | undefined): string {
  const labels = new Map<string, string>();
  const keys = state.keys.map((key) => {
    if (key.unknown) return `| ${cell(key.label)} | ? | ? | ? | cannot be read |`;
    const caps = key.caps.map((cap) => `$${cap.leftUsd} of $${cap.limitUsd} ${cap.window}`).join('<br>');
    return `| ${cell(key.label)} | $${key.todayUsd} | $${key.monthUsd} | $${key.totalUsd} | ${caps || 'no cap'} |`;
  });
  for (const key of state.keys) labels.set(key.provider, key.providerName);
  const rows = history?.map((one) => {
    const tokens = one.settlement ? `${one.settlement.inputTokens ?? '?'} / ${one.settlement.outputTokens ?? '?'}` : '';
    const source = one.settlement ? one.settlement.source : STATE_WORDS[one.state];
    return `| ${new Date(one.reservedAt).toISOString().replace('T', ' ').slice(0, 19)} | ${cell(one.model)} | ${cell(labels.get(one.provider) ?? one.provider)} | ${tokens} | ${displayUsd(one.counted)} | ${source} |`;
  });
  return [
    '# Patchbay: the ledger',
    ...(state.ledger.state === 'ready' ? [] : [`> ${state.ledger.message ?? 'The ledger cannot be read.'}`]),
    ...(state.ledger.ahead ? [`> ${state.ledger.ahead.message} ${state.ledger.ahead.details}`] : []),
    '## Keys',
    keys.length > 0
      ? ['| Key | Today | This month | In total | Left |', '| --- | ---: | ---: | ---: | --- |', ...keys].join('\n')
      : state.vault.locked
        ? 'The keys cannot be read.'
        : 'No key is stored yet.',
    '## Latest requests (times in UTC)',
    rows === undefined
      ? 'The requests cannot be read.'
      : rows.length > 0
        ? [
            '| Time | Model | Provider | Tokens in / out | Counted | By |',
            '| --- | --- | --- | ---: | ---: | --- |',
            ...rows,
          ].join('\n')
        : 'Nothing was sent yet.',
    '',
  ].join('\n\n');
}

const STATE_WORDS = {
  reserved: 'held, not sent',
  sent: 'running: held in full',
  settled: 'settled',
  released: 'released',
  orphaned: 'cut off: counted in full',
  overrun: 'above its bound',
} as const;

function cell(text: string): string {
  return text.replace(/[|\\`*_<>[\]]/g, (one) => `\\${one}`).replace(/\s+/g, ' ');
}
