import type { TranscriptRules } from '../providers/transcript-rules.ts';

/** Gives every call of a conversation an id that its target takes and that no other call of it has. */
export interface CallIds {
  /** The id for the next call: its own where that will do. Depends on the calls before it alone, so a cached prefix holds. */
  next(callId: string): string;
}

/** Characters of a digest, enough that ids which differ keep differing. */
const DIGEST = 14;

export function createCallIds(form: TranscriptRules['callIds']): CallIds {
  const used = new Set<string>();
  const repeats = new Map<string, number>();
  return {
    next: (callId) => {
      let given = shaped(callId, form);
      while (used.has(given)) {
        // Quirks 77, 105: the same id for several calls.
        const repeat = (repeats.get(callId) ?? 1) + 1;
        repeats.set(callId, repeat);
        given = digested(`${callId}#${repeat}`, form);
      }
      used.add(given);
      return given;
    },
  };
}

function shaped(callId: string, form: TranscriptRules['callIds']): string {
  const { longest, alphabet, exact } = form;
  const lengthFits = exact ? callId.length === longest : callId.length > 0 && callId.length <= longest;
  return lengthFits && !FOREIGN[alphabet].test(callId) ? callId : digested(callId, form);
}

const FOREIGN = { word: /[^a-zA-Z0-9_-]/, alphanumeric: /[^a-zA-Z0-9]/ };

/** Keeps the beginning of an id for whoever reads it, where there is room. */
function digested(callId: string, { longest, alphabet, exact }: TranscriptRules['callIds']): string {
  const length = exact ? longest : Math.min(DIGEST, longest);
  const beginning = alphabet === 'word' && !exact ? callId.slice(0, Math.max(0, longest - length - 1)) : '';
  const readable = beginning.replaceAll(/[^a-zA-Z0-9_-]/g, '_');
  return readable === '' ? digest(callId, length) : `${readable}_${digest(callId, length)}`;
}

/** As many letters and digits as asked, which differ where the text does: rounds of FNV-1a, 32 bits each. */
function digest(text: string, length: number): string {
  let digits = '';
  for (let round = 0; digits.length < length; round++) {
    let hash = 0x811c9dc5 ^ (round * 0x01000193);
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    // The last step spreads what differs in the last characters over all bits.
    hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
    digits += (hash >>> 0).toString(36).padStart(7, '0');
  }
  return digits.slice(0, length);
}
