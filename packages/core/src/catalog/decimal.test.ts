import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf, isZero, maxDecimal, shiftDecimal } from './decimal.ts';

describe('decimalOf', () => {
  test.each([
    ['0', '0'],
    ['0.000003', '0.000003'],
    ['0.0000208333333333333333', '0.0000208333333333333333'],
    ['00012.500', '12.5'],
    [' 1.5 ', '1.5'],
    ['2.5e-7', '0.00000025'],
    ['1E3', '1000'],
    [0.039, '0.039'],
    [1e-7, '0.0000001'],
    [5, '5'],
    ['0.000', '0'],
  ])('%s is %s', (value, decimal) => {
    expect(decimalOf(value)).toBe(decimal);
  });

  test.each([
    '-1',
    -1,
    '',
    ' ',
    'free',
    '1,5',
    '.5',
    '1.',
    '0x10',
    'NaN',
    'Infinity',
    Number.NaN,
    null,
    undefined,
    {},
    [],
    true,
    '9'.repeat(65),
    '1e999',
  ])('%s is no amount', (value) => {
    expect(decimalOf(value)).toBeUndefined();
  });
});

const decimals = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 0, max: 22 }))
  .map(([digits, places]) => {
    const text = digits.toString().padStart(places + 1, '0');
    return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  });

const scale = (decimal: string) => {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(40, '0'));
};

test('a shift divides exactly, and the larger of two is the larger of two', () => {
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      const plain = decimalOf(a)!;
      expect(scale(plain)).toBe(scale(a));
      expect(scale(shiftDecimal(plain, 6)) * 1_000_000n).toBe(scale(plain));
      expect([a, b]).toContain(maxDecimal(a, b));
      expect(scale(maxDecimal(a, b)) >= scale(a) && scale(maxDecimal(a, b)) >= scale(b)).toBe(true);
      expect(isZero(plain)).toBe(scale(plain) === 0n);
    }),
  );
});
