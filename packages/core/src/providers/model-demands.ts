import type { ModelFamily } from './provider.ts';
import type { TranscriptRules } from './transcript-rules.ts';

/*
 * What models demand of a conversation wherever they are served: routers and hosts pass it on to the same templates.
 */

/**
 * Quirks 152, 167: "Unexpected role 'user' after role 'tool'"; "Tool call id … must be a-z, A-Z, 0-9, with a length of 9".
 */
export const MISTRAL: Partial<TranscriptRules> = {
  callIds: { longest: 9, alphabet: 'alphanumeric', exact: true },
  userAfterTools: false,
};

/** Quirk 209: "user and assistant roles should be alternating", and no tools. */
export const PERPLEXITY: Partial<TranscriptRules> = { tools: 'words', merge: true, userFirst: true };

/** Quirk 182: "does not support successive user or assistant messages". */
export const DEEPSEEK: Partial<TranscriptRules> = { merge: true };

/** Models that people serve themselves, by the names they give them. */
export const SELF_SERVED: readonly ModelFamily[] = [
  { pattern: '[Mm]agistral', reasoning: true, prefill: false, transcript: MISTRAL },
  // They cannot but think first, so no answer can be begun for them.
  {
    pattern: '[Gg][Pp][Tt]-?[Oo][Ss][Ss]|[Tt]hink|[Rr]eason|[Qq][Ww][Qq]|[Mm]ini[Mm]ax|\\b[Rr]1\\b',
    reasoning: true,
    prefill: false,
  },
  // Quirk 229: their templates refuse ids of any other form.
  { pattern: '[Mm]i[sx]tral|[Mm]inistral|[Dd]evstral|[Cc]odestral|[Pp]ixtral', transcript: MISTRAL },
];
