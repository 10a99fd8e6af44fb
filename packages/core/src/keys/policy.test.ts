import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Policy } from '../spending/ledger.ts';
import { allows, policyFromJson, policyToJson } from './policy.ts';

const policies: fc.Arbitrary<Policy> = fc.record(
  {
    version: fc.nat(),
    caps: fc.array(
      fc.record({ limit: fc.bigInt({ min: 0n }), window: fc.constantFrom('day', 'week', 'month', 'total') }),
    ),
    scope: fc.record(
      { models: fc.array(fc.string()), perRequest: fc.bigInt({ min: 0n }), notAfter: fc.nat() },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['version', 'caps'] },
) as fc.Arbitrary<Policy>;

describe('the sealed policy', () => {
  test('comes back as it went in, through JSON text', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        expect(policyFromJson(JSON.parse(JSON.stringify(policyToJson(policy))))).toEqual(policy);
      }),
    );
  });

  test.each([
    ['nothing', undefined],
    ['a later version', { v: 2, version: 1, caps: [] }],
    ['no caps', { v: 1, version: 1 }],
    ['a cap that is a number', { v: 1, version: 1, caps: [{ limit: 5, window: 'day' }] }],
    ['a negative cap', { v: 1, version: 1, caps: [{ limit: '-5', window: 'day' }] }],
    ['a window nobody knows', { v: 1, version: 1, caps: [{ limit: '5', window: 'year' }] }],
    ['a restriction nobody knows', { v: 1, version: 1, caps: [], scope: { sites: ['a.example'] } }],
    ['an amount with a fraction', { v: 1, version: 1, caps: [{ limit: '5.5', window: 'day' }] }],
    ['a cap with more to it', { v: 1, version: 1, caps: [{ limit: '5', window: 'day', soft: true }] }],
    ['a version that is no count', { v: 1, version: -1, caps: [] }],
    ['models that are no list', { v: 1, version: 1, caps: [], scope: { models: 'a/*' } }],
    ['a model that is no name', { v: 1, version: 1, caps: [], scope: { models: [1] } }],
    ['a price that is a number', { v: 1, version: 1, caps: [], scope: { perRequest: 5 } }],
    ['a date that is a text', { v: 1, version: 1, caps: [], scope: { notAfter: '2027-01-01' } }],
    ['a scope that is a list', { v: 1, version: 1, caps: [], scope: [] }],
    ['a field nobody knows', { v: 1, version: 1, caps: [], paused: true }],
  ])('is refused rather than loosened when it holds %s', (_, value) => {
    expect(policyFromJson(value)).toBeUndefined();
  });
});

describe('allows', () => {
  const at = (scope: NonNullable<Policy['scope']>): Policy => ({ version: 1, caps: [], scope });

  test('is yes without a scope', () => {
    expect(allows({ version: 1, caps: [] }, 'any/model', 0)).toEqual({ ok: true });
    expect(allows(at({}), 'any/model', 0)).toEqual({ ok: true });
  });

  test.each([
    ['openai/*', 'openai/gpt-4o', true],
    ['openai/*', 'openai-other/x', false],
    ['*', 'x', true],
    ['*:free', 'a/b:free', true],
    ['*:free', 'a/b', false],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'ac', false],
    ['a*a', 'a', false],
    ['openai/gpt-4o', 'openai/gpt-4o', true],
    ['openai/gpt-4o', 'openai/gpt-4o:online', false],
    ['openai/gpt.4o', 'openai/gpt-4o', false],
    ['', 'x', false],
  ])('%s on %s: %s', (pattern, model, ok) => {
    expect(allows(at({ models: [pattern] }), model, 0).ok).toBe(ok);
  });

  test('refuses every model when the list is empty', () => {
    expect(allows(at({ models: [] }), 'x', 0)).toEqual({ ok: false, reason: 'may not be used for this model' });
  });

  test('takes many stars in a time that does not explode', () => {
    expect(allows(at({ models: [`${'*a'.repeat(40)}b`] }), 'a'.repeat(5_000), 0).ok).toBe(false);
  });

  test('ends with its date', () => {
    const scoped = at({ notAfter: Date.UTC(2026, 0, 31) });
    expect(allows(scoped, 'x', Date.UTC(2026, 0, 31)).ok).toBe(true);
    expect(allows(scoped, 'x', Date.UTC(2026, 0, 31) + 1)).toEqual({
      ok: false,
      reason: 'may not be used after 2026-01-31',
    });
  });
});
