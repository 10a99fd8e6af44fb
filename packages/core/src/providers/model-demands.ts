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

/** By the names under which people serve them: they cannot but think first, so no answer can be begun for them. */
export const THINKERS: ModelFamily = {
  pattern: '[Gg][Pp][Tt]-?[Oo][Ss][Ss]|[Tt]hink|[Rr]eason|[Qq][Ww][Qq]|[Mm]agistral|[Mm]ini[Mm]ax|\\b[Rr]1\\b',
  reasoning: true,
  prefill: false,
};
