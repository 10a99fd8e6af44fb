import { describe, expect, test } from 'vitest';
import { parseAnthropicModels, parseCohereModels, parseGitHubModels, parseGoogleModels } from './native-model-lists.ts';

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

describe('Cohere’s list', () => {
  test('gives names and windows, and knows what answers in a chat', () => {
    const answer = {
      models: [
        {
          name: 'command-a-03-2025',
          is_deprecated: false,
          endpoints: ['generate', 'chat', 'summarize'],
          finetuned: false,
          context_length: 288_000,
          tokenizer_url: 'https://storage.googleapis.com/cohere-public/tokenizers/command-a-03-2025.json',
          default_endpoints: [],
          features: ['text-generation', 'chat-completions'],
        },
        { name: 'embed-v4.0', endpoints: ['embed', 'classify'], context_length: 128_000 },
        { name: 'mine-ft', endpoints: null, context_length: 'long', features: null },
        { endpoints: ['chat'] },
      ],
      next_page_token: '',
    };
    expect(parseCohereModels(answer)).toEqual({
      models: [
        { id: 'command-a-03-2025', contextTokens: 288_000 },
        { id: 'embed-v4.0', contextTokens: 128_000, chat: false },
        { id: 'mine-ft' },
      ],
      dropped: 1,
    });
    expect(parseCohereModels({ message: 'invalid api token' })).toBeUndefined();
  });
});

describe('the catalogue of GitHub Models', () => {
  test('gives names, limits and modalities', () => {
    const answer = [
      {
        id: 'openai/gpt-4.1',
        name: 'OpenAI GPT-4.1',
        publisher: 'OpenAI',
        registry: 'azure-openai',
        summary: 'gpt-4.1 outperforms gpt-4o across the board',
        html_url: 'https://github.com/marketplace/models/azure-openai/gpt-4-1',
        version: '2025-04-14',
        capabilities: ['streaming', 'tool-calling'],
        limits: { max_input_tokens: 1_048_576, max_output_tokens: 32_768 },
        rate_limit_tier: 'high',
        supported_input_modalities: ['text', 'image', 'audio'],
        supported_output_modalities: ['text'],
        tags: ['multipurpose', 'multilingual', 'multimodal'],
      },
      { id: 'openai/o4-mini', capabilities: ['reasoning'], limits: { max_output_tokens: null } },
      {
        id: 'openai/text-embedding-3-small',
        limits: { max_input_tokens: 8_191 },
        supported_input_modalities: ['text'],
        supported_output_modalities: ['embeddings'],
      },
      { name: 'nameless' },
    ];
    expect(parseGitHubModels(answer)).toEqual({
      models: [
        {
          id: 'openai/gpt-4.1',
          name: 'OpenAI GPT-4.1',
          description: 'gpt-4.1 outperforms gpt-4o across the board',
          contextTokens: 1_048_576,
          maxOutputTokens: 32_768,
          input: ['text', 'image', 'audio'],
          output: ['text'],
        },
        { id: 'openai/o4-mini', reasoning: {} },
        { id: 'openai/text-embedding-3-small', contextTokens: 8_191, input: ['text'], chat: false },
      ],
      dropped: 1,
    });
    expect(parseGitHubModels({ message: 'Bad credentials' })).toBeUndefined();
  });
});
