import { describe, expect, it } from 'vitest';
import type { CapView } from '../../contract/index.ts';
import { refusal } from '../testing/fake-host.ts';
import { KEY } from '../testing/models.ts';
import { assistantMessage } from '../testing/scenarios.ts';
import { conversationCost, gauge, ownCost, tightestCap } from './caps.ts';

const cap = (limitUsd: string, spentUsd: string, reservedUsd: string, leftUsd: string): CapView => ({
  ...{ limitUsd, spentUsd, reservedUsd, leftUsd },
  window: 'day',
});

describe('gauge', () => {
  it.each([
    [cap('5', '1', '0', '4'), 200, 0, 'calm'],
    [cap('5', '3.5', '0.5', '1'), 700, 100, 'near'],
    [cap('5', '5', '0', '0'), 1000, 0, 'full'],
    [cap('5', '7', '1', '0'), 1000, 0, 'full'],
    [cap('0', '0', '0', '0'), 1000, 0, 'full'],
  ])('%j', (view, spent, reserved, level) => {
    expect(gauge(view)).toMatchObject({ spent, reserved, level });
  });
});

describe('tightestCap', () => {
  it('is the one with the least money left, not the smallest share', () => {
    const day = cap('5', '1', '0', '4');
    const month = { ...cap('100', '96.5', '0', '3.5'), window: 'month' as const };
    expect(tightestCap({ ...KEY, caps: [day, month] })?.cap).toBe(month);
  });

  it('is none without caps or key', () => {
    expect(tightestCap({ ...KEY, caps: [] })).toBeUndefined();
    expect(tightestCap(undefined)).toBeUndefined();
  });
});

it('tells what the attempt that answered cost by itself', () => {
  const sum = { usd: '0.0125', source: 'provider' } as const;
  const hop = {
    attempt: { number: 1, provider: 'openai', model: 'gpt-5' },
    failure: refusal('network', 'It was not reached.'),
  };
  const paid = { ...hop, cost: { usd: '0.01', source: 'bound' } } as const;
  expect(ownCost({ cost: sum, hops: [hop, paid] })).toEqual({ usd: '0.002500000000', source: 'provider' });
  expect(ownCost({ cost: sum, hops: [paid, paid] })?.usd).toBe('0.000000000000');
  // As every record had it once.
  expect(ownCost({ cost: sum, hops: [hop] })).toBe(sum);
  expect(ownCost({ hops: [hop] })).toBeUndefined();
});

it('adds up what a conversation cost, on every branch', () => {
  const messages = ['0.1', '0.2'].map((usd, n) =>
    assistantMessage('c', `a${n}`, 'u', 'text', n, { cost: { usd, source: 'provider' } }),
  );
  const { cost: _, ...free } = assistantMessage('c', 'x', 'u', '', 3);
  expect(conversationCost([...messages, free])).toEqual({ usd: '0.300000000000', answers: 2 });
});
