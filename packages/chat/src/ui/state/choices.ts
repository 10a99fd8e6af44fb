import type { HostState, KeyView, ModelChoice, ModelView } from '../../contract/index.ts';
import { formatPrice } from '../format/money.ts';
import { compact } from '../format/numbers.ts';
import { strings } from '../strings.ts';

/** The provider id of the built-in guide: it needs no key, and it is no AI model. */
export const GUIDE = 'guide';

/** How a model is remembered as pinned: the same model over another key is the same pin. */
export const pinOf = (choice: ModelChoice): string => `${choice.provider}/${choice.model}`;

/** Identifies one row of the picker. */
export const rowKey = (choice: ModelChoice): string => `${pinOf(choice)}\n${choice.keyId ?? ''}`;

/**
 * Who answers the next message: this message's own choice, else the conversation's, else the last one made anywhere,
 * else the guide, which is always there.
 */
export function effectiveChoice(wanted: {
  readonly override?: ModelChoice | undefined;
  readonly conversation?: ModelChoice | undefined;
  readonly settings?: ModelChoice | undefined;
  readonly models: readonly ModelView[];
}): ModelChoice | undefined {
  return (
    wanted.override ??
    wanted.conversation ??
    wanted.settings ??
    wanted.models.find((model) => model.choice.provider === GUIDE)?.choice
  );
}

/** Why a choice cannot be sent to now; undefined where nothing is known against it. */
export function choiceProblem(
  choice: ModelChoice | undefined,
  host: HostState | undefined,
): 'none' | 'vault-locked' | 'ledger' | 'key-missing' | 'key-locked' | undefined {
  if (host === undefined) return undefined;
  if (choice === undefined) return 'none';
  if (choice.keyId === undefined) return undefined;
  if (host.vault.locked) return 'vault-locked';
  if (host.ledger.state !== 'ready') return 'ledger';
  const key = host.keys.find(({ id }) => id === choice.keyId);
  if (key === undefined) return 'key-missing';
  return key.locked ? 'key-locked' : undefined;
}

export const keyOf = (host: HostState | undefined, choice: ModelChoice | undefined): KeyView | undefined =>
  choice?.keyId === undefined ? undefined : host?.keys.find(({ id }) => id === choice.keyId);

/** `$0.4/$1.6 · 200K ctx`, or `$1/$1 + $0.012 · …` with a fee for each request: what a row of the picker says beside the name; what is unknown says so. */
export function modelFacts(model: ModelView): string {
  if (model.choice.provider === GUIDE) return strings.picker.offline;
  const { inputPerMillion, outputPerMillion, perRequest, contextTokens } = model;
  const unpriced = !model.free && inputPerMillion === undefined && outputPerMillion === undefined;
  if (unpriced && contextTokens === undefined) return strings.picker.bothUnknown;
  const price = model.free
    ? strings.picker.free
    : unpriced
      ? strings.picker.priceUnknown
      : `${priceOrUnknown(inputPerMillion)}/${priceOrUnknown(outputPerMillion)}${perRequest === undefined ? '' : ` + ${formatPrice(perRequest)}`}`;
  const context =
    contextTokens === undefined ? strings.picker.contextUnknown : strings.picker.context(compact(contextTokens));
  return `${price} · ${context}`;
}

const priceOrUnknown = (usd: string | undefined) => (usd === undefined ? '?' : formatPrice(usd));

export interface ModelFilter {
  readonly query: string;
  /** Provider name; absent means all. */
  readonly provider?: string;
  readonly pinned: readonly string[];
}

const haystacks = new WeakMap<ModelView, string>();

function haystack(model: ModelView): string {
  const known = haystacks.get(model);
  if (known !== undefined) return known;
  const text = `${model.name} ${model.choice.model} ${model.providerName} ${model.keyLabel}`.toLowerCase();
  haystacks.set(model, text);
  return text;
}

/**
 * The models that hold every word of the query, best first: pinned ones, then names that begin with the query, then
 * names with a word that does, then the rest, each in the host's order.
 */
export function filterModels(models: readonly ModelView[], filter: ModelFilter): readonly ModelView[] {
  const query = filter.query.trim().toLowerCase();
  const words = query.split(/\s+/).filter(Boolean);
  const pinned = new Set(filter.pinned);
  const ranked = models
    .filter((model) => filter.provider === undefined || model.providerName === filter.provider)
    .filter((model) => words.every((word) => haystack(model).includes(word)))
    .map((model, index) => ({ model, index, rank: rank(model, query, pinned) }));
  return ranked.sort((a, b) => a.rank - b.rank || a.index - b.index).map(({ model }) => model);
}

function rank(model: ModelView, query: string, pinned: ReadonlySet<string>): number {
  const quality = query === '' ? 0 : nameRank(model.name.toLowerCase(), query);
  return (pinned.has(pinOf(model.choice)) ? 0 : 4) + quality;
}

function nameRank(name: string, query: string): number {
  if (name.startsWith(query)) return 0;
  const at = name.indexOf(query);
  return at < 0 ? 2 : /[\s/:·-]/.test(name[at - 1] ?? '') ? 1 : 2;
}

/** Provider names in order of their first model, with how many models each has. */
export function providersOf(
  models: readonly ModelView[],
): readonly { readonly name: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const model of models) counts.set(model.providerName, (counts.get(model.providerName) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count }));
}
