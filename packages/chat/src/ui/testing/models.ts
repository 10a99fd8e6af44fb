import type { KeyView, ModelView } from '../../contract/index.ts';

const HOUR = 3_600_000;

export const KEY: KeyView = {
  id: 'k1',
  label: 'Personal',
  provider: 'openrouter',
  providerName: 'OpenRouter',
  origin: 'https://openrouter.ai',
  lastFour: 'a91f',
  caps: [
    {
      limitUsd: '5',
      window: 'day',
      spentUsd: '0.4182',
      reservedUsd: '0',
      leftUsd: '4.5818',
      resetsAt: Date.now() + 5 * HOUR,
    },
    {
      limitUsd: '40',
      window: 'month',
      spentUsd: '11.2',
      reservedUsd: '0',
      leftUsd: '28.8',
      resetsAt: Date.now() + 200 * HOUR,
    },
  ],
  todayUsd: '0.4182',
  monthUsd: '11.2',
  totalUsd: '63.07',
  locked: false,
};

const model = (id: string, name: string, more: Partial<ModelView> = {}): ModelView => ({
  choice: { provider: 'openrouter', model: id, keyId: 'k1' },
  name,
  providerName: 'OpenRouter',
  keyLabel: 'Personal',
  ...more,
});

export const GUIDE_MODEL: ModelView = {
  choice: { provider: 'guide', model: 'guide' },
  name: 'Built-in guide',
  providerName: 'Patchbay',
  keyLabel: '',
  free: true,
  note: 'not an AI model',
};

export const MODELS: readonly ModelView[] = [
  model('anthropic/claude-sonnet-4', 'Claude Sonnet 4', {
    ...{ inputPerMillion: '3', outputPerMillion: '15', contextTokens: 200_000, maxOutputTokens: 64_000 },
    ...{ input: ['text', 'image'], reasoning: true, tools: true },
  }),
  model('openai/gpt-5-mini', 'GPT-5 mini', {
    ...{ inputPerMillion: '0.25', outputPerMillion: '2', contextTokens: 400_000, maxOutputTokens: 128_000 },
    ...{ input: ['text', 'image', 'file'], reasoning: true, tools: true },
  }),
  model('google/gemini-3-flash', 'Gemini 3 Flash', {
    ...{ inputPerMillion: '0.4', outputPerMillion: '1.6', contextTokens: 1_048_576, reasoning: true },
  }),
  model('mystery/unknown-1', 'Unknown One'),
  model('meta/llama-4:free', 'Llama 4 (free)', { free: true, contextTokens: 128_000, reasoning: false }),
  {
    ...model('qwen3:8b', 'qwen3:8b', { free: true, contextTokens: 40_960 }),
    ...{ choice: { provider: 'ollama', model: 'qwen3:8b' }, providerName: 'Ollama', keyLabel: '' },
  },
  GUIDE_MODEL,
];

export const manyModels = (count: number): readonly ModelView[] => [
  ...MODELS,
  ...Array.from({ length: count - MODELS.length }, (_, n) =>
    model(`vendor-${n % 23}/model-${n}`, `Model ${n} of Vendor ${n % 23}`, {
      ...(n % 5 !== 0 && { inputPerMillion: `${(n % 40) / 10}`, outputPerMillion: `${(n % 90) / 5}` }),
      ...(n % 7 !== 0 && { contextTokens: 8192 * ((n % 30) + 1) }),
      providerName: ['OpenRouter', 'OpenAI', 'Groq'][n % 3] as string,
    }),
  ),
];
