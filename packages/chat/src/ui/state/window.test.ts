import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstShown, PAGE, rowWindow, scrollToRow } from './window.ts';

describe('rowWindow', () => {
  it('holds every row in view, few others, and never a row that is not there', () => {
    const nat = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(nat(60_000), nat(2000), fc.integer({ min: 1, max: 90 }), nat(1200), (scroll, height, row, count) => {
        const { start, end, before, total } = rowWindow(scroll, height, row, count);
        expect(total).toBe(count * row);
        expect(before).toBe(start * row);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(count);
        expect(end).toBeGreaterThanOrEqual(Math.min(start, count));
        expect(end - start).toBeLessThanOrEqual(Math.ceil(height / row) + 14);
        for (let index = 0; index < count; index += 1) {
          const visible = (index + 1) * row > scroll && index * row < scroll + height;
          if (visible) expect(index >= start && index < end).toBe(true);
        }
      }),
    );
  });

  it('takes a scroll beyond either end', () => {
    expect(rowWindow(-500, 300, 46, 3)).toMatchObject({ start: 0, end: 3 });
    expect(rowWindow(1e6, 300, 46, 3).end).toBe(3);
    expect(rowWindow(0, 300, 46, 0)).toEqual({ start: 0, end: 0, before: 0, total: 0 });
  });
});

describe('scrollToRow', () => {
  it('brings a row into view with the least movement', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(20_000), fc.integer({ min: 46, max: 900 }), (row, scroll, height) => {
        const now = scrollToRow(row, scroll, height, 46);
        expect(now).toBeLessThanOrEqual(row * 46);
        expect(now + height).toBeGreaterThanOrEqual((row + 1) * 46);
        const inView = scroll <= row * 46 && scroll + height >= (row + 1) * 46;
        if (inView) expect(now).toBe(scroll);
      }),
    );
  });
});

describe('firstShown', () => {
  it.each([
    [0, 1, 0],
    [PAGE, 1, 0],
    [PAGE + 1, 1, 1],
    [10 * PAGE, 2, 8 * PAGE],
    [10 * PAGE, 99, 0],
  ])('of %i messages and %i pages: %i', (count, pages, first) => {
    expect(firstShown(count, pages)).toBe(first);
  });
});
