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

  it('quirk 140: is not free because somebody counted nothing', () => {
    for (const settled of [at(0, 0), at(10, 0), at(0, 5)]) {
      expect(settled).toMatchObject({ amount: cut.bound, source: 'bound' });
    }
    const seen = settlementOf({ ...whole, mayThinkUnseen: false, usage: { inputTokens: 0, outputTokens: 0 } });
    expect(seen).toMatchObject({ source: 'estimate' });
    expect(seen.amount).toBeGreaterThan(0n);
    const told = settlementOf({ ...whole, usage: { inputTokens: 0, outputTokens: 0, costUsd: '0' } });
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
