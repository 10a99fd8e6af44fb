import { describe, expect, it } from 'vitest';
import { providerOf } from '../providers/registry.ts';
import { requestBound } from './bound.ts';
import { type SettlementInput, settlementOf } from './settlement.ts';

const anthropic = providerOf('anthropic');
const openrouter = providerOf('openrouter');
if (!anthropic || !openrouter) throw new Error('There are no such providers.');

const PRICE = { input: '0.000003', output: '0.000015', cacheWrite: '0.00000375' };

const cut: SettlementInput = {
  outcome: { kind: 'cut' },
  usage: undefined,
  price: PRICE,
  provider: { ...anthropic, abort: 'stops-billing' },
  upstream: undefined,
  bound: 1_000_000_000n,
  inputTokens: 1_000,
  outputBytes: 100,
  mayThinkUnseen: false,
  at: 0,
  until: 0,
};

describe('an answer that was cut where an abort stops the bill', () => {
  it('counts as the most that its tokens can have cost, whichever way the input was billed', () => {
    const { amount, source } = settlementOf(cut);
    expect({ amount, source }).toEqual({
      amount: requestBound({ inputTokens: 1_000, maxOutputTokens: 100 }, PRICE),
      source: 'estimate',
    });
    // Written to the cache, the input costs a quarter more.
    expect(amount).toBe(3_750_000n + 1_500_000n);
  });

  it('counts in full where it showed what no length tells the price of', () => {
    expect(settlementOf({ ...cut, outputBytes: Number.POSITIVE_INFINITY })).toEqual({
      amount: cut.bound,
      source: 'bound',
    });
  });

  it('never counts as more than was reserved', () => {
    expect(settlementOf({ ...cut, bound: 5n })).toEqual({ amount: 5n, source: 'bound' });
  });
});

describe('an answer with its end', () => {
  const whole: SettlementInput = { ...cut, outcome: { kind: 'finished' }, mayThinkUnseen: true };
  const at = (inputTokens: number, outputTokens: number) =>
    settlementOf({ ...whole, usage: { inputTokens, outputTokens } });

  it('costs what its tokens cost', () => {
    expect(at(10, 5)).toMatchObject({ amount: 105_000n, source: 'price-table', inputTokens: 10, outputTokens: 5 });
    expect(settlementOf({ ...whole, outputBytes: 0, usage: { inputTokens: 10, outputTokens: 0 } })).toMatchObject({
      amount: 30_000n,
      source: 'price-table',
    });
  });

  it('is not free because a server that tells no costs leaves the field at zero', () => {
    const usage = { inputTokens: 10, outputTokens: 5, costUsd: '0' };
    expect(settlementOf({ ...whole, usage })).toMatchObject({ amount: 105_000n, source: 'price-table' });
    expect(settlementOf({ ...whole, usage: { ...usage, costUsd: '0.2' } })).toMatchObject({
      amount: 200_000_000n,
      source: 'provider',
    });
    expect(settlementOf({ ...whole, provider: openrouter, usage })).toMatchObject({ amount: 0n, source: 'provider' });
  });

  it('is not counted by a number that cannot be that of what stands there', () => {
    const counted = (outputBytes: number, outputTokens: number) =>
      settlementOf({ ...whole, mayThinkUnseen: false, outputBytes, usage: { inputTokens: 10, outputTokens } });
    // What a stream begins with, and a server that then says no more.
    expect(counted(4_000, 1)).toMatchObject({ source: 'estimate' });
    expect(counted(4_000, 1).amount).toBeGreaterThan(4_000n * 15_000n - 1n);
    // The longest tokens there are: spaces and dashes.
    expect(counted(4_000, 40)).toMatchObject({ source: 'price-table' });
    expect(counted(200, 1)).toMatchObject({ source: 'price-table' });
    expect(counted(Number.POSITIVE_INFINITY, 1)).toMatchObject({ source: 'price-table' });
  });

  it('costs the dearer of what held when it was sent and when it ended', () => {
    const at = Date.UTC(2026, 7, 19, 0, 59, 50);
    const price = { ...PRICE, tiers: [{ input: '0.000006', output: '0.00003', utcStart: 100, utcEnd: 400 }] };
    const usage = { inputTokens: 10, outputTokens: 5 };
    const over = (until: number) => settlementOf({ ...whole, price, usage, at, until }).amount;
    expect(over(at + 5_000)).toBe(105_000n);
    expect(over(at + 20_000)).toBe(210_000n);
    expect(settlementOf({ ...whole, price, usage, at: at + 3 * 3_600_000, until: at + 4 * 3_600_000 }).amount).toBe(
      210_000n,
    );
  });

  it('quirk 140: is not free because somebody counted nothing', () => {
    for (const settled of [at(0, 0), at(10, 0), at(0, 5)]) {
      expect(settled).toMatchObject({ amount: cut.bound, source: 'bound' });
    }
    const seen = settlementOf({ ...whole, mayThinkUnseen: false, usage: { inputTokens: 0, outputTokens: 0 } });
    expect(seen).toMatchObject({ source: 'estimate' });
    expect(seen.amount).toBeGreaterThan(0n);
    const costUsd = '0';
    const told = settlementOf({ ...whole, provider: openrouter, usage: { inputTokens: 0, outputTokens: 0, costUsd } });
    expect(told).toMatchObject({ amount: 0n, source: 'provider' });
  });
});

describe('an error inside the stream, where errors are free', () => {
  const broken = { ...cut, provider: openrouter, outcome: { kind: 'error-in-stream' } } as const;

  it('costs nothing before anything was written', () => {
    expect(settlementOf({ ...broken, outputBytes: 0 }).amount).toBe(0n);
  });

  it('is not free after an image', () => {
    expect(settlementOf({ ...broken, outputBytes: Number.POSITIVE_INFINITY }).amount).toBe(cut.bound);
  });
});
