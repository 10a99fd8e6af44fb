/** Longest tool-call id that OpenAI's chat protocol takes (quirk 54). */
const LONGEST = 40;
/** Where the limit is this tight, the id is made of letters and digits alone (quirk 167: exactly nine of them). */
const TIGHT = 12;

/** Tool-call ids of other protocols brought into the form that this one takes. */
export interface ToolCallIds {
  /** The same id for the same call, so that a result still finds its call. */
  of(callId: string): string;
}

/** @param longest most characters of an id, default 40 */
export function createToolCallIds(longest: number = LONGEST): ToolCallIds {
  return {
    of: (callId) => {
      const clean = callId.replace(/[^\w-]/g, '_');
      if (longest <= TIGHT) {
        return clean.length === longest && /^[a-zA-Z0-9]+$/.test(clean) ? clean : digest(callId).slice(0, longest);
      }
      if (clean === callId && clean.length <= longest && clean !== '') return clean;
      return `${clean.slice(0, longest - 1 - DIGEST)}_${digest(callId)}`;
    },
  };
}

const DIGEST = 14;

/** Fourteen letters and digits that differ where the ids do: two rounds of FNV-1a, 32 bits each. */
function digest(text: string): string {
  return (
    fnv(text, 0x811c9dc5).toString(36).padStart(7, '0') + fnv(`${text}#`, 0x01000193).toString(36).padStart(7, '0')
  );
}

function fnv(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
