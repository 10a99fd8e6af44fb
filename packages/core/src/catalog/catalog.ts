import type { Provider } from '../providers/provider.ts';
import { familyOf, providerOf } from '../providers/registry.ts';
import type { Catalog, ListedModel, Model, ModelList, ModelLists } from './model.ts';
import type { Snapshot } from './snapshot.ts';
import { snapshotOrigins } from './snapshot-origins.ts';
import { listedVariant } from './variant.ts';

/** What the user says about a model; each field stands above what anybody else says. */
export type UserModel = Partial<Omit<Model, 'id' | 'provider' | 'source' | 'fetchedAt'>>;

export interface CatalogPorts {
  /** Bundled prices, loaded once and on first need (`loadSnapshot`). */
  readonly snapshot: () => Promise<Snapshot>;
  /** Lists that `refreshModels` fetched. */
  readonly live: Pick<ModelLists, 'read'>;
  readonly user?: (provider: string, model: string) => Promise<UserModel | undefined>;
}

/** Id of the built-in guide's one entry. */
export const GUIDE_MODEL = 'guide';

const guideModel: ListedModel = {
  id: GUIDE_MODEL,
  name: 'Built-in guide',
  input: ['text'],
  output: ['text'],
  price: { input: '0', output: '0', request: '0' },
  free: true,
};

/**
 * The catalogue. Per field, the user's word stands above the live list, and the live list above the snapshot; a price is
 * one field, never mixed from two sources. A complete list (OpenRouter's) stands alone: what it leaves out, an old
 * snapshot does not bring back. A list of ids (OpenAI's) says what there is, and the snapshot what it costs.
 *
 * Lists are read through on every call, so several windows on one store agree.
 */
export function createCatalog(ports: CatalogPorts): Catalog {
  let loading: Promise<Snapshot> | undefined;
  const snapshot = () => {
    loading ??= ports.snapshot().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };

  /** The key's own list; without one (or without a key) the newest of its provider, unless each key has its own server. */
  const listOf = async (provider: string, keyId: string | undefined): Promise<ModelList | undefined> => {
    const lists = await ports.live.read(provider);
    const own = lists.find((list) => list.keyId === keyId);
    if (own) return own;
    const shared = keyId === undefined || (providerOf(provider)?.baseUrl ?? '') !== '';
    return shared ? newest(lists) : undefined;
  };

  const known = async (provider: string, id: string, list: ModelList | undefined): Promise<ListedModel | undefined> => {
    const live = list && lookUp(list, id);
    if (list?.complete) return live;
    const bundled = (await snapshot()).find(pricedAs(provider, list), id);
    return live && bundled ? { ...bundled, ...live, ...aliases(bundled, live) } : (live ?? bundled);
  };

  /** Asked for under another of its names (an alias, a routing suffix), a model answers to that name. */
  const finish = async (
    provider: string,
    listed: ListedModel,
    list: ModelList | undefined,
    asked: { readonly id: string; readonly priceHolds: boolean } = { id: listed.id, priceHolds: true },
  ): Promise<Model> => {
    const user = (await ports.user?.(provider, asked.id)) ?? (await ports.user?.(provider, listed.id));
    const fetched = list && lookUp(list, listed.id) ? list.fetchedAt : undefined;
    const model = withFamily(providerOf(provider), listed);
    const searching = withSearches(providerOf(pricedAs(provider, list)), asked.id, model);
    return {
      ...(asked.priceHolds ? searching : withoutPrice(searching)),
      ...user,
      id: asked.id,
      provider,
      source: user ? 'user' : fetched === undefined ? 'snapshot' : 'live',
      ...(fetched !== undefined && { fetchedAt: fetched }),
    };
  };

  return {
    find: async (provider, model, keyId) => {
      if (provider === 'guide') return model === GUIDE_MODEL ? finish(provider, guideModel, undefined) : undefined;
      const variant = listedVariant(providerOf(provider), model);
      if (!variant) return undefined;
      const list = await listOf(provider, keyId);
      const listed = await known(provider, variant.id, list);
      if (listed) return finish(provider, listed, list, { id: model, priceHolds: variant.priceHolds });
      const user = await ports.user?.(provider, model);
      return user && { ...user, id: model, provider, source: 'user' };
    },

    list: async (provider, keyId) => {
      if (provider === 'guide') return [await finish(provider, guideModel, undefined)];
      const list = await listOf(provider, keyId);
      if (!list) {
        const bundled = providerOf(provider)?.baseUrl === '' ? [] : (await snapshot()).list(provider);
        return Promise.all(bundled.map((model) => finish(provider, model, undefined)));
      }
      return Promise.all(
        list.models.map(async (model) => finish(provider, (await known(provider, model.id, list)) ?? model, list)),
      );
    },
  };
}

/** One list's models by id and by other name, made once for each list object. */
const indexes = new WeakMap<ModelList, ReadonlyMap<string, ListedModel>>();

function lookUp(list: ModelList, id: string): ListedModel | undefined {
  let index = indexes.get(list);
  if (!index) {
    const names = list.models.flatMap((model) => (model.aliases ?? []).map((alias) => [alias, model] as const));
    index = new Map([...names.reverse(), ...list.models.map((model) => [model.id, model] as const)]);
    indexes.set(list, index);
  }
  return index.get(id);
}

function newest(lists: readonly ModelList[]): ModelList | undefined {
  return lists.reduce<ModelList | undefined>(
    (best, list) => (best === undefined || list.fetchedAt > best.fetchedAt ? list : best),
    undefined,
  );
}

/** A custom endpoint at a known address has that provider's prices. */
function pricedAs(provider: string, list: ModelList | undefined): string {
  const origin = list && URL.parse(list.baseUrl)?.origin;
  if (providerOf(provider)?.baseUrl !== '' || origin === undefined) return provider;
  return Object.hasOwn(snapshotOrigins, origin) ? (snapshotOrigins[origin] ?? provider) : provider;
}

function aliases(a: ListedModel, b: ListedModel): Pick<ListedModel, 'aliases'> {
  const all = [...new Set([...(a.aliases ?? []), ...(b.aliases ?? []), a.id])].filter((name) => name !== b.id);
  return all.length > 0 ? { aliases: all } : {};
}

/** What the id gives away, where the list said nothing. */
function withFamily(provider: Provider | undefined, model: ListedModel): ListedModel {
  const family = provider && familyOf(provider, model.id);
  if (!family) return model;
  return {
    ...(family.reasoning && { reasoning: { ...(family.efforts && { efforts: family.efforts }) } }),
    ...(family.chat === false && { chat: false }),
    ...model,
  };
}

/**
 * What a model that searches by itself costs with its search: a fee for each request. Where no price says how much, or
 * nothing says how often, its price is unknown, since no cap could hold.
 */
function withSearches(provider: Provider | undefined, id: string, model: ListedModel): ListedModel {
  const searches = provider && familyOf(provider, id)?.searches;
  const { price } = model;
  if (!searches || !price) return model;
  if (searches === 'unbounded') return withoutPrice(model);
  const request = searches.fee ?? price.request ?? price.webSearch;
  return request === undefined ? withoutPrice(model) : { ...model, price: { ...price, request } };
}

function withoutPrice(model: ListedModel): ListedModel {
  const { price: _, free: __, ...rest } = model;
  return rest;
}
