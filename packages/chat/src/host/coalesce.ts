import type { ChatEvent } from '@patchbay/core';

/**
 * Appends events to a list and joins neighbouring deltas of one part: what a panel gets is as many events as it paints,
 * not as many as a provider had tokens.
 */
export function coalesce(list: ChatEvent[], events: readonly ChatEvent[]): void {
  for (const event of events) {
    const last = list.at(-1);
    const joined = last && join(last, event);
    if (joined) list[list.length - 1] = joined;
    else list.push(event);
  }
}

function join(last: ChatEvent, next: ChatEvent): ChatEvent | undefined {
  if (last.type === 'text' && next.type === 'text' && last.part === next.part) {
    return { ...last, text: last.text + next.text };
  }
  if (last.type === 'reasoning' && next.type === 'reasoning' && last.part === next.part) {
    return { ...last, text: last.text + next.text };
  }
  if (last.type === 'tool-call-arguments' && next.type === 'tool-call-arguments' && last.part === next.part) {
    return { ...last, delta: last.delta + next.delta };
  }
  return undefined;
}
