import type { Json } from './json.ts';
import type { Message } from './message.ts';

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'max';

/** Which model is to answer, over which key. */
export interface ModelChoice {
  readonly provider: string;
  readonly model: string;
  /** Key id; absent only for providers that need none (the built-in guide). */
  readonly keyId?: string;
}

export interface Tool {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments. */
  readonly parameters: { readonly [key: string]: Json };
}

export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** Knobs that a conversation keeps and a request carries. Absent means: the provider's default. */
export interface ChatParameters {
  readonly maxOutputTokens?: number;
  /** 0 to 2. */
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly reasoningEffort?: ReasoningEffort;
}

export type ResponseFormat =
  | { readonly type: 'json' }
  | {
      readonly type: 'json-schema';
      readonly name: string;
      readonly schema: { readonly [key: string]: Json };
      readonly strict?: boolean;
    };

export interface ChatRequest extends ChatParameters {
  readonly choice: ModelChoice;
  /** Asked in this order if `choice` fails before anything of its answer was seen. */
  readonly fallbacks?: readonly ModelChoice[];
  /** Each model may also be asked over the user's other keys that reach it. Default no: another company would read along. */
  readonly otherRoutes?: boolean;
  /** A fallback may cost more than `choice`, or an unknown amount. Default no. */
  readonly allowDearer?: boolean;
  readonly system?: string;
  readonly messages: readonly Message[];
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly responseFormat?: ResponseFormat;
  /** Stable for one conversation: prompt caching and sticky routing at providers that have it. */
  readonly sessionId?: string;
}
