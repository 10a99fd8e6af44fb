import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directionOf } from './direction.ts';
import { amountIn, formatPrice, formatUsd, formatUsdExact, lessUsd, parseUsd, permille, sumUsd } from './money.ts';
import { bytes, compact, numberIn, whole } from './numbers.ts';
import { age, duration, shortTime, until } from './time.ts';

describe('money', () => {
  it.each([
    ['0', '$0'],
    ['0.000000000', '$0'],
    ['0.00000001', '<$0.0001'],
    ['0.0031', '$0.0031'],
    ['0.00314159', '$0.0031'],
    ['0.00999875', '$0.01'],
    ['0.0418', '$0.042'],
    ['0.4', '$0.40'],
    ['4.5818', '$4.58'],
    ['12345.678', '$12,345.68'],
    ['-0.5', '-$0.50'],
    ['nonsense', 'nonsense'],
  ])('%s reads %s', (usd, expected) => {
    expect(formatUsd(usd)).toBe(expected);
  });

  it.each([
    ['0.40', '$0.4'],
    ['15.000000', '$15'],
    ['0.075', '$0.075'],
    ['0', '$0'],
  ])('a price of %s reads %s', (usd, expected) => {
    expect(formatPrice(usd)).toBe(expected);
  });

  it('shows every digit on demand', () => {
    expect(formatUsdExact('0.000001234567')).toBe('$0.000001234567');
    expect(formatUsdExact('9007199254740993.01')).toBe('$9,007,199,254,740,993.01');
  });

  it('adds exactly', () => {
    expect(sumUsd(['0.1', '0.2'])).toBe('0.300000000000');
    expect(sumUsd([])).toBe('0.000000000000');
    expect(lessUsd('0.3', ['0.1', '0.2'])).toBe('0.000000000000');
    expect(lessUsd('0.3', ['0.1'])).toBe('0.200000000000');
    expect(lessUsd('0.1', ['0.3'])).toBe('0.000000000000');
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n })), (nanos) => {
        const texts = nanos.map((n) => `${n / 10n ** 9n}.${(n % 10n ** 9n).toString().padStart(9, '0')}`);
        expect(parseUsd(sumUsd(texts))).toBe(nanos.reduce((a, b) => a + b, 0n) * 1000n);
      }),
    );
  });

  it.each(['', '1e3', '$1', '1,5', '.5', '1.', 'NaN'])('does not take %j for an amount', (text) => {
    expect(parseUsd(text)).toBeUndefined();
  });

  it('keeps shares between nothing and all', () => {
    expect(permille(1n, 4n)).toBe(250);
    expect(permille(-1n, 4n)).toBe(0);
    expect(permille(9n, 4n)).toBe(1000);
    expect(permille(0n, 0n)).toBe(1000);
  });
});

describe('numbers', () => {
  it.each([
    [999, '999'],
    [1204, '1.2K'],
    [200_000, '200K'],
    [1_048_576, '1M'],
  ])('%i is %s', (count, text) => {
    expect(compact(count)).toBe(text);
  });

  it('separates thousands, and counts bytes', () => {
    expect(whole(8192)).toBe('8,192');
    expect([0, 999, 1200, 52_428_800].map(bytes)).toEqual(['0 B', '999 B', '1.2 kB', '52 MB']);
  });
});

describe('time', () => {
  const now = new Date(2026, 10, 22, 14, 0).getTime();

  it.each([
    [new Date(2026, 10, 22, 9, 5).getTime(), '9:05 AM', 'today'],
    [new Date(2026, 10, 21, 23, 59).getTime(), 'Sat', 'yesterday'],
    [new Date(2026, 10, 18).getTime(), 'Wed', 'week'],
    [new Date(2026, 9, 3).getTime(), 'Oct 3', 'older'],
    [new Date(2025, 9, 3).getTime(), 'Oct 3, 2025', 'older'],
  ])('%i is %s', (then, short, group) => {
    expect(shortTime(then, now)).toBe(short);
    expect(age(then, now)).toBe(group);
  });

  it.each([
    [850, '850 ms'],
    [4200, '4.2 s'],
    [59_000, '59 s'],
    [180_000, '3 min'],
    [5 * 3_600_000, '5 h'],
    [50 * 3_600_000, '2 d'],
  ])('%i ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('never counts down below zero', () => {
    expect(until(now - 5000, now)).toBe('in 0 ms');
    expect(until(now + 60_000, now)).toBe('in 1 min');
  });
});

describe('what a person types', () => {
  it.each([
    ['4,000', 4_000],
    ['4.000', 4_000],
    ['4 000', 4_000],
    ['4\u202f000', 4_000],
    ['1’000’000', 1_000_000],
    [' 8192 ', 8_192],
    ['0', 0],
    ['1,50', Number.NaN],
    ['1.5', Number.NaN],
    ['1e3', Number.NaN],
    ['0x10', Number.NaN],
    ['-1', Number.NaN],
    ['4,0000', Number.NaN],
    ['٣', Number.NaN],
    ['', Number.NaN],
  ])('%j as a whole number is %d', (text, number) => {
    expect(numberIn(text, true)).toBe(number);
  });

  it.each([
    ['0,7', 0.7],
    ['.7', 0.7],
    ['1.', 1],
    ['2', 2],
    ['1e-1', Number.NaN],
    ['0,7,1', Number.NaN],
    ['.', Number.NaN],
  ])('%j is %d', (text, number) => {
    expect(numberIn(text, false)).toBe(number);
  });

  it.each([
    ['0.50', '0.50'],
    ['$3', '3'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1,50', undefined],
    ['1e3', undefined],
    ['-1', undefined],
    ['9999999999999', undefined],
    ['', undefined],
  ])('%j as an amount is %j', (text, amount) => {
    expect(amountIn(text)).toBe(amount);
  });
});

it.each([
  ['', 'ltr'],
  ['12 — 34', 'ltr'],
  ['“hello” שלום', 'ltr'],
  ['1. שלום hello', 'rtl'],
  ['مرحبا', 'rtl'],
  ['😀 ދިވެހި', 'rtl'],
  ['日本語', 'ltr'],
])('%j is read %s', (text, direction) => {
  expect(directionOf(text)).toBe(direction);
});
