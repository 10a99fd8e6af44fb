import type { Provider } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';
import type { Target } from './rules.ts';

function known(id: string): Provider {
  const provider = providers.find((one) => one.id === id);
  if (!provider) throw new Error(`no provider ${id}`);
  return provider;
}

/** A server that speaks OpenAI's protocol with demands of its own, as a custom key may set them. */
function crowd(id: string, flags: Provider['flags']): Provider {
  const custom = known('custom');
  return { ...custom, id, name: id, baseUrl: `https://${id}.example/v1`, flags: { ...custom.flags, ...flags } };
}

/** Everybody of the registry, and one of the crowd for each demand that somebody there is known to make. */
const everybody: readonly Provider[] = [
  ...providers.filter(({ dialect }) => dialect !== 'guide'),
  { ...known('openai'), dialect: 'openai-responses' },
  crowd('mistral', { toolCallIdMax: 9, transcript: { userAfterTools: false } }), // quirks 152, 167
  crowd('perplexity', { transcript: { tools: 'words', merge: true, userFirst: true } }), // quirk 209
  crowd('deepseek', { reasoningReplay: 'reasoning_content', transcript: { merge: true } }), // quirks 180, 182
  crowd('bedrock', { transcript: { callIds: { longest: 64, alphabet: 'alphanumeric' } } }), // quirk 243
];

/** Models whose families or capabilities differ in what they demand. */
const MODELS: { readonly [provider: string]: readonly string[] } = {
  anthropic: ['claude-sonnet-4-20250514', 'claude-opus-4-6'], // continues an answer; refuses to
  google: ['gemini-2.5-flash', 'gemini-3-pro-preview', 'gemma-3-27b-it'],
};

/** Every target that the properties are held against. */
export const targets: readonly Target[] = everybody.flatMap((provider) =>
  (MODELS[provider.id] ?? ['some-model']).flatMap((modelId): Target[] => [
    { provider, modelId, model: undefined },
    { provider, modelId, model: { id: modelId, provider: provider.id, input: ['text', 'image'], source: 'user' } },
    {
      provider,
      modelId,
      model: { id: modelId, provider: provider.id, input: ['text'], parameters: ['temperature'], source: 'user' },
    },
  ]),
);

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
