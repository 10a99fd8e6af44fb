import type { Model } from '../catalog/model.ts';
import type { Provider } from '../providers/provider.ts';
import { familyOf } from '../providers/registry.ts';
import type { TranscriptRules } from '../providers/transcript-rules.ts';

/** Whom a conversation is handed to. */
export interface Target {
  /** Resolved for the key (`resolveProvider`). */
  readonly provider: Provider;
  /** Undefined where the catalogue knows nothing. */
  readonly model: Model | undefined;
  /** As the provider's API names it. */
  readonly modelId: string;
  /** It was asked to think. */
  readonly thinks?: boolean;
  /** Its answer has to have a certain form. */
  readonly formed?: boolean;
}

/** What nearly everybody takes. */
const BASE: TranscriptRules = {
  callIds: { longest: 40, alphabet: 'word' }, // quirk 54
  toolNames: '^[a-zA-Z0-9_-]{1,64}$',
  tools: 'native',
  merge: false,
  userFirst: false,
  userAfterTools: true,
  resultImages: 'beside',
  answerMedia: 'beside',
  serverTools: 'words',
  trailingThinking: 'kept',
  prefill: 'refused',
  system: 'native',
};

/** By dialect's name; one that is not here takes what nearly everybody takes. */
const DIALECTS: { readonly [dialect: string]: Partial<TranscriptRules> } = {
  'openai-responses': {
    callIds: { longest: 64, alphabet: 'word' },
    resultImages: 'inside',
    answerMedia: 'inside',
    serverTools: 'inside',
    trailingThinking: 'dropped', // quirk 69
  },
  'anthropic-messages': {
    callIds: { longest: 64, alphabet: 'word' }, // quirk 98
    toolNames: '^[a-zA-Z0-9_-]{1,128}$',
    merge: true,
    userFirst: true,
    resultImages: 'inside-unless-failed', // quirk 97
    serverTools: 'inside',
    trailingThinking: 'dropped', // "The final block in an assistant message cannot be `thinking`."
  },
  gemini: {
    callIds: { longest: 64, alphabet: 'word' },
    toolNames: '^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$',
    merge: true, // quirk 129
    userFirst: true,
    resultImages: 'beside', // quirk 125
    answerMedia: 'inside',
    serverTools: 'inside',
  },
  cohere: { userFirst: true },
  'prompt-api': { tools: 'words', merge: true, userFirst: true },
  guide: { tools: 'words' },
};

/** An id this short is made of letters and digits alone, and always as long: Mistral's nine (quirk 167). */
const TIGHT = 12;

/** The rules of one target: its dialect's, with the provider's, the model family's and the catalogue's word over them. */
export function rulesOf({ provider, model, modelId, thinks, formed }: Target): TranscriptRules {
  const family = familyOf(provider, modelId);
  const { flags, baseUrl } = provider;
  const begun = family?.prefill ?? flags.prefill;
  const rules: TranscriptRules = {
    ...BASE,
    ...DIALECTS[provider.dialect],
    // "Prefilling is not compatible with extended thinking", nor with JSON outputs: Anthropic and Moonshot say so.
    ...(begun &&
      !thinks &&
      !formed &&
      baseUrl.endsWith(begun.under ?? '') && { prefill: begun.echoed ? ('echoed' as const) : ('taken' as const) }),
    ...(family?.system === false && { system: 'first-question' as const }),
    ...flags.transcript,
    ...family?.transcript,
    ...(model?.parameters && !model.parameters.includes('tools') && { tools: 'words' as const }),
  };
  const longest = flags.toolCallIdMax;
  if (longest === undefined || flags.transcript?.callIds || family?.transcript?.callIds) return rules;
  const callIds: TranscriptRules['callIds'] =
    longest <= TIGHT ? { longest, alphabet: 'alphanumeric', exact: true } : { ...rules.callIds, longest };
  return { ...rules, callIds };
}
