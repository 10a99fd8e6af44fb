import type { Failure } from './failure.ts';
import type { Json } from './json.ts';
import type { MediaSource, PartType } from './part.ts';
import type { Usage } from './usage.ts';

export type FinishReason =
  | 'stop'
  | 'length'
  | 'tool-calls'
  | 'content-filter'
  /** Cut after visible output: text is kept, "continue with …" is offered. */
  | 'interrupted'
  | 'error';

/**
 * What a decoder says. `part` is the index of the message part that a delta belongs to: it grows by one whenever the
 * model begins another part, so folding needs no guess about where a part ends.
 */
export type DecoderEvent =
  | {
      readonly type: 'response-start';
      readonly responseId?: string;
      readonly model?: string;
      readonly provider?: string;
    }
  | { readonly type: 'text'; readonly part: number; readonly text: string }
  | { readonly type: 'reasoning'; readonly part: number; readonly text: string }
  | { readonly type: 'tool-call-start'; readonly part: number; readonly callId: string; readonly name: string }
  | { readonly type: 'tool-call-arguments'; readonly part: number; readonly delta: string }
  /** `arguments` is the whole JSON text; only from here on may anybody act on the call (quirk 43). */
  | {
      readonly type: 'tool-call-end';
      readonly part: number;
      readonly callId: string;
      readonly name: string;
      readonly arguments: string;
      readonly repaired?: boolean;
    }
  /** A picture, or a sound, a film or a document in its place: `mediaType` tells. All but a picture becomes a file. */
  | { readonly type: 'image'; readonly part: number; readonly mediaType: string; readonly source: MediaSource }
  | {
      readonly type: 'citation';
      readonly part: number;
      readonly url: string;
      readonly title?: string;
      readonly quote?: string;
    }
  | {
      readonly type: 'server-tool';
      readonly part: number;
      readonly callId: string;
      readonly name: string;
      readonly input?: Json;
      readonly output?: Json;
    }
  /** Sets `raw` of the part at `part`; makes an empty part of type `of` where there is none yet. The last one wins. */
  | { readonly type: 'raw-part'; readonly part: number; readonly of: PartType; readonly raw: Json }
  /** Cumulative: each `usage` replaces the one before. */
  | { readonly type: 'usage'; readonly usage: Usage }
  | {
      readonly type: 'finish';
      readonly reason: FinishReason;
      readonly nativeReason?: string;
      readonly failure?: Failure;
    };

/** Where the number of a `cost` event comes from. */
export type CostSource =
  | 'provider' // the provider's own figure
  | 'upstream' // a router's figure plus what the upstream billed directly
  | 'price-table' // tokens times the catalogue's price
  | 'estimate' // our own token count times the catalogue's price
  | 'bound' // unknown, so the whole reservation counts
  | 'free'; // price known to be zero

export type NoticeCode =
  | 'max-tokens-shrunk' // to fit a cap
  | 'parameter-dropped'
  | 'parameter-adapted'
  | 'part-described' // a part the model cannot take was described in text
  | 'reasoning-dropped' // another model's signed thinking was left out
  | 'usage-missing'
  | 'cost-estimated'
  | 'capability-unknown'
  | 'model-retired' // its provider has announced an end, which may have come
  | 'output-repaired'
  | 'cap-warning'
  | 'not-saved' // a store of ours failed while the answer came; it is shown, but not kept
  | 'overrun';

export interface Attempt {
  /** From 1. */
  readonly number: number;
  readonly provider: string;
  readonly model: string;
  readonly keyId?: string;
}

/** What the gateway adds around a decoder's events. */
export type GatewayEvent =
  | { readonly type: 'attempt-start'; readonly attempt: Attempt; readonly maxOutputTokens: number }
  | { readonly type: 'notice'; readonly code: NoticeCode; readonly message: string; readonly field?: string }
  | { readonly type: 'attempt-failed'; readonly attempt: Attempt; readonly failure: Failure }
  | {
      readonly type: 'cost';
      /** USD, decimal string; absent only where nothing was sent. */
      readonly usd: string;
      readonly source: CostSource;
      /** Whose settlement it is, so that a later `Correction` finds it; absent where nothing was reserved. */
      readonly reservationId?: string;
      /** What is left of the tightest cap in force after this, USD; absent without a cap. */
      readonly capLeftUsd?: string;
    };

export type ChatEvent = DecoderEvent | GatewayEvent;
