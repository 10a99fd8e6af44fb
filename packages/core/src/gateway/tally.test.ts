import { expect, it } from 'vitest';
import { createTally } from './tally.ts';

it('counts what the model wrote in bytes, and takes an image for more than bytes can tell', () => {
  const tally = createTally();
  tally.note([
    { type: 'text', part: 0, text: 'ä€😀' },
    { type: 'tool-call-start', part: 1, callId: 'call', name: 'look' },
    { type: 'tool-call-arguments', part: 1, delta: '{}' },
  ]);
  expect(tally.bytes()).toBe(2 + 3 + 4 + 4 + 2);
  tally.note([{ type: 'image', part: 2, mediaType: 'image/png', source: { kind: 'base64', data: 'aaaa' } }]);
  expect(tally.bytes()).toBe(Number.POSITIVE_INFINITY);
});
