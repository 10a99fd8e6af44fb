import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createKeepAwake } from './keep-awake.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('beats at least every 20 s while anything is pending, and never otherwise', async () => {
  const beat = vi.fn(() => Promise.resolve());
  const keepAwake = createKeepAwake(beat);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(beat).not.toHaveBeenCalled();

  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  keepAwake(first.promise);
  keepAwake(second.promise);
  await vi.advanceTimersByTimeAsync(100_000);
  expect(beat).toHaveBeenCalledTimes(6);
  first.resolve();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(beat).toHaveBeenCalledTimes(7);
  second.reject(new Error('a run that failed is over too'));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(beat).toHaveBeenCalledTimes(7);

  keepAwake(Promise.resolve());
  await vi.advanceTimersByTimeAsync(120_000);
  expect(beat).toHaveBeenCalledTimes(8);
});

it('goes on when a beat fails', async () => {
  const beat = vi.fn(() => Promise.reject(new Error('no')));
  createKeepAwake(beat)(new Promise(() => undefined));
  await vi.advanceTimersByTimeAsync(40_000);
  expect(beat).toHaveBeenCalledTimes(3);
});
