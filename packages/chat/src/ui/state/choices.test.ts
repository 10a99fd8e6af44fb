import { describe, expect, it } from 'vitest';
import {
  authorOf,
  type HostState,
  isVersionOf,
  type ModelChoice,
  type ModelView,
  modelName,
  shortName,
} from '../../contract/index.ts';
import { GUIDE_MODEL, KEY, MODELS, manyModels } from '../testing/models.ts';
import { choiceProblem, effectiveChoice, filterModels, modelFacts, pinOf, providersOf } from './choices.ts';

const named = (name: string) => MODELS.find((model) => model.name === name) as ModelView;
const sonnet = named('Claude Sonnet 4').choice;
const mini = named('GPT-5 mini').choice;
const flash = named('Gemini 3 Flash').choice;

describe('effectiveChoice', () => {
  it.each<[string, Partial<Record<'override' | 'conversation' | 'settings', ModelChoice>>, ModelChoice]>([
    ['this message', { override: sonnet, conversation: mini, settings: flash }, sonnet],
    ['the conversation', { conversation: mini, settings: flash }, mini],
    ['the last choice made', { settings: flash }, flash],
    ['the guide', {}, GUIDE_MODEL.choice],
  ])('takes the word of %s', (_name, wanted, choice) => {
    expect(effectiveChoice({ ...wanted, models: MODELS })).toEqual(choice);
  });

  it('is nothing where there is no guide either', () => {
    expect(effectiveChoice({ models: [] })).toBeUndefined();
  });
});

describe('choiceProblem', () => {
  const host: HostState = {
    contractVersion: 1,
    vault: { mode: 'device', locked: false },
    ledger: { state: 'ready' },
    keys: [KEY],
    settings: { v: 1, id: 'settings', parameters: {}, theme: 'system', pinned: [], enterSends: true },
  };

  it.each<[string, Partial<HostState>, ModelChoice | undefined, string | undefined]>([
    ['all is well', {}, sonnet, undefined],
    ['nothing is chosen', {}, undefined, 'none'],
    ['the vault is locked', { vault: { mode: 'passphrase', locked: true }, keys: [] }, sonnet, 'vault-locked'],
    ['the ledger is missing', { ledger: { state: 'missing' } }, sonnet, 'ledger'],
    ['the key is gone', { keys: [] }, sonnet, 'key-missing'],
    ['the key overran', { keys: [{ ...KEY, locked: true }] }, sonnet, 'key-locked'],
    ['the guide answers whatever happens', { ledger: { state: 'missing' } }, GUIDE_MODEL.choice, undefined],
  ])('%s', (_name, change, choice, problem) => {
    expect(choiceProblem(choice, { ...host, ...change })).toBe(problem);
  });

  it('is not judged before the host has answered', () => {
    expect(choiceProblem(undefined, undefined)).toBeUndefined();
  });
});

describe('filterModels', () => {
  const names = (query: string, more: { provider?: string; pinned?: string[] } = {}) =>
    filterModels(MODELS, { query, pinned: [], ...more }).map((model) => model.name);

  it('takes every word, in any order, from name, id, provider and key', () => {
    expect(names('sonnet claude')).toEqual(['Claude Sonnet 4']);
    expect(names('openai/gpt')).toEqual(['GPT-5 mini']);
    expect(names('ollama')).toEqual(['qwen3:8b']);
    expect(names('personal gemini')).toEqual(['Gemini 3 Flash']);
    expect(names('nothing like it')).toEqual([]);
  });

  it('puts pinned models first, then names that begin with the query', () => {
    expect(names('', { pinned: [pinOf(flash)] })[0]).toBe('Gemini 3 Flash');
    const vendors = filterModels(manyModels(200), { query: 'model 1', pinned: [] });
    expect(vendors[0]?.name).toBe('Model 1 of Vendor 1');
    expect(vendors.length).toBeGreaterThan(20);
  });

  it('keeps to one provider', () => {
    expect(names('', { provider: 'Ollama' })).toEqual(['qwen3:8b']);
  });
});

it('counts models by provider in the order of the list', () => {
  expect(providersOf(MODELS)).toEqual([
    { name: 'OpenRouter', count: 5 },
    { name: 'Ollama', count: 1 },
    { name: 'Patchbay', count: 1 },
  ]);
});

describe('modelFacts', () => {
  it.each([
    ['GPT-5 mini', '$0.25/$2 · 400K ctx'],
    ['Llama 4 (free)', 'free · 128K ctx'],
    ['Unknown One', 'price and context unknown'],
    ['Built-in guide', 'offline, free'],
  ])('of %s', (name, facts) => {
    expect(modelFacts(named(name))).toBe(facts);
  });

  it('shows what is unknown as unknown, never as nothing', () => {
    const { contextTokens: _, ...unknownContext } = named('GPT-5 mini');
    expect(modelFacts(unknownContext)).toBe('$0.25/$2 · context unknown');
    const { outputPerMillion: __, ...unknownOutput } = named('GPT-5 mini');
    expect(modelFacts(unknownOutput)).toBe('$0.25/? · 400K ctx');
  });

  it('shows what each request costs beside its tokens', () => {
    expect(modelFacts({ ...named('GPT-5 mini'), perRequest: '0.012' })).toBe('$0.25/$2 + $0.012 · 400K ctx');
  });
});

describe('authorOf', () => {
  it('names the model that answered, and the asked one where that is another', () => {
    expect(authorOf(MODELS, { asked: mini, answeredBy: sonnet })).toEqual({
      name: 'Claude Sonnet 4',
      askedName: 'GPT-5 mini',
    });
  });

  it('takes a version for the model itself', () => {
    const answeredBy = { provider: 'openai', model: 'openai/gpt-5-mini-2026-08-07' };
    expect(authorOf(MODELS, { asked: mini, answeredBy })).toEqual({ name: 'GPT-5 mini' });
  });

  it('falls back to the id, and to a word', () => {
    expect(modelName([], { provider: 'x', model: 'vendor/some-model' })).toBe('some-model');
    expect(authorOf([], {})).toEqual({ name: 'Assistant' });
  });

  it.each([
    ['gpt-5-2026-01-01', 'gpt-5', true],
    ['vendor/model', 'vendor/model:free', true],
    ['claude-sonnet-4-20250514', 'anthropic/claude-sonnet-4', true],
    ['model-latest', 'model', true],
    ['gpt-5-mini', 'gpt-5', false],
    ['gpt-5', 'gpt-5-mini', false],
    ['claude-opus-4', 'claude-sonnet-4', false],
  ])('%s answering for %s is the same model: %s', (answered, asked, same) => {
    expect(isVersionOf(answered, asked)).toBe(same);
  });
});

it.each([
  ['Anthropic: Claude Sonnet 4.5', 'Claude Sonnet 4.5'],
  ['Meta: Llama 3: Instruct', 'Llama 3: Instruct'],
  ['qwen3:8b', 'qwen3:8b'],
  ['A name far too long to be a vendor: x', 'A name far too long to be a vendor: x'],
  ['Vendor: ', 'Vendor: '],
])('the short name of %j is %j', (name, short) => {
  expect(shortName(name)).toBe(short);
});
