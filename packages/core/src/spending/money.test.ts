import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  displayUsd,
  exactUsd,
  formatExactUsd,
  formatUsd,
  nanoUsdDown,
  nanoUsdUp,
  parseUsd,
  splitNanoUsd,
} from './money.ts';

const E24 = 10n ** 24n;

describe('parseUsd', () => {
  it.each([
    ['0', 0n],
    ['0.0', 0n],
    ['1', E24],
    ['.5', E24 / 2n],
    ['5.', 5n * E24],
    ['0.000003', 3n * 10n ** 18n],
    ['0.0000000208333333333333', 208333333333333n * 10n ** 2n],
    ['1e-24', 1n],
    ['4.3e-7', 43n * 10n ** 16n],
    ['2.5E+2', 250n * E24],
    ['  12.34 ', 1234n * 10n ** 22n],
    ['0e9999', 0n],
  ])('reads %s', (text, exact) => expect(parseUsd(text)).toBe(exact));

  it.each([
    ['0.0000000000000000000000001', 1n],
    ['0.0000000000000000000000011', 2n],
    ['5e-324', 1n],
    ['1e-9999', 1n],
  ])('rounds %s up to what it can hold', (text, exact) => expect(parseUsd(text)).toBe(exact));

  it.each([
    '-1',
    '-0.5',
    '-0',
    '',
    ' ',
    'free',
    'NaN',
    'Infinity',
    '1,5',
    '1.2.3',
    '1e',
    'e5',
    '.',
    '0x10',
    '1_000',
    '$1',
    '1e25',
    '9e9999',
    '1e99999',
    '1'.repeat(401),
    '0.5n',
  ])('takes %j for unknown', (text) => expect(parseUsd(text)).toBeUndefined());

  it('reads every number as JavaScript prints it, to the last digit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (value) => {
        const exact = parseUsd(String(value));
        expect(exact).toBeDefined();
        // Back to a double the shortest way: the same number, but where 24 decimals cannot hold it.
        if (value === 0 || value > 1e-7) expect(Number(formatExactUsd(exact ?? -1n))).toBe(value);
      }),
    );
  });

  it('is the inverse of formatting', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 48n }), (exact) => {
        expect(parseUsd(formatExactUsd(exact))).toBe(exact);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), (nano) => {
        expect(parseUsd(formatUsd(nano))).toBe(exactUsd(nano));
      }),
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+.\deE]*$/)), (text) => {
        const exact = parseUsd(text);
        expect(exact === undefined || exact >= 0n).toBe(true);
      }),
    );
  });
});

describe('nano-USD', () => {
  it('rounds totals up and limits down, by less than one', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), (exact) => {
        const up = exactUsd(nanoUsdUp(exact)) - exact;
        const down = exact - exactUsd(nanoUsdDown(exact));
        expect(up >= 0n && up < exactUsd(1n)).toBe(true);
        expect(down >= 0n && down < exactUsd(1n)).toBe(true);
      }),
    );
  });

  it.each([
    [0n, '0'],
    [1n, '0.000000001'],
    [2_100_000n, '0.0021'],
    [1_000_000_000n, '1'],
    [12_500_000_000n, '12.5'],
    [-500_000_000n, '-0.5'],
  ])('formats %s exactly', (nano, text) => expect(formatUsd(nano)).toBe(text));

  it.each([
    [0n, '$0'],
    [1n, '<$0.0001'],
    [99_999n, '<$0.0001'],
    [100_000n, '$0.0001'],
    [2_100_000n, '$0.0021'],
    [2_149_999n, '$0.0021'],
    [2_150_000n, '$0.0022'],
    [250_000_000n, '$0.25'],
    [999_960_000n, '$1.00'],
    [10_000_000n, '$0.01'],
    [12_345_000_000n, '$12.35'],
    [12_000_000_000n, '$12.00'],
    [-2_100_000n, '−$0.0021'],
  ])('shows %s to people', (nano, text) => expect(displayUsd(nano)).toBe(text));
});

describe('splitNanoUsd', () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 26n });

  it('adds up to the total, each part within one nano-USD, zeros staying zero', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 8 }), (parts) => {
        const total = nanoUsdUp(parts.reduce((sum, part) => sum + part, 0n));
        const split = splitNanoUsd(parts, total);
        expect(split.reduce((sum, part) => sum + part, 0n)).toBe(total);
        parts.forEach((part, index) => {
          const shown = split[index] ?? -1n;
          expect(shown === nanoUsdDown(part) || shown === nanoUsdUp(part)).toBe(true);
        });
      }),
    );
  });

  it('gives what is left to the largest remainder', () => {
    const half = exactUsd(1n) / 2n;
    expect(splitNanoUsd([half - 1n, half, 0n], 1n)).toEqual([0n, 1n, 0n]);
    expect(splitNanoUsd([half, half], 1n)).toEqual([1n, 0n]);
  });
});
