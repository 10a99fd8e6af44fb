import type { Key, NewKey } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { defaultLabel, EMPTY_DRAFT, type KeyWorld, planKey, saveKey } from './add-key.ts';

const OPENROUTER = `sk-or-v1-${'0123456789abcdef'.repeat(4)}`;

describe('a draft of a key', () => {
  it('is recognised by its shape, and says where it would go', () => {
    const plan = planKey({ ...EMPTY_DRAFT, secret: `  Bearer ${OPENROUTER} ` });
    expect(plan.problems).toEqual({});
    expect(plan.target).toEqual({
      provider: 'openrouter',
      providerName: 'OpenRouter',
      secret: OPENROUTER,
      baseUrl: 'https://openrouter.ai/api/v1',
      origin: 'https://openrouter.ai',
      needsPermission: false,
    });
    expect(defaultLabel(plan.target!)).toBe('OpenRouter …cdef');
  });

  it('asks whose it is where the shape does not say, and goes nowhere until then', () => {
    const secret = 'sk-0123456789abcdef0123456789abcdef';
    const plan = planKey({ ...EMPTY_DRAFT, secret });
    expect(plan.recognition?.kind).toBe('ambiguous');
    expect(plan.target).toBeUndefined();
    expect(plan.problems.provider).toBeDefined();
    expect(planKey({ ...EMPTY_DRAFT, secret, provider: 'openai' }).target?.origin).toBe('https://api.openai.com');
  });

  it('says so where nobody here can use it', () => {
    const plan = planKey({ ...EMPTY_DRAFT, secret: 'AIzaSyA0123456789abcdefghijklmnopqrstuv' });
    expect(plan.target).toBeUndefined();
    expect(plan.problems.secret).toContain('Google');
  });

  it('asks the browser only where answers could not be read without it', () => {
    expect(planKey({ ...EMPTY_DRAFT, secret: OPENROUTER }).target?.needsPermission).toBe(false);
    const elsewhere = planKey({ ...EMPTY_DRAFT, secret: OPENROUTER, address: 'http://127.0.0.1:4010/api/v1' });
    expect(elsewhere.target).toMatchObject({ origin: 'http://127.0.0.1:4010', needsPermission: true });
    expect(planKey({ ...EMPTY_DRAFT, provider: 'ollama' }).target?.needsPermission).toBe(true);
  });

  it('names the field that is missing or wrong', () => {
    expect(planKey(EMPTY_DRAFT).problems.secret).toBeDefined();
    expect(planKey({ ...EMPTY_DRAFT, provider: 'openai' }).problems.secret).toContain('OpenAI');
    expect(planKey({ ...EMPTY_DRAFT, provider: 'custom' }).problems.address).toBeDefined();
    expect(planKey({ ...EMPTY_DRAFT, secret: OPENROUTER, address: 'ftp://x' }).problems.address).toBeDefined();
    expect(planKey({ ...EMPTY_DRAFT, secret: 'sk-or-v1-abc…def' }).problems.secret).toContain('shortened');
    expect(planKey({ ...EMPTY_DRAFT, provider: 'ollama' }).problems).toEqual({});
  });
});

describe('saving a key', () => {
  const world = (versionInLedger: number) => {
    const calls: string[] = [];
    let key: Key | undefined;
    const it: KeyWorld = {
      vault: {
        add: async (entry: NewKey) => {
          calls.push('add');
          key = {
            id: 'k1',
            label: entry.label,
            provider: entry.provider,
            origin: 'https://openrouter.ai',
            baseUrl: entry.baseUrl,
            lastFour: entry.secret.slice(-4),
            fingerprint: 'f1',
            policy: { version: 1, caps: entry.caps ?? [] },
            createdAt: 0,
          };
          return key;
        },
        setPolicy: async (_id, policy) => {
          calls.push(`policy ${policy.version}`);
          return { ...(key as Key), policy };
        },
      },
      ledger: {
        raisePolicy: async (account, atLeast) => {
          calls.push(account);
          return Math.max(atLeast, versionInLedger);
        },
      },
      fetch,
      online: () => true,
      requestOrigin: async () => true,
      announce: async () => {
        calls.push('announce');
      },
    };
    return { it, calls };
  };
  const target = planKey({ ...EMPTY_DRAFT, secret: OPENROUTER }).target!;
  const caps = [{ window: 'day' as const, limit: 1_000_000_000n }];

  it('seals it with its caps and tells the panels', async () => {
    const { it: to, calls } = world(0);
    expect(await saveKey(to, target, '  ', caps)).toMatchObject({ label: 'OpenRouter …cdef', policy: { caps } });
    expect(calls).toEqual(['add', 'f1', 'announce']);
  });

  it('takes over the policy number of a key that was here before', async () => {
    const { it: to, calls } = world(7);
    const key = await saveKey(to, target, 'Work', caps);
    expect(key.policy).toEqual({ version: 7, caps });
    expect(calls).toEqual(['add', 'f1', 'policy 7', 'announce']);
  });
});
