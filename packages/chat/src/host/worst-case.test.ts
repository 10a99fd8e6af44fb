import { createMemoryConversationStore } from '@patchbay/core';
import { expect, it } from 'vitest';
import { worstCaseFrom } from './worst-case.ts';

it('tells the price per token of what the user said per million, never less', async () => {
  const store = createMemoryConversationStore();
  const worstCase = worstCaseFrom(store);
  expect(await worstCase('p', 'm')).toBeUndefined();
  const base = { v: 1, id: 'settings', parameters: {}, theme: 'system', pinned: [], enterSends: true } as const;
  await store.write([
    {
      put: 'settings',
      record: { ...base, worstCase: { 'p/m': { input: '3', output: '15.5' }, 'p/odd': { input: 'x', output: '1' } } },
    },
  ]);
  expect(await worstCase('p', 'm')).toEqual({ input: '0.000003', output: '0.0000155' });
  expect(await worstCase('p', 'odd')).toBeUndefined();
  expect(await worstCase('p', 'other')).toBeUndefined();
});
