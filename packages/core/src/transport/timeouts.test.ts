import { describe, expect, it } from 'vitest';
import { createStreamTimeouts } from './timeouts.ts';

const limits = { headersMs: 10, firstContentMs: 100, contentMs: 50, silenceMs: 20 };

describe('stream timeouts', () => {
  it('watches for the headers first', () => {
    const clocks = createStreamTimeouts(1_000, limits);
    expect(clocks.deadline()).toBe(1_010);
    expect(clocks.expired(1_009)).toBeUndefined();
    expect(clocks.expired(1_010)?.message).toMatch(/^no answer within/);
  });

  it('then for the first content, whatever keep-alives come', () => {
    const clocks = createStreamTimeouts(1_000, limits);
    clocks.headers(1_005);
    clocks.activity(1_090, false);
    expect(clocks.deadline()).toBe(1_100);
    expect(clocks.expired(1_100)?.message).toMatch(/^nothing of the answer within/);
  });

  it('never waits for headers longer than for content', () => {
    expect(createStreamTimeouts(0, { ...limits, headersMs: 1_000 }).deadline()).toBe(100);
  });

  it('quirk 8: then counts bytes and content apart', () => {
    const clocks = createStreamTimeouts(1_000, limits);
    clocks.headers(1_005);
    clocks.activity(1_030, true);
    expect(clocks.deadline()).toBe(1_050);
    expect(clocks.expired(1_050)?.message).toMatch(/^nothing more for/);
    clocks.activity(1_045, false);
    expect(clocks.deadline()).toBe(1_065);
    clocks.activity(1_062, false);
    clocks.activity(1_079, false);
    expect(clocks.deadline()).toBe(1_080);
    expect(clocks.expired(1_080)?.message).toMatch(/^nothing but keep-alives/);
    clocks.activity(1_079, true);
    expect(clocks.expired(1_080)).toBeUndefined();
  });

  it('writes its limits as a person would', () => {
    const clocks = createStreamTimeouts(0, { ...limits, headersMs: 1_000, firstContentMs: 2_000 });
    expect(clocks.expired(5_000)?.message).toBe('no answer within 1 second');
  });
});
