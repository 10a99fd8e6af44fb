import type { Json } from '../chat/json.ts';
import type { TranscriptRules } from './transcript-rules.ts';

export type DialectName =
  | 'openai-chat'
  | 'openai-responses'
  | 'anthropic-messages'
  | 'gemini'
  | 'cohere'
  | 'prompt-api'
  | 'guide';

/**
 * Oddities of one provider's wire, as data. Each flag names the quirk it answers to; absent means the dialect's default.
 */
export interface ProviderFlags {
  /** Which field carries the maximum (quirk 149); `by-model`: whichever the catalogue lists for the model. Default `max_completion_tokens`. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens' | 'by-model';
  /**
   * The maximum limits the answer alone, and what is thought comes on top (quirk 256): a family of models names a field
   * that limits both, or takes a budget for its thinking, or is not let think. `slack`: tokens by which limits may be missed.
   */
  readonly thinkingApart?: { readonly slack: number };
  /** False where `stream_options` is refused (quirk 37). Default true. */
  readonly streamOptions?: boolean;
  /** Role of the system prompt (quirk 51). Default `system`. */
  readonly systemRole?: 'system' | 'developer';
  /** Assistant text beside tool calls must be a string, never null (quirk 55). */
  readonly assistantContentNeverNull?: boolean;
  /** Tools must be declared when the history holds tool messages (quirk 57). */
  readonly toolsWithToolHistory?: boolean;
  /** Form of the reasoning knob. */
  readonly reasoning?:
    | 'effort'
    | 'openrouter'
    | 'thinking-type'
    | 'enable-thinking'
    | 'reasoning-enabled'
    | 'template'
    | 'prompt-mode'
    | 'none';
  /** Form of a PDF; `none`: it has no place, and is told in words. Default: OpenAI's `file`. */
  readonly files?: 'document_url' | 'none';
  /** False: knows JSON, but no schema for it; the schema is then told in words. Default true. */
  readonly jsonSchema?: boolean;
  /** False: models decide about tools by themselves (quirk 194). Default true. */
  readonly toolChoice?: boolean;
  /** Field in which a history's reasoning goes back; absent means it is left out. */
  readonly reasoningReplay?: 'reasoning_details' | 'reasoning_content' | 'reasoning';
  /** The price we reserved goes along as a hard limit (`provider.max_price`), since the provider routes by itself. */
  readonly sendsMaxPrice?: boolean;
  /** Reports `usage.cost` (quirk 249). */
  readonly reportsCost?: boolean;
  /** Longest tool-call id taken (quirk 54). */
  readonly toolCallIdMax?: number;
  /** A temperature with reasoning models is refused (quirk 50). */
  readonly reasoningModelsRejectSampling?: boolean;
  /** Thinking without a signature goes back as it came (quirk 88); default: it is left out. */
  readonly unsignedThinking?: boolean;
  /** Its word for a tool that must be used (quirk 172); default `required`. */
  readonly requiredToolWord?: 'any';
  /** Field of the seed (quirk 172), `none` where there is no such field (quirk 198); default `seed`. */
  readonly seedField?: 'random_seed' | 'none';
  /** Tools may not name the dialect of their schema (quirk 254). */
  readonly plainSchemas?: boolean;
  /** Smallest maximum that every endpoint behind it takes, tokens. */
  readonly minOutputTokens?: number;
  /** Most stop strings taken. */
  readonly maxStopStrings?: number;
  /** Field that carries the conversation's id, for prompt caches and sticky routing; absent: it is not sent. */
  readonly sessionField?: 'session_id' | 'prompt_cache_key';
  /** Header that carries the same (quirk 175). */
  readonly sessionHeader?: 'x-affinity';
  /** Models behind it may write their thinking into the answer between tags (quirk 138): the decoder's option. */
  readonly thinkTags?: 'tagged' | 'implicit';
  /** How its models go on with an answer by themselves; absent: they are asked to. A family's word stands above it. */
  readonly prefill?: Prefill;
  /** What it demands of a conversation, where that is not what its dialect demands. */
  readonly transcript?: Partial<TranscriptRules>;
}

/** How an answer that was begun is sent, as the last message, so that a model goes on with it instead of beginning anew. */
export interface Prefill {
  /** Fields that mark the message. */
  readonly message?: { readonly [field: string]: Json };
  /** Fields of the request. */
  readonly request?: { readonly [field: string]: Json };
  /** The answer begins with what was sent, which may be shorter than what is noticed anyway (quirk 171). */
  readonly echoed?: true;
  /** Taken only where the base URL ends so. */
  readonly under?: string;
}

/**
 * What a model's id alone tells about it, for providers whose list holds ids and nothing else. The first family whose
 * pattern matches counts; what no family names stays unknown.
 */
export interface ModelFamily {
  /** Regular expression source, matched against the model id. */
  readonly pattern: string;
  /** False: it never answers in a chat over this dialect (embeddings, speech, other endpoints). */
  readonly chat?: false;
  /** It is asked over another protocol than the provider's usual one, at the same address. */
  readonly dialect?: DialectName;
  readonly reasoning?: boolean;
  /** Request parameters it refuses, by OpenRouter's names. */
  readonly refuses?: readonly string[];
  /** The same, but only while it reasons: with effort `none` it takes them. */
  readonly refusesWhileReasoning?: readonly string[];
  readonly efforts?: readonly string[];
  /** Form of its reasoning knob, where that is not its provider's (quirk 176). */
  readonly knob?: ProviderFlags['reasoning'];
  /** Field of the maximum, where that is not its provider's, and limits its thinking too (quirk 256). */
  readonly maxTokensField?: 'max_completion_tokens';
  /** How it is told to think, where that differs from model to model (quirks 96, 124, 256). */
  readonly thinking?: {
    /**
     * `budget`: in tokens; `adaptive`: how hard, by name; `level`: the same, by Google's names; `unbounded`: as long as it
     * likes, whatever it is told, so nothing bounds what an answer costs, and it is not asked.
     */
    readonly form: 'budget' | 'adaptive' | 'level' | 'unbounded';
    /** It thinks where nobody says anything. */
    readonly default?: 'on';
    /** It cannot be told not to. */
    readonly mandatory?: true;
    /** Smallest and largest budget, tokens. */
    readonly budget?: readonly [number, number];
  };
  /** An answer in the history must begin with a signature, and every picture in it have one (quirk 111). */
  readonly signedAnswers?: true;
  /** Beside tool calls it wants the list of what it thought, even an empty one (quirk 183). */
  readonly thoughtsOnCalls?: true;
  /** How it goes on with an answer; false: not by itself, so it is asked to. */
  readonly prefill?: Prefill | false;
  /** False: it knows no system prompt (quirk 122). */
  readonly system?: false;
  /**
   * It searches the web by itself, which costs beside the tokens. `fee`: USD an answer, where the price lists are wrong
   * about it. `unbounded`: it is charged for each of as many searches as it likes, so nothing bounds what an answer costs.
   */
  readonly searches?: { readonly fee?: string } | 'unbounded';
  /** What these models demand of a conversation, where that is not what their provider demands. */
  readonly transcript?: Partial<TranscriptRules>;
}

/** What a key's own entry may set over its provider's data. */
export interface ProviderOverrides {
  readonly name?: string;
  readonly dialect?: DialectName;
  /** Where the secret goes; never the secret itself. */
  readonly auth?: ProviderAuth;
  /** '' says that the server lists no models. */
  readonly modelsPath?: string;
  readonly abort?: Provider['abort'];
  /** Merged flag by flag. */
  readonly flags?: ProviderFlags;
}

/** How a secret travels. */
export type ProviderAuth = { readonly header: string; readonly scheme?: string } | 'none';

/** A string the pasted key matches, and how sure that makes us. */
export interface KeyShape {
  /** Anchored regular expression source. */
  readonly pattern: string;
  /** True where no other provider's keys look like it. */
  readonly unique: boolean;
  /** Characters of a whole key, where the provider always hands out as many. */
  readonly length?: number;
}

/** One provider: data, no code. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly dialect: DialectName;
  /** Without a trailing slash; '' where the user has to name it. */
  readonly baseUrl: string;
  readonly auth: ProviderAuth;
  /** The key may be left empty (local servers). */
  readonly keyOptional?: boolean;
  /**
   * Runs on the user's own machine or network, where an answer costs nothing: as long as the base URL is there too.
   * `except` matches ids that a distant, metered service answers all the same.
   */
  readonly local?: { readonly except?: string };
  readonly keyShapes: readonly KeyShape[];
  /** Where a person gets a key. */
  readonly keysPage?: string;
  /** The page that lists models, under the base URL or beside it (`pageUrl`); absent where there is none. */
  readonly modelsPath?: string;
  /** Shape of that list. */
  readonly modelsFormat?: 'openrouter' | 'openai' | 'anthropic' | 'google' | 'cohere' | 'github';
  /** A page that answers 200 only to a valid key and costs nothing; as above. */
  readonly checkPath?: string;
  /** Path of its free count of a request's input tokens, `{model}` replaced, asked only before a cap would refuse. */
  readonly countPath?: string;
  /** `open`: readable from a browser without permission. `closed`: a host permission is needed. `unknown`: ask for one. */
  readonly browser: 'open' | 'closed' | 'unknown';
  /** What to tell a user whose browser extension it answers with an empty 403, because of the Origin (quirk 35). */
  readonly originRefused?: string;
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
  /**
   * Endings of a model id that steer the provider's routing and are not in its list: looked up without them.
   * Value: does the ending change the price in a way the list does not tell?
   */
  readonly routingSuffixes?: { readonly [suffix: string]: 'same-price' | 'price-unknown' };
  readonly families?: readonly ModelFamily[];
  /** Shown beside its models, such as "not an AI model". */
  readonly note?: string;
  /** Path of the provider's own record of a finished generation, `{id}` replaced, for repairing a bill. */
  readonly generationPath?: string;
  /** Data-use policy in one sentence, with its source. */
  readonly privacy?: { readonly text: string; readonly source: string };
  readonly flags: ProviderFlags;
  /** Extra body fields sent on every request. */
  readonly body?: { readonly [field: string]: Json };
}
