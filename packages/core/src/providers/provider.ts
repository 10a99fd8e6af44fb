import type { Json } from '../chat/json.ts';

export type DialectName = 'openai-chat' | 'guide';

/**
 * Oddities of one provider's wire, as data. Each flag names the quirk it answers to; absent means the dialect's default.
 */
export interface ProviderFlags {
  /** Which field carries the maximum (quirk 149); `by-model`: whichever the catalogue lists for the model. Default `max_completion_tokens`. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens' | 'by-model';
  /** False where `stream_options` is refused (quirk 37). Default true. */
  readonly streamOptions?: boolean;
  /** Role of the system prompt (quirk 51). Default `system`. */
  readonly systemRole?: 'system' | 'developer';
  /** Assistant text beside tool calls must be a string, never null (quirk 55). */
  readonly assistantContentNeverNull?: boolean;
  /** Tools must be declared when the history holds tool messages (quirk 57). */
  readonly toolsWithToolHistory?: boolean;
  /** Form of the reasoning knob. */
  readonly reasoning?: 'effort' | 'openrouter' | 'none';
  /** Field in which a history's reasoning goes back; absent means it is left out. */
  readonly reasoningReplay?: 'reasoning_details' | 'reasoning_content';
  /** The price we reserved goes along as a hard limit (`provider.max_price`), since the provider routes by itself. */
  readonly sendsMaxPrice?: boolean;
  /** Reports `usage.cost` (quirk 249). */
  readonly reportsCost?: boolean;
  /** Longest tool-call id taken (quirk 54). */
  readonly toolCallIdMax?: number;
  /** A temperature with reasoning models is refused (quirk 50). */
  readonly reasoningModelsRejectSampling?: boolean;
}

/** What a custom entry may set. */
export interface ProviderOverrides {
  readonly name?: string;
  readonly dialect?: DialectName;
  readonly flags?: ProviderFlags;
}

/** A string the pasted key matches, and how sure that makes us. */
export interface KeyShape {
  /** Anchored regular expression source. */
  readonly pattern: string;
  /** True where no other provider's keys look like it. */
  readonly unique: boolean;
}

/** One provider: data, no code. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly dialect: DialectName;
  /** Without a trailing slash; '' where the user has to name it. */
  readonly baseUrl: string;
  readonly auth:
    | { readonly header: 'authorization'; readonly scheme: 'Bearer' }
    | { readonly header: string; readonly scheme?: string }
    | 'none';
  /** The key may be left empty (local servers). */
  readonly keyOptional?: boolean;
  readonly keyShapes: readonly KeyShape[];
  /** Where a person gets a key. */
  readonly keysPage?: string;
  /** Path under the base URL that lists models; absent where there is none. */
  readonly modelsPath?: string;
  /** Shape of that list. */
  readonly modelsFormat?: 'openrouter' | 'openai';
  /** A path that answers 200 only to a valid key and costs nothing. */
  readonly checkPath?: string;
  /** `open`: readable from a browser without permission. `closed`: a host permission is needed. `unknown`: ask for one. */
  readonly browser: 'open' | 'closed' | 'unknown';
  /** Fixed headers, such as app attribution. */
  readonly headers?: { readonly [name: string]: string };
  /** Does an abort stop the bill? `by-upstream`: a router, it depends on who answers. Unknown is billed in full. */
  readonly abort: 'stops-billing' | 'bills-in-full' | 'by-upstream' | 'unknown';
  /** `by-upstream`: names, as the provider's responses spell them, at which an abort stops the bill. */
  readonly abortStopsAt?: readonly string[];
  /** An error before any output costs nothing, by the provider's own word. */
  readonly errorsAreFree?: boolean;
  /** Response header that names the generation before the body does. */
  readonly responseIdHeader?: string;
  /** Path of the provider's own record of a finished generation, `{id}` replaced, for repairing a bill. */
  readonly generationPath?: string;
  /** Data-use policy in one sentence, with its source. */
  readonly privacy?: { readonly text: string; readonly source: string };
  readonly flags: ProviderFlags;
  /** Extra body fields sent on every request. */
  readonly body?: { readonly [field: string]: Json };
}
