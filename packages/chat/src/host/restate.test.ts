import type { Failure, MessageRecord } from '@patchbay/core';
import { expect, it } from 'vitest';
import { restate } from './restate.ts';

const base: MessageRecord = {
  v: 1,
  id: 'm',
  conversationId: 'c',
  parentId: 'u',
  createdAt: 1,
  role: 'assistant',
  parts: [],
  status: 'streaming',
};

it('tells of a failed attempt as the gateway did: what it cost, then that it failed', () => {
  const attempt = { number: 1, provider: 'openai', model: 'gpt-5' };
  const failure = { kind: 'network', message: 'It was not reached.' } as Failure;
  const paid = { attempt, failure, cost: { usd: '0.01', source: 'bound' }, reservationId: 'x1' } as const;
  const free = { attempt: { ...attempt, number: 2 }, failure };
  const told = restate({ ...base, hops: [paid] }, { ...base, hops: [paid, free] });
  expect(told).toEqual([{ type: 'attempt-failed', ...free }]);
  expect(restate(base, { ...base, hops: [paid, free] })).toEqual([
    { type: 'cost', usd: '0.01', source: 'bound' },
    { type: 'attempt-failed', attempt, failure },
    { type: 'attempt-failed', ...free },
  ]);
});
