import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCatalog } from '../catalog/catalog.ts';
import { createMemoryModelLists } from '../catalog/memory-lists.ts';
import type { Catalog, Model } from '../catalog/model.ts';
import { loadSnapshot } from '../catalog/snapshot.ts';
import type { Failure } from '../chat/failure.ts';
import type { ModelChoice } from '../chat/request.ts';
import type { Key } from '../keys/key.ts';
import { again } from './again.ts';
import { createHealth } from './health.ts';
import { type Candidate, type Plan, type PlanPorts, planRequest } from './plan.ts';

const NOW = 1_000_000;

function key(id: string, provider: string, more: Partial<Key> = {}): Key {
  return {
    id,
    label: id,
    provider,
    origin: 'https://a.example',
    baseUrl: '',
    lastFour: '0000',
    fingerprint: id,
    policy: { version: 1, caps: [] },
    createdAt: 1,
    ...more,
  };
}

function model(provider: string, id: string, more: Partial<Model> = {}): Model {
  return { id, provider, source: 'live', price: { input: '0.000003', output: '0.000015' }, ...more };
}

const MODELS = [
  model('openrouter', 'anthropic/claude-sonnet-4.5'),
  model('openrouter', 'openai/gpt-5', { price: { input: '0.000001', output: '0.00001' } }),
  model('openrouter', 'openai/gpt-5:free', { price: { input: '0', output: '0' } }),
  model('anthropic', 'claude-sonnet-4-5-20250929', { aliases: ['claude-sonnet-4-5'] }),
  model('anthropic', 'claude-opus-4-1', { price: { input: '0.000015', output: '0.000075' } }),
  model('openai', 'gpt-5', { price: { input: '0.000001', output: '0.00001' } }),
  model('custom', 'gpt-5', { price: { input: '0', output: '0' } }),
];

const catalog: Catalog = {
  find: async (provider, id) =>
    MODELS.find((one) => one.provider === provider && (one.id === id || one.aliases?.includes(id))),
  list: async (provider) => MODELS.filter((one) => one.provider === provider),
};

const KEYS = [
  key('or', 'openrouter'),
  key('ant', 'anthropic'),
  key('oa', 'openai'),
  key('oa2', 'openai'),
  key('own', 'custom', { baseUrl: 'https://own.example/v1' }),
];

const ports = (more: Partial<PlanPorts> = {}): PlanPorts => ({
  vault: { list: async () => KEYS },
  catalog,
  now: () => NOW,
  ...more,
});

const at = (keyId: string, id: string): ModelChoice => {
  const provider = KEYS.find((one) => one.id === keyId)?.provider ?? '';
  return { provider, model: id, keyId };
};
const SONNET = at('or', 'anthropic/claude-sonnet-4.5');
const GPT = at('oa', 'gpt-5');
const OPUS = at('ant', 'claude-opus-4-1');

/** Who is asked in which order: a candidate by key and model, one that is passed over with the first words of the reason. */
const told = (plan: Plan) =>
  plan.map((step) =>
    'failure' in step ? `(${step.choice.keyId}: ${step.failure.kind})` : `${step.choice.keyId} ${step.modelId}`,
  );

describe('a plan', () => {
  it('lists what was named, in order, each once', async () => {
    const plan = await planRequest({ choice: SONNET, fallbacks: [GPT, SONNET, GPT] }, ports());
    expect(told(plan)).toEqual(['or anthropic/claude-sonnet-4.5', 'oa gpt-5']);
  });

  it('says of each that is passed over why: no key, no permission, dearer, not an AI model', async () => {
    const scoped = KEYS.map((one) =>
      one.id === 'oa' ? { ...one, policy: { version: 1, caps: [], scope: { models: ['gpt-4*'] } } } : one,
    );
    const plan = await planRequest(
      {
        choice: SONNET,
        fallbacks: [{ ...GPT, keyId: 'gone' }, GPT, OPUS, { provider: 'guide', model: 'guide' }, at('oa2', 'gpt-5')],
      },
      ports({ vault: { list: async () => scoped } }),
    );
    expect(told(plan)).toEqual([
      'or anthropic/claude-sonnet-4.5',
      '(gone: auth)',
      '(oa: scope)',
      '(ant: scope)',
      '(undefined: scope)',
      'oa2 gpt-5',
    ]);
    const reasons = plan.flatMap((step) => ('failure' in step ? [step.failure] : []));
    for (const failure of reasons) expect(failure).toMatchObject({ fallbackable: true });
    expect(reasons[2]?.message).toContain('may cost more than anthropic/claude-sonnet-4.5');
  });

  it('takes a dearer model only where the user allowed that, and one of unknown price as dearer', async () => {
    const unknown = at('own', 'nobody-knows');
    const fallbacks = [OPUS, unknown];
    expect(told(await planRequest({ choice: SONNET, fallbacks }, ports()))).toEqual([
      'or anthropic/claude-sonnet-4.5',
      '(ant: scope)',
      '(own: scope)',
    ]);
    expect(told(await planRequest({ choice: SONNET, fallbacks, allowDearer: true }, ports()))).toEqual([
      'or anthropic/claude-sonnet-4.5',
      'ant claude-opus-4-1',
      'own nobody-knows',
    ]);
  });

  it('finds a model dearer by its long-context tier and by its fee for a request', async () => {
    const tiered = [{ abovePromptTokens: 200_000, input: '0.000006', output: '0.00002' }];
    for (const more of [{ tiers: tiered }, { request: '0.01' }]) {
      const dear = model('openai', 'dear', { price: { input: '0.000003', output: '0.000015', ...more } });
      const find: Catalog['find'] = async (provider, id) => (id === 'dear' ? dear : catalog.find(provider, id));
      const plan = await planRequest(
        { choice: SONNET, fallbacks: [at('oa', 'dear')] },
        ports({ catalog: { ...catalog, find } }),
      );
      expect(told(plan)[1]).toBe('(oa: scope)');
    }
  });

  it('reaches a model over its other routes where the user allowed that: other keys first, then other providers', async () => {
    const request = { choice: SONNET, fallbacks: [GPT], otherRoutes: true };
    expect(told(await planRequest(request, ports()))).toEqual([
      'or anthropic/claude-sonnet-4.5',
      'ant claude-sonnet-4-5-20250929',
      'oa gpt-5',
      'oa2 gpt-5',
      'or openai/gpt-5',
    ]);
  });

  it('asks for an answer in one piece where a model is known not to stream', async () => {
    const wholeOnly = { has: async (choice: ModelChoice) => choice.keyId === 'oa' };
    const plan = await planRequest({ choice: SONNET, fallbacks: [GPT] }, ports({ wholeOnly }));
    expect(plan.map((step) => 'whole' in step && step.whole)).toEqual([false, true]);
  });

  it('passes over who asked to wait, until the wait is over, unless there is nobody else', async () => {
    const health = createHealth();
    const [first] = (await planRequest({ choice: SONNET }, ports())) as [Candidate];
    health.failed(first, { retryAfterMs: 5_000 } as Failure, NOW);
    const names = async (fallbacks: readonly ModelChoice[], now = NOW) =>
      told(await planRequest({ choice: SONNET, fallbacks }, ports({ health, now: () => now })));
    expect(await names([GPT])).toEqual(['(or: rate-limit)', 'oa gpt-5']);
    expect(await names([GPT], NOW + 5_000)).toEqual(['or anthropic/claude-sonnet-4.5', 'oa gpt-5']);
    // It was noted by a clock that ran years ahead.
    expect(await names([GPT], NOW - 1e12)).toEqual(['or anthropic/claude-sonnet-4.5', 'oa gpt-5']);
    expect(await names([])).toEqual(['or anthropic/claude-sonnet-4.5']);
    health.succeeded(first);
    expect(await names([GPT])).toEqual(['or anthropic/claude-sonnet-4.5', 'oa gpt-5']);
  });

  it('holds each choice once and never the guide or a dearer model that nobody allowed, whatever was named', async () => {
    const choices = fc.constantFrom(...KEYS.flatMap((one) => MODELS.map(({ id }) => at(one.id, id))), {
      provider: 'guide',
      model: 'guide',
    } as ModelChoice);
    await fc.assert(
      fc.asyncProperty(choices, fc.array(choices), fc.boolean(), fc.boolean(), async (choice, fallbacks, ...flags) => {
        const [allowDearer, otherRoutes] = flags;
        const plan = await planRequest({ choice, fallbacks, allowDearer, otherRoutes }, ports());
        const ids = plan.map((step) => JSON.stringify([step.choice.provider, step.choice.model, step.choice.keyId]));
        expect(new Set(ids).size).toBe(ids.length);
        expect(plan[0]?.choice).toEqual(choice);
        const candidates = plan.filter((step): step is Candidate => !('failure' in step));
        const [first, ...others] = candidates;
        for (const other of others) {
          expect(other.provider.id).not.toBe('guide');
          if (allowDearer || first === undefined) continue;
          const [price, most] = [other.model?.price, first.model?.price];
          expect(Number(price?.input)).toBeLessThanOrEqual(Number(most?.input ?? Number.NaN) || 0);
        }
      }),
    );
  });
});

describe('one model at several places', () => {
  it('is the same in the bundled catalogue', async () => {
    const real = createCatalog({ snapshot: loadSnapshot, live: createMemoryModelLists() });
    const pairs: readonly (readonly [string, string, string])[] = [
      ['anthropic/claude-sonnet-4', 'ant', 'claude-sonnet-4'],
      ['openai/gpt-4.1', 'oa', 'gpt-4.1'],
      ['openai/gpt-4o-mini', 'oa', 'gpt-4o-mini'],
    ];
    for (const [id, keyId, start] of pairs) {
      const plan = await planRequest(
        { choice: at('or', id), otherRoutes: true, allowDearer: true },
        ports({ catalog: real }),
      );
      const direct = plan.find((step) => step.choice.keyId === keyId);
      expect(direct?.choice.model.startsWith(start), `${id}: ${JSON.stringify(plan.map((step) => step.choice))}`).toBe(
        true,
      );
    }
  });
});

describe('the same place once more', () => {
  const candidate = { choice: GPT } as Candidate;
  const failure = (more: Partial<Failure>): Failure => ({
    kind: 'overloaded',
    retryable: true,
    fallbackable: true,
    message: 'm',
    userAction: 'retry',
    ...more,
  });

  it('is asked after a short wait that it named, once', () => {
    const once = again(candidate, failure({ retryAfterMs: 2_000 }));
    expect(once).toEqual({ waitMs: 2_000, candidate: { ...candidate, waited: true } });
    expect(again(once!.candidate, failure({ retryAfterMs: 10 }))).toBeUndefined();
  });

  it.each([
    ['a longer one', failure({ retryAfterMs: 2_001 })],
    ['one that nobody named', failure({})],
    ['what waiting does not mend', failure({ retryable: false, retryAfterMs: 1 })],
  ])('is not asked after %s', (_, failed) => expect(again(candidate, failed)).toBeUndefined());

  it.each([
    "Unsupported value: 'stream' does not support true with this model. Only the default (false) value is supported.",
    'Your organization must be verified to stream this model. Please go to: https://platform.openai.com/settings',
    'This model does not support streaming.',
    'The model is unsupported for streaming',
    'Streaming is not supported for this deployment',
    'stream must be set to false',
  ])('is asked for an answer in one piece where it says “%s”', (detail) => {
    const refused = failure({ kind: 'parameter', retryable: false, detail });
    expect(again(candidate, refused)).toEqual({
      waitMs: 0,
      candidate: { ...candidate, whole: true },
      learned: 'whole',
    });
    expect(again({ ...candidate, whole: true }, refused)).toBeUndefined();
  });

  it.each(['stream_options: Extra inputs are not permitted', 'temperature is not supported', 'The stream ended early'])(
    'is not where it says “%s”',
    (detail) => expect(again(candidate, failure({ kind: 'parameter', retryable: false, detail }))).toBeUndefined(),
  );
});
