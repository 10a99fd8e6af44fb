import { createMemoryLedger } from '@patchbay/core';
import { afterEach, describe, expect, it } from 'vitest';
import { closeHosts, createWorld, newKey, startHost, until } from './fakes.testing.ts';
import { leadView } from './ledger-lead.ts';

afterEach(closeHosts);

const DAY = 86_400_000;
const HERE = Date.UTC(2026, 7, 19, 12);
const owner = { id: 'o', leaseMs: 60_000 };

describe('a ledger whose time is ahead of the clock', () => {
  it('is told of with what to do, and set back when the user says so; what was spent since counts', async () => {
    const clock = { now: HERE };
    const ledger = createMemoryLedger({ now: () => clock.now });
    const world = { ...createWorld(), ledger };
    const caps = [{ limit: 1_000_000_000n, window: 'day' }] as const;
    const key = await world.vault.add({ ...newKey, caps });
    const spend = async (id: string, amount: bigint) => {
      const terms = { account: key.fingerprint, policyVersion: key.policy.version, caps, bound: amount };
      const request = { id, ...terms, provider: 'openrouter', model: 'a/b', runId: 'r' };
      expect(await ledger.reserve([request], owner)).toEqual({ ok: true });
      await ledger.markSent(id);
      await ledger.settle(id, { amount, source: 'provider' });
    };
    await spend('before', 100_000_000n);
    clock.now = Date.UTC(2099, 5, 15, 12);
    await spend('then', 200_000_000n);
    clock.now = HERE + 60_000;

    const one = startHost(world, { now: () => clock.now }).panel();
    const { ledger: told, keys } = await one.client.ready;
    expect(told.state).toBe('ready');
    expect(told.ahead?.message).toContain('about 73 years ahead');
    expect(told.ahead?.details).toMatch(
      /said June 15, 2099\. The entry before that is of August 19, 2026\. Now .* August 19/,
    );
    expect(told.ahead?.remedy).toContain('counts as spent now');
    expect(keys[0]?.todayUsd).toBe('0.2');

    await one.client.request('ledger.setTimeBack', {});
    const state = () => {
      const last = one.events.findLast((event) => event.kind === 'state');
      return last?.kind === 'state' ? last.state : undefined;
    };
    await until(() => state()?.ledger.ahead === undefined);
    expect(state()?.ledger).toEqual({ state: 'ready' });
    expect(state()?.keys[0]?.todayUsd).toBe('0.3');
    // A second panel that asks the same does no harm.
    await one.client.request('ledger.setTimeBack', {});
    expect(await ledger.audit()).toEqual([]);
  });

  const nothing = { history: async () => [] };
  it.each([
    [26 * 3_600_000, '26 hours'],
    [3 * DAY + 1, '3 days'],
    [61 * DAY, 'about 2 months'],
    [730 * DAY, 'about 2 years'],
  ])('%i ms are %s', async (by, words) => {
    const { message, details } = await leadView({ by, time: HERE + by, settable: true }, nothing, HERE);
    expect(message).toContain(`is ${words} ahead`);
    // Nothing is known from before.
    expect(details).not.toContain('entry before');
  });

  it.each([
    [0, '1970'],
    [-1, '19'],
    [Number.NEGATIVE_INFINITY, 'no time at all'],
  ])('is not to be set back to a clock that says %d', async (clock, words) => {
    const view = await leadView({ by: HERE - clock, time: HERE, settable: false }, nothing, clock);
    expect(view.remedy).toBeUndefined();
    expect(view.details).toContain(words);
    expect(view.details).toContain('cannot be right: correct it');
  });

  it('says so even where the entries cannot be read', async () => {
    const unreadable = { history: () => Promise.reject(new Error('The disk coughed.')) };
    expect((await leadView({ by: 2 * DAY, time: HERE, settable: true }, unreadable, HERE - 2 * DAY)).message).toContain(
      '48 hours ahead',
    );
  });
});
