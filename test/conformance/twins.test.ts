import { createFold, type FoldedAnswer } from '@patchbay/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDecoder } from '../../packages/core/src/dialects/all-decoders.ts';
import type { DialectName } from '../../packages/core/src/providers/provider.ts';
import { bytesOf } from './mutations.ts';
import { TWINS } from './twins.ts';

/** How many answers of each protocol; `npm run test:fuzz` makes many more. */
const ANSWERS = Math.max(200, Math.floor(Number(process.env.PATCHBAY_FUZZ ?? 0) / 10));

/** @param read bytes that come at once; 0 for all of them */
function answerOf(dialect: DialectName, body: string, read = 0): FoldedAnswer {
  const decoder = createDecoder(dialect, { provider: 'Acme', model: 'one' });
  const bytes = bytesOf(body);
  const step = read || bytes.length;
  const fold = createFold();
  for (let at = 0; at < bytes.length; at += step) fold.push(decoder.push(bytes.subarray(at, at + step)));
  fold.push(decoder.end());
  return fold.answer();
}

describe('an answer is the same in one piece and streamed, however it is cut', () => {
  test.each(TWINS)(
    '%s',
    (dialect, twins) => {
      fc.assert(
        fc.property(twins, fc.nat(40), ({ whole, stream }, read) => {
          const answer = answerOf(dialect, JSON.stringify(whole));
          expect(answerOf(dialect, stream, read)).toEqual(answer);
          expect(answerOf(dialect, JSON.stringify(whole, null, 2), read)).toEqual(answer);
        }),
        { numRuns: ANSWERS },
      );
    },
    60_000 + 20 * ANSWERS,
  );
});
