export type Modality = 'text' | 'image' | 'file' | 'audio' | 'video';

/**
 * USD per unit as decimal strings, exactly as published; a missing field is unknown, "0" is free.
 * Tokens are priced per single token.
 */
export interface Price {
  readonly input?: string;
  readonly output?: string;
  readonly cacheRead?: string;
  readonly cacheWrite?: string;
  readonly cacheWrite1h?: string;
  /** Reasoning tokens where they cost other than output. */
  readonly reasoning?: string;
  /** Per request. */
  readonly request?: string;
  /** Per input image; unit unknown at some providers, then absent. */
  readonly image?: string;
  /** Per web search. */
  readonly webSearch?: string;
  /** Dearer (or cheaper) terms under a condition; later entries win per field, missing fields inherit. */
  readonly tiers?: readonly PriceTier[];
}

export interface PriceTier extends Omit<Price, 'tiers'> {
  /** Applies above this many prompt tokens, strictly. */
  readonly abovePromptTokens?: number;
  /** Daily UTC window [start, end) as HHMM numbers; may wrap midnight. */
  readonly utcStart?: number;
  readonly utcEnd?: number;
}

/** One model at one provider. What is unknown is absent: never zero, never "no". */
export interface Model {
  readonly id: string;
  readonly provider: string;
  readonly name?: string;
  readonly description?: string;
  /** The smallest window known for it, tokens. */
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  readonly input?: readonly Modality[];
  readonly output?: readonly Modality[];
  /** Request parameters it takes, by OpenRouter's names (`temperature`, `tools`, `reasoning`, …). */
  readonly parameters?: readonly string[];
  readonly reasoning?: {
    readonly mandatory?: boolean;
    readonly efforts?: readonly string[];
    readonly defaultEnabled?: boolean;
  };
  readonly price?: Price;
  /** Known to cost nothing: price zero, or a `:free` variant. */
  readonly free?: boolean;
  /** ISO date of retirement. */
  readonly expires?: string;
  /** Other names for it. */
  readonly aliases?: readonly string[];
  readonly source: 'snapshot' | 'live' | 'user';
  /** ms since epoch. */
  readonly fetchedAt?: number;
}

/** Looks models up; the live list of a key wins over the snapshot, and the user's own word over both. */
export interface Catalog {
  /** Undefined where nothing at all is known; the caller then decides with unknowns. `keyId` picks a custom server's own list. */
  find(provider: string, model: string, keyId?: string): Promise<Model | undefined>;
  list(provider: string, keyId?: string): Promise<readonly Model[]>;
}
