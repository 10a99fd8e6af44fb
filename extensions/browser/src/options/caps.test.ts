import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, NO_CAPS, pointlessCap, readCaps } from './caps.ts';

const usd = (dollars: number) => BigInt(Math.round(dollars * 1e9));

describe('caps as typed', () => {
  it.each([
    ['5', 5],
    [' $ 2.50 ', 2.5],
    ['.25', 0.25],
    ['0.000000001', 0.000000001],
    ['1000000', 1_000_000],
  ])('reads %s', (text, dollars) => {
    expect(readCaps({ ...NO_CAPS, day: text })).toEqual({ ok: true, caps: [{ window: 'day', limit: usd(dollars) }] });
  });

  it.each(['0', '0.00', '-1', '1,50', '1e3', 'five', '1000000.01', '0.0000000001', '1.2.3'])(
    'says what is wrong with %s',
    (text) => {
      const reading = readCaps({ ...NO_CAPS, month: text });
      expect(reading).toMatchObject({ ok: false, errors: { month: expect.stringMatching(/\.$/) } });
    },
  );

  it('takes several at once, and shows them again as they are', () => {
    const fields = { day: '0.5', week: '', month: '12', total: '100' };
    const reading = readCaps(fields);
    expect(reading).toMatchObject({ ok: true });
    if (reading.ok) expect(fieldsOf(reading.caps)).toEqual(fields);
  });

  it('never makes a cap larger than what was typed', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), fc.nat({ max: 10 }), (nano, extra) => {
        const whole = nano / 10n ** 9n;
        const fraction = (nano % 10n ** 9n).toString().padStart(9, '0');
        const reading = readCaps({ ...NO_CAPS, total: `${whole}.${fraction}${'9'.repeat(extra)}` });
        return !reading.ok ? whole >= 1_000_000n : reading.caps[0]?.limit === nano;
      }),
    );
  });

  it('notices a cap that another makes pointless', () => {
    const caps = (day: number, month: number) => [
      { window: 'day' as const, limit: usd(day) },
      { window: 'month' as const, limit: usd(month) },
    ];
    expect(pointlessCap(caps(5, 5))).toContain('per day');
    expect(pointlessCap(caps(1, 5))).toBeUndefined();
    expect(pointlessCap([])).toBeUndefined();
  });
});
