import type { Provider } from '../providers/provider.ts';
import { providerOf, providers } from '../providers/registry.ts';
import type { Target } from './rules.ts';

/** Models whose families differ in what they demand; any other model of a provider is like any other. */
const MODELS: { readonly [provider: string]: readonly string[] } = {
  anthropic: ['claude-sonnet-4-20250514', 'claude-opus-4-6'], // continues an answer; refuses to
  google: ['gemini-2.5-flash', 'gemini-3-pro-preview', 'gemini-3-pro-image-preview', 'gemma-3-27b-it'],
  openrouter: [
    ...['openai/gpt-5', 'mistralai/mistral-large', 'perplexity/sonar', 'deepseek/deepseek-chat'],
    ...['anthropic/claude-sonnet-4.5', 'anthropic/claude-opus-4.6'],
  ],
  // Continues an answer; thinks first.
  mistral: ['mistral-large-latest', 'magistral-medium-latest'],
  groq: ['llama-3.3-70b-versatile', 'openai/gpt-oss-120b'],
  deepseek: ['deepseek-v4-flash', 'deepseek-reasoner'],
  moonshotai: ['moonshot-v1-8k', 'kimi-k2-thinking'],
  qwen: ['qwen-plus', 'qwen3-coder-plus', 'qwq-plus'],
  vllm: ['meta-llama/Llama-3.3-70B-Instruct', 'openai/gpt-oss-20b', 'mistralai/Mistral-Small-24B-Instruct-2501'],
  llamacpp: ['gemma-3-4b-it', 'DeepSeek-R1-Distill-Qwen-7B'],
};
/** At these, what the catalogue knows of a model is tried out too: it means the same everywhere. */
const KNOWN = new Set(['anthropic', 'google', 'openai', 'mistral', 'perplexity', 'cohere']);

const openai = providerOf('openai') as Provider;
const deepseek = providerOf('deepseek') as Provider;

/** Everybody of the registry who is reached over a network or in the browser, and each dialect that nobody there has. */
const everybody: readonly Provider[] = [
  ...providers.filter(({ dialect }) => dialect !== 'guide'),
  { ...openai, dialect: openai.dialect === 'openai-chat' ? 'openai-responses' : 'openai-chat' },
  { ...deepseek, baseUrl: 'https://api.deepseek.com/beta' },
];

/** Every target that the properties are held against. */
export const targets: readonly Target[] = everybody.flatMap((provider) =>
  (MODELS[provider.id] ?? ['some-model']).flatMap((modelId): Target[] => [
    { provider, modelId, model: undefined },
    ...(KNOWN.has(provider.id) ? known(provider, modelId) : []),
  ]),
);

/** A model that sees, and one that neither sees nor has tools. */
function known(provider: Provider, id: string): Target[] {
  const base = { id, provider: provider.id, source: 'user' } as const;
  return [
    { provider, modelId: id, model: { ...base, input: ['text', 'image'] } },
    { provider, modelId: id, model: { ...base, input: ['text'], parameters: ['temperature'] } },
  ];
}

/** The first of them at this provider, of which nothing is known. */
export function targetOf(provider: string, modelId?: string, dialect?: string): Target {
  const target = targets.find(
    (one) =>
      one.provider.id === provider &&
      one.modelId === (modelId ?? one.modelId) &&
      one.provider.dialect === (dialect ?? one.provider.dialect),
  );
  if (!target) throw new Error(`no target ${provider}`);
  return target;
}
