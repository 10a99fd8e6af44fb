import { describe, expect, it } from 'vitest';
import { handOver } from './hand-over.ts';
import { assistant, play, source, user } from './messages.testing.ts';
import { targetOf } from './targets.testing.ts';

const anthropic = targetOf('anthropic');
const openai = targetOf('openai');

describe('an answer at the end', () => {
  it('is continued by a model that can, without white space at its end (quirk 98)', () => {
    const { messages, continues } = handOver([user('?'), assistant('It is \n', source)], anthropic);
    expect(play(messages)).toEqual([
      ['user', '?', expect.any(String)],
      ['assistant', 'It is'],
    ]);
    expect(continues).toEqual({ text: 'It is', trimmed: ' \n', prefilled: true });
  });

  it('is asked to be continued of a model that cannot, or that is to think first, by its last words', () => {
    const thinking = { ...anthropic, thinks: true };
    for (const target of [openai, targetOf('anthropic', 'claude-opus-4-6'), thinking]) {
      const { messages, continues } = handOver([user('?'), assistant('It is ')], target);
      expect(play(messages)).toEqual([
        ['user', '?'],
        ['assistant', 'It is'],
        ['user', expect.stringContaining('\n\nIt is\n\n')],
      ]);
      expect(continues).toEqual({ text: 'It is', trimmed: ' ', prefilled: false });
    }
  });

  const begun = [user('?'), assistant('It is ')];
  it.each([
    ['mistral', 'mistral-large-latest', { echoed: true }], // quirk 171
    ['groq', 'llama-3.3-70b-versatile', {}],
    ['moonshotai', 'moonshot-v1-8k', {}],
    ['qwen', 'qwen3-coder-plus', {}],
    ['openrouter', 'anthropic/claude-sonnet-4.5', {}],
    ['vllm', undefined, {}],
    ['llamacpp', undefined, {}],
  ])('is continued at %s by %s', (provider, model, more) => {
    const target = targetOf(provider, model);
    const { messages, continues } = handOver(begun, target);
    expect(play(messages)).toEqual([
      ['user', '?'],
      ['assistant', 'It is'],
    ]);
    expect(continues).toEqual({ text: 'It is', trimmed: ' ', prefilled: true, ...more });
    for (const not of [{ thinks: true }, { formed: true }])
      expect(handOver(begun, { ...target, ...not }).continues?.prefilled).toBe(false);
  });

  it.each([
    ['mistral', 'magistral-medium-latest'],
    ['groq', 'openai/gpt-oss-120b'],
    ['moonshotai', 'kimi-k2-thinking'],
    ['qwen', 'qwq-plus'],
    ['openrouter', 'anthropic/claude-opus-4.6'],
    ['openrouter', 'openai/gpt-5'],
    ['deepseek', 'deepseek-v4-flash'],
    ['vllm', 'openai/gpt-oss-20b'],
    ['llamacpp', 'DeepSeek-R1-Distill-Qwen-7B'],
    ['minimax', undefined],
    ['ollama', undefined],
    ['cohere', undefined],
    ['x-ai', undefined],
  ])('is asked to be continued at %s of %s, which thinks first or does not say that it would', (provider, model) => {
    const { messages, continues } = handOver(begun, targetOf(provider, model));
    expect(messages.at(-1)?.role).toBe('user');
    expect(continues).toEqual({ text: 'It is', trimmed: ' ', prefilled: false });
  });

  it('is continued by DeepSeek under the one address that does so', () => {
    const { provider, ...rest } = targetOf('deepseek', 'deepseek-v4-flash');
    const beta = { ...rest, provider: { ...provider, baseUrl: 'https://api.deepseek.com/beta' } };
    expect(handOver(begun, beta).continues?.prefilled).toBe(true);
    expect(handOver(begun, { ...beta, modelId: 'deepseek-reasoner' }).continues?.prefilled).toBe(false);
  });

  it('is asked to be continued where another one stands in front of it: which of them is begun, nobody knows', () => {
    const twice = [user('?'), assistant('It was.'), assistant('It is ')];
    expect(handOver(twice, targetOf('mistral')).continues).toEqual({ text: 'It is', trimmed: ' ', prefilled: false });
    expect(handOver(twice, anthropic).continues?.prefilled).toBe(true);
  });

  it('loses half a character that a cut between two deltas left', () => {
    const { messages, continues } = handOver([user('?'), assistant('Waves \u{1F30A}'.slice(0, -1))], openai);
    expect(play(messages)[1]).toEqual(['assistant', 'Waves']);
    expect(continues).toEqual({ text: 'Waves', trimmed: ' ', prefilled: false });
  });
});
