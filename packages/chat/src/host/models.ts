import {
  type Catalog,
  type Failure,
  formatExactUsd,
  type Key,
  type Model,
  parseUsd,
  providerOf,
  resolveProvider,
} from '@patchbay/core';
import type { ModelView } from '../contract/views.ts';
import { toFailure } from './failures.ts';
import type { HostDeps } from './ports.ts';

/** Every model the user's keys reach, key by key, and last the built-in guide, which needs none. */
export async function listModels(
  { catalog, refreshModels }: Pick<HostDeps, 'catalog' | 'refreshModels'>,
  keys: readonly Key[],
  refresh: boolean,
): Promise<{ readonly models: readonly ModelView[]; readonly failures: readonly Failure[] }> {
  const failures: Failure[] = [];
  const ofKey = async (key: Key): Promise<readonly ModelView[]> => {
    try {
      const failure = refresh && refreshModels ? await refreshModels(key) : undefined;
      if (failure) failures.push(failure);
      return await viewsOf(catalog, key.provider, key);
    } catch (error) {
      failures.push(toFailure(error));
      return [];
    }
  };
  const lists = await Promise.all([...keys.map(ofKey), viewsOf(catalog, 'guide')]);
  return { models: lists.flat(), failures };
}

async function viewsOf(catalog: Pick<Catalog, 'list'>, provider: string, key?: Key): Promise<readonly ModelView[]> {
  const models = await catalog.list(provider, key?.id);
  return models.filter((model) => model.chat !== false).map((model) => modelView(model, key));
}

function modelView(model: Model, key: Key | undefined): ModelView {
  const provider = key ? resolveProvider(key) : providerOf(model.provider);
  const input = perMillion(model.price?.input);
  const output = perMillion(model.price?.output);
  const perRequest = model.price?.request === undefined ? undefined : parseUsd(model.price.request);
  const takes = (parameter: string) => model.parameters?.includes(parameter);
  const reasoning = model.reasoning ? true : takes('reasoning');
  const tools = takes('tools');
  return {
    choice: { provider: model.provider, model: model.id, ...(key && { keyId: key.id }) },
    name: model.name ?? model.id,
    providerName: provider?.name ?? model.provider,
    keyLabel: key?.label ?? '',
    ...(model.contextTokens !== undefined && { contextTokens: model.contextTokens }),
    ...(model.maxOutputTokens !== undefined && { maxOutputTokens: model.maxOutputTokens }),
    ...(input !== undefined && { inputPerMillion: input }),
    ...(output !== undefined && { outputPerMillion: output }),
    ...(perRequest !== undefined && perRequest > 0n && { perRequest: formatExactUsd(perRequest) }),
    ...(model.free !== undefined && { free: model.free }),
    ...(model.input && { input: model.input }),
    ...(reasoning !== undefined && { reasoning }),
    ...(tools !== undefined && { tools }),
    ...(model.expires !== undefined && { expires: model.expires }),
    ...(provider?.note !== undefined && { note: provider.note }),
  };
}

/** USD per token to USD per million, exactly; undefined for what is no price. */
function perMillion(perToken: string | undefined): string | undefined {
  const exact = perToken === undefined ? undefined : parseUsd(perToken);
  return exact === undefined ? undefined : formatExactUsd(exact * 1_000_000n);
}
