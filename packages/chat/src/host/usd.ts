import { formatExactUsd, parseUsd } from '@patchbay/core';

/** Sum of two amounts of USD, decimal strings; what cannot be read counts as nothing. */
export function addUsd(a: string, b: string): string {
  return formatExactUsd((parseUsd(a) ?? 0n) + (parseUsd(b) ?? 0n));
}

/** Difference of two amounts of USD, not below zero. */
export function subtractUsd(a: string, b: string): string {
  const left = (parseUsd(a) ?? 0n) - (parseUsd(b) ?? 0n);
  return formatExactUsd(left > 0n ? left : 0n);
}
