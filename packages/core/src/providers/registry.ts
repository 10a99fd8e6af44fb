import type { Key } from '../keys/key.ts';
import { anthropic } from './anthropic.ts';
import { azure } from './azure.ts';
import { isOwnNetwork } from './base-url.ts';
import { bedrock } from './bedrock.ts';
import { browser } from './browser.ts';
import { cerebras } from './cerebras.ts';
import { cohere } from './cohere.ts';
import { custom } from './custom.ts';
import { deepinfra } from './deepinfra.ts';
import { deepseek } from './deepseek.ts';
import { fireworks } from './fireworks.ts';
import { github } from './github.ts';
import { google } from './google.ts';
import { groq } from './groq.ts';
import { guide } from './guide.ts';
import { huggingface } from './huggingface.ts';
import { hyperbolic } from './hyperbolic.ts';
import { llamacpp } from './llamacpp.ts';
import { lmstudio } from './lmstudio.ts';
import { meta } from './meta.ts';
import { minimax } from './minimax.ts';
import { mistral } from './mistral.ts';
import { moonshot } from './moonshotai.ts';
import { nebius } from './nebius.ts';
import { novita } from './novita.ts';
import { nvidia } from './nvidia.ts';
import { ollama } from './ollama.ts';
import { openai } from './openai.ts';
import { openrouter } from './openrouter.ts';
import { openWebUi } from './openwebui.ts';
import { perplexity } from './perplexity.ts';
import type { ModelFamily, Provider } from './provider.ts';
import { qwen } from './qwen.ts';
import { sambanova } from './sambanova.ts';
import { together } from './together.ts';
import { vercel } from './vercel.ts';
import { vllm } from './vllm.ts';
import { xai } from './x-ai.ts';
import { zai } from './zai.ts';

/** Every provider Patchbay talks to directly, in the order in which a person is offered them. */
export const providers: readonly Provider[] = [
  openrouter,
  openai,
  anthropic,
  google,
  mistral,
  deepseek,
  xai,
  groq,
  together,
  fireworks,
  cerebras,
  perplexity,
  cohere,
  moonshot,
  zai,
  qwen,
  minimax,
  meta,
  nvidia,
  huggingface,
  github,
  azure,
  bedrock,
  vercel,
  deepinfra,
  sambanova,
  novita,
  nebius,
  hyperbolic,
  custom,
  ollama,
  lmstudio,
  llamacpp,
  vllm,
  openWebUi,
  browser,
  guide,
];

const byId: ReadonlyMap<string, Provider> = new Map(providers.map((provider) => [provider.id, provider]));

/** A provider by its id; undefined for one this version does not know. */
export function providerOf(id: string): Provider | undefined {
  return byId.get(id);
}

/**
 * A key's provider with the key's own base URL and overrides laid over it; flags merge one by one. A key of a provider
 * that this version does not know (written by a newer one) is treated as a custom endpoint with its own address.
 */
export function resolveProvider(key: Pick<Key, 'provider' | 'baseUrl' | 'overrides'>): Provider {
  const known = byId.get(key.provider) ?? { ...custom, id: key.provider, name: key.provider };
  const { flags, ...overrides } = key.overrides ?? {};
  const { local, ...rest } = known;
  const baseUrl = key.baseUrl === '' ? known.baseUrl : key.baseUrl;
  return {
    ...rest,
    // Somebody else's machine under a local provider's name is not free of charge.
    ...(local && (baseUrl === '' || isOwnNetwork(baseUrl)) && { local }),
    ...overrides,
    baseUrl,
    flags: { ...known.flags, ...flags },
  };
}

/** The header that carries the secret; none where there is no secret or the provider takes none. */
export function authHeaders(provider: Provider, secret: string): Record<string, string> {
  if (provider.auth === 'none' || secret === '') return {};
  const { header, scheme } = provider.auth;
  return { [header]: scheme === undefined ? secret : `${scheme} ${secret}` };
}

/** What the id alone gives away about a model, by the provider's own families. */
export function familyOf(provider: Provider, model: string): ModelFamily | undefined {
  return provider.families?.find((family) => new RegExp(family.pattern).test(model));
}

/** The provider as this model of it is asked: some models have a protocol of their own. The key's own word stands above it. */
export function providerFor(key: Pick<Key, 'provider' | 'baseUrl' | 'overrides'>, model: string): Provider {
  const provider = resolveProvider(key);
  // Somebody else's server under this name need not know the other protocol.
  const own = key.overrides?.dialect === undefined && provider.baseUrl === byId.get(key.provider)?.baseUrl;
  const dialect = own ? familyOf(provider, model)?.dialect : undefined;
  return dialect === undefined ? provider : { ...provider, dialect };
}

/** True where a model at this (resolved) provider runs on the user's own machine and so costs nothing. */
export function runsLocally(provider: Provider, model: string): boolean {
  if (!provider.local) return false;
  return provider.local.except === undefined || !new RegExp(provider.local.except).test(model);
}

/**
 * Does an abort end the bill? Routers name who answered (`upstream`, as in `response-start`). Only a sure yes is true:
 * what is unknown is billed in full.
 */
export function abortStopsBilling(provider: Provider, upstream?: string): boolean {
  if (provider.abort !== 'by-upstream') return provider.abort === 'stops-billing';
  if (upstream === undefined) return false;
  const plain = plainName(upstream);
  return provider.abortStopsAt?.some((name) => plainName(name) === plain) ?? false;
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
