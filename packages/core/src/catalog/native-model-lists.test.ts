import { describe, expect, test } from 'vitest';
import { parseAnthropicModels, parseGoogleModels } from './native-model-lists.ts';

describe('Anthropic’s list', () => {
  test('gives ids, names and limits, and drops what is no model', () => {
    const answer = {
      data: [
        {
          type: 'model',
          id: 'claude-opus-4-8',
          display_name: 'Claude Opus 4.8',
          max_input_tokens: 1_000_000,
          max_tokens: 128_000,
        },
        { type: 'model', id: 'claude-haiku-4-5', display_name: '', max_tokens: 'many' },
        { type: 'model' },
      ],
      has_more: false,
    };
    expect(parseAnthropicModels(answer)).toEqual({
      models: [
        {
          id: 'claude-opus-4-8',
          name: 'Claude Opus 4.8',
          contextTokens: 1_000_000,
          maxOutputTokens: 128_000,
          input: ['text', 'image', 'file'],
          output: ['text'],
        },
        { id: 'claude-haiku-4-5', input: ['text', 'image', 'file'], output: ['text'] },
      ],
      dropped: 1,
    });
    expect(parseAnthropicModels({ error: 'no' })).toBeUndefined();
  });
});

describe('Google’s list', () => {
  test('takes the prefix off, and knows what answers in a chat', () => {
    const answer = {
      models: [
        {
          name: 'models/gemini-3-pro-preview',
          displayName: 'Gemini 3 Pro',
          inputTokenLimit: 1_048_576,
          outputTokenLimit: 65_536,
          supportedGenerationMethods: ['generateContent', 'countTokens'],
          thinking: true,
        },
        { name: 'models/gemini-embedding-001', supportedGenerationMethods: ['embedContent'] },
        { displayName: 'nameless' },
      ],
    };
    expect(parseGoogleModels(answer)).toEqual({
      models: [
        {
          id: 'gemini-3-pro-preview',
          name: 'Gemini 3 Pro',
          contextTokens: 1_048_576,
          maxOutputTokens: 65_536,
          reasoning: {},
        },
        { id: 'gemini-embedding-001', chat: false },
      ],
      dropped: 1,
    });
  });
});
