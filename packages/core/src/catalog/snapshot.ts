import { shiftDecimal } from './decimal.ts';
import type { ListedModel, Price, PriceTier } from './model.ts';
import type { SnapshotAmounts, SnapshotData, SnapshotRow } from './snapshot-data.ts';

/** Prices and windows bundled with the product: no capabilities, and what it does not name is unknown. */
export interface Snapshot {
  /** ISO date of its prices. */
  readonly asOf: string;
  find(provider: string, model: string): ListedModel | undefined;
  /** What can still be asked for, in the snapshot's order. */
  list(provider: string): readonly ListedModel[];
}

/** Loads the bundled snapshot, on first use only. */
export async function loadSnapshot(): Promise<Snapshot> {
  const { data } = await import('./generated/snapshot.ts');
  return createSnapshot(data);
}

export function createSnapshot(data: SnapshotData): Snapshot {
  const indexes = new Map<string, ReadonlyMap<string, SnapshotRow>>();
  const rows = (provider: string) => (Object.hasOwn(data.providers, provider) ? (data.providers[provider] ?? []) : []);

  const indexOf = (provider: string) => {
    let index = indexes.get(provider);
    if (!index) {
      const names = rows(provider).flatMap((row) => (row.also ?? []).map((name) => [name, row] as const));
      // Ids stand last: where one model's other name is another's id, the id wins.
      index = new Map([...names.reverse(), ...rows(provider).map((row) => [row.id, row] as const)]);
      indexes.set(provider, index);
    }
    return index;
  };

  return {
    asOf: data.asOf,
    find: (provider, model) => {
      const row =
        indexOf(provider).get(model) ??
        rows(provider).find((one) => one.like?.some((pattern) => new RegExp(pattern).test(model)));
      return row && expand(row);
    },
    list: (provider) =>
      rows(provider)
        .filter((row) => !row.old)
        .map(expand),
  };
}

function expand(row: SnapshotRow): ListedModel {
  const tiers = row.tiers?.map(
    (tier): PriceTier => ({
      ...perUnit(tier),
      ...(tier.above !== undefined && { abovePromptTokens: tier.above }),
      ...(tier.from !== undefined && { utcStart: tier.from }),
      ...(tier.to !== undefined && { utcEnd: tier.to }),
    }),
  );
  return {
    id: row.id,
    ...(row.ctx !== undefined && { contextTokens: row.ctx }),
    price: { ...perUnit(row), ...(tiers && { tiers }) },
    ...(row.also && { aliases: row.also }),
  };
}

const PER_MILLION = 6;
const PER_THOUSAND = 3;

function perUnit(row: SnapshotAmounts): Price {
  return {
    ...(row.in !== undefined && { input: shiftDecimal(row.in, PER_MILLION) }),
    ...(row.out !== undefined && { output: shiftDecimal(row.out, PER_MILLION) }),
    ...(row.read !== undefined && { cacheRead: shiftDecimal(row.read, PER_MILLION) }),
    ...(row.write !== undefined && { cacheWrite: shiftDecimal(row.write, PER_MILLION) }),
    ...(row.think !== undefined && { reasoning: shiftDecimal(row.think, PER_MILLION) }),
    ...(row.picture !== undefined && { imageOutput: shiftDecimal(row.picture, PER_MILLION) }),
    ...(row.web !== undefined && { webSearch: shiftDecimal(row.web, PER_THOUSAND) }),
    ...(row.ask !== undefined && { request: shiftDecimal(row.ask, PER_THOUSAND) }),
  };
}
