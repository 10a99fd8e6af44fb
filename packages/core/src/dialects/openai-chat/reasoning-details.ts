import type { Json } from '../../chat/json.ts';
import { isFields } from '../values.ts';

interface Entry {
  readonly part: number;
  readonly fields: Record<string, unknown>;
}

/** Gathers `reasoning_details` (quirk 248), or LiteLLM's `thinking_blocks`, so that they go back as they would have come in one piece. */
export interface ReasoningDetails {
  /**
   * Takes one delta's worth.
   * @param part index of the message part that what is new belongs to
   */
  add(details: readonly unknown[], part: () => number): void;
  /** By part: the merged details, in the order in which they first came. */
  byPart(): ReadonlyMap<number, readonly Json[]>;
}

export function createReasoningDetails(): ReasoningDetails {
  const entries: Entry[] = [];
  let latest: Entry | undefined;

  const sameItem = (entry: Entry, detail: Record<string, unknown>) => {
    const { fields } = entry;
    if (fields.type !== detail.type || fields.index !== detail.index) return false;
    // An encrypted item comes whole: another one is another item, unless it is the very same again.
    if (typeof detail.data === 'string' && typeof fields.data === 'string') return fields.data === detail.data;
    // LiteLLM numbers nothing: behind a signature another thought begins.
    if (fields.signature && detail.thinking) return false;
    // Without an index only the running item can go on.
    if (detail.index === undefined) return entry === latest;
    return !(typeof detail.id === 'string' && typeof fields.id === 'string' && detail.id !== fields.id);
  };

  return {
    add: (details, part) => {
      for (const detail of details) {
        if (!isFields(detail)) continue;
        let entry = latest && sameItem(latest, detail) ? latest : entries.findLast((one) => sameItem(one, detail));
        if (!entry) {
          entry = { part: part(), fields: {} };
          entries.push(entry);
        }
        merge(entry.fields, detail);
        latest = entry;
      }
    },
    byPart: () => {
      const parts = new Map<number, Json[]>();
      for (const { part, fields } of entries) {
        const list = parts.get(part);
        if (list) list.push(fields as Json);
        else parts.set(part, [fields as Json]);
      }
      return parts;
    },
  };
}

/** Text grows, everything else is kept as first said, and nothing gives way to a value. */
function merge(into: Record<string, unknown>, detail: { readonly [key: string]: unknown }): void {
  for (const key in detail) {
    // Quirk 31: assigning to this name would change the object's prototype.
    if (key === '__proto__') continue;
    const value = detail[key];
    const before = into[key];
    if (!before) into[key] = value;
    else if (/^(?:text|summary|thinking)$/.test(key) && typeof before === 'string' && typeof value === 'string') {
      into[key] = before + value;
    }
  }
}
