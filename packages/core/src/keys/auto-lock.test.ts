import { expect, it } from 'vitest';
import { leftAlone } from './auto-lock.ts';

const MINUTE = 60_000;

it.each([
  ['never where nobody set a time', 0, undefined, 1e12, false],
  ['not while it is used', 0, 5, 5 * MINUTE, false],
  ['once it was left alone', 0, 5, 5 * MINUTE + 1, true],
  ['where nobody knows when it was used', undefined, 5, 0, true],
  ['not for a clock that was put right', MINUTE, 5, 0, false],
  ['for a clock that was set back, which would keep it open for as long', 60 * MINUTE, 5, 0, true],
])('a vault locks itself %s', (_, usedAt, minutes, now, locks) => {
  expect(leftAlone(usedAt, minutes, now)).toBe(locks);
});
