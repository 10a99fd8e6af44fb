import { displayUsd, nanoUsdUp, parseUsd } from '@patchbay/core';

/** An amount of the contract (a decimal string) as people read it. */
export function dollars(usd: string): string {
  const exact = parseUsd(usd);
  return exact === undefined ? '$?' : displayUsd(nanoUsdUp(exact));
}

/** A moment to come, in the reader's own language and time zone. */
export function until(at: number): string {
  return new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}
