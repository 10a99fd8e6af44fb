import { describe, expect, it } from 'vitest';
import { wayNames } from './names.ts';
import type { ModelView } from './views.ts';

const view = (provider: string, model: string, keyId: string, name: string, providerName: string): ModelView => ({
  choice: { provider, model, keyId },
  name,
  providerName,
  keyLabel: `key ${keyId}`,
});
const direct = view('anthropic', 'claude-haiku-4-5', 'a', 'Claude Haiku 4.5', 'Anthropic');
const second = view('anthropic', 'claude-haiku-4-5', 'b', 'Claude Haiku 4.5', 'Anthropic');
const routed = view('openrouter', 'anthropic/claude-haiku-4.5', 'r', 'Anthropic: Claude Haiku 4.5', 'OpenRouter');
const other = view('openrouter', 'openai/gpt-5', 'r', 'OpenAI: GPT-5', 'OpenRouter');
const MODELS = [direct, second, routed, other];

const named = (...views: readonly ModelView[]) =>
  wayNames(
    MODELS,
    views.map(({ choice }) => choice),
  );

describe('wayNames', () => {
  it('leaves names that tell models apart as they are', () => {
    expect(named(direct, other)).toEqual(['Claude Haiku 4.5', 'OpenAI: GPT-5']);
    expect(named(routed, other)).toEqual(['Anthropic: Claude Haiku 4.5', 'OpenAI: GPT-5']);
  });

  it('says at which provider where one model is asked at two', () => {
    expect(named(direct, routed, other)).toEqual([
      'Claude Haiku 4.5 at Anthropic',
      'Claude Haiku 4.5 at OpenRouter',
      'OpenAI: GPT-5',
    ]);
  });

  it('says over which key where two of them are one provider’s', () => {
    expect(named(direct, second)).toEqual(['Claude Haiku 4.5 over “key a”', 'Claude Haiku 4.5 over “key b”']);
    expect(named(direct, second, routed)).toEqual([
      'Claude Haiku 4.5 over “key a”',
      'Claude Haiku 4.5 over “key b”',
      'Claude Haiku 4.5 at OpenRouter',
    ]);
  });

  it('does not tell a choice apart from itself, which was asked once more after a wait', () => {
    expect(named(direct, direct)).toEqual(['Claude Haiku 4.5', 'Claude Haiku 4.5']);
  });

  it('makes do with ids where no list says more, as while keys are locked', () => {
    const choices = [direct.choice, routed.choice];
    expect(wayNames([], choices)).toEqual(['claude-haiku-4-5 at anthropic', 'claude-haiku-4.5 at openrouter']);
    // A key that is gone has no name any more.
    expect(wayNames([direct], [direct.choice, second.choice])).toEqual([
      'Claude Haiku 4.5 over “key a”',
      'Claude Haiku 4.5 at Anthropic',
    ]);
  });
});
