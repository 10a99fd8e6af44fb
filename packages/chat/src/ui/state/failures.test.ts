import { describe, expect, it } from 'vitest';
import type { Failure } from '../../contract/index.ts';
import { refusal } from '../testing/fake-host.ts';
import { remediesFor } from './failures.ts';

const failing = (userAction: Failure['userAction'], more: Partial<Failure> = {}) =>
  refusal('internal', 'It failed.', { userAction, ...more });
const offered = (failure: Failure, keyLocked = false) =>
  remediesFor(failure, 1000, keyLocked).map((remedy) => remedy.do);

describe('remediesFor', () => {
  it.each<[Failure['userAction'], readonly string[]]>([
    ['retry', ['retry']],
    ['wait', ['retry']],
    ['other-model', ['other-model']],
    ['check-key', ['manage-key']],
    ['add-credit', ['manage-key']],
    ['raise-provider-limit', ['manage-key']],
    ['raise-cap', ['manage-key']],
    ['lower-max-tokens', ['settings']],
    ['shorten', ['shorten']],
    ['set-price', ['set-price']],
    ['unlock', ['manage-key']],
    ['confirm-ledger', ['confirm-ledger']],
    ['grant-permission', ['manage-key']],
    ['free-space', ['data']],
    ['reload', ['reload']],
    ['continue', ['continue']],
    ['none', []],
  ])('%s offers %j', (action, expected) => {
    expect(offered(failing(action))).toEqual(expected);
  });

  it('offers the answer that fits before a larger cap', () => {
    expect(offered(failing('raise-cap', { affordableTokens: 412 }))).toEqual(['retry-smaller', 'manage-key']);
    expect(remediesFor(failing('raise-cap', { affordableTokens: 4120 }), 0, false)[0]).toEqual({
      do: 'retry-smaller',
      label: 'Retry with at most 4,120 tokens',
      maxOutputTokens: 4120,
    });
    expect(offered(failing('raise-cap', { affordableTokens: 0 }))).toEqual(['manage-key']);
    expect(offered(failing('raise-cap', { affordableTokens: 10 }))).toEqual(['manage-key', 'retry-smaller']);
  });

  it('accepts an overrun where that is what locks', () => {
    expect(offered(failing('confirm-ledger'), true)).toEqual(['acknowledge-overrun']);
  });

  it.each<[Failure['userAction'], readonly string[]]>([
    ['retry', ['retry', 'other-model']],
    ['raise-cap', ['manage-key', 'other-model']],
    ['other-model', ['other-model']],
  ])('%s offers %j where another model or way may mend it', (action, expected) => {
    expect(offered(failing(action, { fallbackable: true }))).toEqual(expected);
  });

  it('leaves it to another button where part of the answer is there', () => {
    const failure = failing('retry', { fallbackable: true });
    expect(remediesFor(failure, 1000, false, true).map((remedy) => remedy.do)).toEqual(['retry']);
  });

  it('waits as long as the provider asks, counted from the failure', () => {
    expect(remediesFor(failing('wait', { retryAfterMs: 20_000 }), 1000, false)[0]).toMatchObject({ notBefore: 21_000 });
  });
});
