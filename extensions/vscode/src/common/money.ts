import { displayUsd, nanoUsdUp, parseUsd } from '@patchbay/core';

/** A decimal string of USD as money is shown everywhere in Patchbay: a small answer is not shown as nothing. */
export function shownUsd(amount: string): string {
  const exact = parseUsd(amount);
  return exact === undefined ? `$${amount}` : displayUsd(nanoUsdUp(exact));
}
