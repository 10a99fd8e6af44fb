import type { Provider } from '../providers/provider.ts';

/** Under which id a model is listed, and what its endings say about the list's price. */
export interface Variant {
  readonly id: string;
  /** False: a routing suffix changes the price in a way the list does not tell. */
  readonly priceHolds: boolean;
}

/**
 * Takes routing suffixes off a model id (`:nitro`, `:floor`, …: several may follow one another) and leaves the endings
 * that name a model of its own (`:free`). Undefined for a preset reference, which may stand for any model.
 */
export function listedVariant(provider: Provider | undefined, model: string): Variant | undefined {
  const suffixes = provider?.routingSuffixes;
  if (!suffixes) return { id: model, priceHolds: true };
  if (model.includes('@preset/')) return undefined;
  const [base = model, ...endings] = model.split(':');
  const kept = endings.filter((ending) => !Object.hasOwn(suffixes, `:${ending}`));
  const priceHolds = endings.every((ending) => suffixes[`:${ending}`] !== 'price-unknown');
  return { id: [base, ...kept].join(':'), priceHolds };
}
