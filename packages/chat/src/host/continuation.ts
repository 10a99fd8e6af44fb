import type { ChatEvent, EarlierRecord, MessageRecord, Part } from '@patchbay/core';
import { whatWasSaid } from './history.ts';
import { restate } from './restate.ts';

/** An answer that goes on where another was cut: the words of both as one message. */
export interface Continuation {
  /** What was there before, as events for display. */
  readonly told: readonly ChatEvent[];
  /** The continuation's events, so that all of them fold to one message. */
  renumbered(events: readonly ChatEvent[]): readonly ChatEvent[];
  /** The parts of both. What did not change is the same object each time. */
  joined(parts: readonly Part[]): readonly Part[];
}

/** @param base the message as it was stored at the start, holding what was there before */
export function createContinuation(base: MessageRecord): Continuation {
  const before = base.parts;
  const seam = seamOf(before);
  /** The continuation's part that goes on with the text at the seam; null once it is certain that none does. */
  let next: number | null | undefined;
  let last: { readonly from: Part; readonly to: Part } | undefined;

  const joinedText = (part: Part): Part => {
    const cut = before[seam];
    if (part.type !== 'text' || cut?.type !== 'text') return part;
    if (last?.from === part) return last.to;
    // What either provider wants back byte for byte belongs to words that do not stand alone any more.
    const { raw: _, ...rest } = part;
    last = { from: part, to: { ...rest, text: cut.text + part.text } };
    return last.to;
  };

  const one = (event: ChatEvent): ChatEvent => {
    if (event.type === 'attempt-start') next = undefined;
    if (!('part' in event)) return event;
    if (next === undefined && event.type !== 'reasoning') {
      const isText = event.type === 'text' || (event.type === 'raw-part' && event.of === 'text');
      if (isText) next = event.part;
      else if (event.type !== 'raw-part') next = null;
    }
    return { ...event, part: seam >= 0 && event.part === next ? seam : before.length + event.part };
  };

  return {
    told: restate({ ...base, parts: [] }, base) ?? [],
    renumbered: (events) => (before.length === 0 ? events : events.map(one)),
    joined: (parts) => {
      if (before.length === 0) return parts;
      const first = parts.findIndex((part) => part.type !== 'reasoning');
      const goesOn = parts[first];
      if (seam < 0 || goesOn?.type !== 'text') return [...before, ...parts];
      return [
        ...before.slice(0, seam),
        joinedText(goesOn),
        ...before.slice(seam + 1),
        ...parts.slice(0, first),
        ...parts.slice(first + 1),
      ];
    },
  };
}

/** The text that was cut: nothing but its sources stands behind it; -1 where something else was. */
function seamOf(parts: readonly Part[]): number {
  const at = parts.findLastIndex((part) => part.type !== 'citation');
  return parts[at]?.type === 'text' ? at : -1;
}

/** Of an answer that was cut: what is there to go on from. Undefined where no words are. */
export function continuable(cut: MessageRecord): readonly Part[] | undefined {
  const parts = whatWasSaid(cut).map((part, at, all): Part => {
    // Half of a character, from a cut between two deltas, is none.
    return part.type === 'text' && at === seamOf(all)
      ? { ...part, text: part.text.replace(/[\uD800-\uDBFF]$/, '') }
      : part;
  });
  return parts.some((part) => part.type === 'text' && part.text.trim() !== '') ? parts : undefined;
}

/** Who wrote these words so far, oldest first, and what it cost. */
export function writersOf(cut: MessageRecord): readonly EarlierRecord[] {
  const { id, runId, asked, fallback, answeredBy, usage, cost, earlier = [] } = cut;
  // A continuation of which nothing came and that cost nothing has no part in it.
  if (earlier.length > 0 && !answeredBy && !usage && !cost) return earlier;
  return [
    ...earlier,
    {
      messageId: id,
      ...(runId !== undefined && { runId }),
      ...(asked && { asked }),
      ...(fallback && { fallback }),
      ...(answeredBy && { answeredBy }),
      ...(usage && { usage }),
      ...(cost && { cost }),
    },
  ];
}
