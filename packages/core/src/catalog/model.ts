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
  /** Output tokens of an image, which can cost many times those of text. */
  readonly imageOutput?: string;
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
  /** The largest window that any endpoint behind it has, where that is known to be larger. */
  readonly maxContextTokens?: number;
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
  /** False: known not to answer in a chat (embeddings, speech, batch variants); left out of pickers. */
  readonly chat?: false;
  /** ISO date of retirement. */
  readonly expires?: string;
  /** Other names for it. */
  readonly aliases?: readonly string[];
  readonly source: 'snapshot' | 'live' | 'user';
  /** ms since epoch. */
  readonly fetchedAt?: number;
}

/** A model as the bundled snapshot or a live list has it, before the catalogue adds whose it is. */
export type ListedModel = Omit<Model, 'provider' | 'source' | 'fetchedAt'>;

/** One `/models` answer, as stored: JSON, versioned. */
export interface ModelList {
  readonly v: 1;
  readonly provider: string;
  /** The key it was asked with; absent for a list that needs none. */
  readonly keyId?: string;
  /** Where it was asked. */
  readonly baseUrl: string;
  /** It names everything there is with prices and capabilities; what it leaves out is unknown or gone. */
  readonly complete: boolean;
  readonly models: readonly ListedModel[];
  /** ms since epoch. */
  readonly fetchedAt: number;
}

/** Where live lists are kept. One list for each provider and key; a write replaces the one before. */
export interface ModelLists {
  /** All lists of a provider. */
  read(provider: string): Promise<readonly ModelList[]>;
  write(list: ModelList): Promise<void>;
}

/** Looks models up; the live list of a key wins over the snapshot, and the user's own word over both. */
export interface Catalog {
  /** Undefined where nothing at all is known; the caller then decides with unknowns. `keyId` picks a custom server's own list. */
  find(provider: string, model: string, keyId?: string): Promise<Model | undefined>;
  list(provider: string, keyId?: string): Promise<readonly Model[]>;
}
