import type { Key, NewKey } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { defaultLabel, EMPTY_DRAFT, type KeyWorld, planKey, saveKey, withSecret } from './add-key.ts';

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

  it('puts nothing of a short secret into a label, which is shown and exported', () => {
    const draft = { ...EMPTY_DRAFT, provider: 'custom', address: 'https://corp.example/v1', secret: 'hunter22' };
    expect(defaultLabel(planKey(draft).target!)).toBe('OpenAI-compatible (corp.example)');
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
    const plan = planKey({ ...EMPTY_DRAFT, secret: 'AKIA0123456789ABCDEF' });
    expect(plan.target).toBeUndefined();
    expect(plan.problems.secret).toContain('AWS');
  });

  it('asks the browser only where answers could not be read without it', () => {
    expect(planKey({ ...EMPTY_DRAFT, secret: OPENROUTER }).target?.needsPermission).toBe(false);
    const elsewhere = planKey({ ...EMPTY_DRAFT, secret: OPENROUTER, address: 'http://127.0.0.1:4010/api/v1' });
    expect(elsewhere.target).toMatchObject({ origin: 'http://127.0.0.1:4010', needsPermission: true });
    expect(planKey({ ...EMPTY_DRAFT, provider: 'ollama' }).target?.needsPermission).toBe(true);
  });

  it('keeps the server chosen by hand while a key for it is typed, but not for a key that is plainly another’s', () => {
    const chosen = { ...EMPTY_DRAFT, provider: 'custom', address: 'https://models.example.com/v1' };
    expect(withSecret(chosen, 'secret-of-my-own-server').provider).toBe('custom');
    expect(planKey(withSecret(chosen, 'secret-of-my-own-server')).target?.origin).toBe('https://models.example.com');
    expect(withSecret({ ...EMPTY_DRAFT, provider: 'ollama' }, OPENROUTER).provider).toBeUndefined();
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

it('seals a key with its caps, and tells the panels only then', async () => {
  const calls: unknown[] = [];
  const world: KeyWorld = {
    vault: {
      add: async (entry: NewKey) => {
        calls.push(entry);
        return { id: 'k1', label: entry.label } as Key;
      },
    },
    fetch,
    online: () => true,
    requestOrigin: async () => true,
    announce: () => {
      calls.push('announced');
    },
  };
  const target = planKey({ ...EMPTY_DRAFT, secret: OPENROUTER }).target!;
  const caps = [{ window: 'day' as const, limit: 1_000_000_000n }];
  expect((await saveKey(world, target, '  ', caps)).id).toBe('k1');
  expect(calls).toEqual([
    {
      label: 'OpenRouter …cdef',
      provider: 'openrouter',
      baseUrl: 'https://openrouter.ai/api/v1',
      secret: OPENROUTER,
      caps,
    },
    'announced',
  ]);
});
