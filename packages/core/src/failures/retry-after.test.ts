import { describe, expect, it } from 'vitest';
import { resetTime, retryAfterInWords, retryAfterOfHeaders, retryAfterValue } from './retry-after.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['20', 20_000],
    [' 1.5 ', 1_500],
    ['0', 0],
    ['Fri, 20 Nov 2026 10:00:30 GMT', 30_000],
    ['Fri, 20 Nov 2026 09:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
    ['30s', 30_000],
    ['2 seconds', 2_000],
    ['1m30s', 90_000],
    ['34.4s', 34_400],
    ['500ms', 500],
    ['2h', 7_200_000],
    ['s', undefined],
    ['5s or so', undefined],
    ['8d', undefined],
    ['99999999999', undefined],
  ])('%s', (value, ms) => {
    expect(retryAfterValue(value, NOW)).toBe(ms);
  });

  it('prefers milliseconds, then the standard header, then the reset time (quirk 236)', () => {
    const headers = (entries: Record<string, string>) => retryAfterOfHeaders(new Headers(entries), NOW);
    expect(headers({ 'retry-after-ms': '350', 'retry-after': '1' })).toBe(350);
    expect(headers({ 'Retry-After': '1', 'X-RateLimit-Reset': String(NOW + 60_000) })).toBe(1_000);
    expect(headers({ 'Retry-After': 'later', 'X-RateLimit-Reset': String(NOW + 60_000) })).toBe(60_000);
    expect(headers({ 'retry-after': 'later' })).toBeUndefined();
    expect(headers({})).toBeUndefined();
  });

  it('reads a reset time in whichever unit it must be', () => {
    expect(resetTime(String(NOW + 5_000), NOW)).toBe(5_000);
    expect(resetTime(String(NOW / 1_000 + 5), NOW)).toBe(5_000);
    expect(resetTime('5', NOW)).toBe(5_000);
    expect(resetTime('6m0s', NOW)).toBeUndefined();
  });

  it.each([
    ['Rate limit reached. Please try again in 2.5s. Visit …', 2_500],
    ['Please try again in 1m30s.', 90_000],
    ['Please retry after 20 seconds.', 20_000],
    ['Try again in 350ms', 350],
    ['Please wait for 2 minutes and 5 seconds before you retry', 125_000],
    ['Please retry in 34.4s', 34_400],
    ['Quota resets in 3 hours', 10_800_000],
    ['Try again in 2 months', undefined],
    ['Try again later', undefined],
    ['Limit 3, requested 20 seconds', undefined],
    ['', undefined],
  ])('in words: %s', (text, ms) => {
    expect(retryAfterInWords(text)).toBe(ms);
  });
});
