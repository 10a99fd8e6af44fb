import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createKeepAwake } from './keep-awake.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('beats at least every 20 s while anybody holds it, and never otherwise', () => {
  const beat = vi.fn(() => Promise.resolve());
  const awake = createKeepAwake(beat);
  vi.advanceTimersByTime(120_000);
  expect(beat).not.toHaveBeenCalled();

  const first = awake.hold();
  const second = awake.hold();
  vi.advanceTimersByTime(100_000);
  expect(beat).toHaveBeenCalledTimes(6);
  first();
  first();
  vi.advanceTimersByTime(20_000);
  expect(beat).toHaveBeenCalledTimes(7);
  second();
  vi.advanceTimersByTime(120_000);
  expect(beat).toHaveBeenCalledTimes(7);

  awake.hold()();
  vi.advanceTimersByTime(120_000);
  expect(beat).toHaveBeenCalledTimes(8);
});

it('goes on when a beat fails', () => {
  const beat = vi.fn(() => Promise.reject(new Error('no')));
  const release = createKeepAwake(beat).hold();
  vi.advanceTimersByTime(40_000);
  expect(beat).toHaveBeenCalledTimes(3);
  release();
});
