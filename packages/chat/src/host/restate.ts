import type { ChatEvent, MessageRecord, Part } from '@patchbay/core';

/**
 * The events that lead from one state of a streaming answer to a later one, for display: what a window that does not own
 * the run reads from the store. Undefined where the later one does not continue the earlier (another attempt began).
 * Opaque parts of providers are left out, and calls stay open: the final message carries both.
 */
export function restate(before: MessageRecord, after: MessageRecord): readonly ChatEvent[] | undefined {
  const events: ChatEvent[] = [];
  if (after.parts.length < before.parts.length) return undefined;
  // An attempt failed, and its notices went with it.
  if (before.notices?.some(({ message }, index) => after.notices?.[index]?.message !== message)) return undefined;
  if (after.answeredBy && !before.answeredBy) events.push({ type: 'response-start', ...after.answeredBy });
  for (const notice of (after.notices ?? []).slice(before.notices?.length ?? 0))
    events.push({ type: 'notice', ...notice });
  for (const { attempt, failure, cost } of (after.hops ?? []).slice(before.hops?.length ?? 0)) {
    if (cost) events.push({ type: 'cost', ...cost });
    events.push({ type: 'attempt-failed', attempt, failure });
  }
  for (const [index, part] of after.parts.entries()) {
    const more = restatePart(before.parts[index], part, index);
    if (!more) return undefined;
    events.push(...more);
  }
  return events;
}

function restatePart(before: Part | undefined, after: Part, part: number): readonly ChatEvent[] | undefined {
  if (before && before.type !== after.type) return undefined;
  switch (after.type) {
    case 'text':
    case 'reasoning': {
      const text = rest(before?.type === after.type ? before.text : '', after.text);
      if (text === undefined) return undefined;
      // A part begins even before its first word, so that those after it keep their places.
      return text === '' && before ? [] : [{ type: after.type, part, text }];
    }
    case 'tool-call': {
      const delta = rest(before?.type === 'tool-call' ? before.arguments : '', after.arguments);
      if (delta === undefined) return undefined;
      const { callId, name } = after;
      return [
        ...(before ? [] : [{ type: 'tool-call-start' as const, part, callId, name }]),
        ...(delta === '' ? [] : [{ type: 'tool-call-arguments' as const, part, delta }]),
      ];
    }
    case 'image':
    case 'file':
      return before ? [] : [{ type: 'image' as const, part, mediaType: after.mediaType, source: after.source }];
    case 'citation': {
      const { type, url, title, quote } = after;
      return before
        ? []
        : [{ type, part, url, ...(title !== undefined && { title }), ...(quote !== undefined && { quote }) }];
    }
    case 'server-tool': {
      if (before && JSON.stringify(before) === JSON.stringify(after)) return [];
      const { type, callId, name, input, output } = after;
      const more = { ...(input !== undefined && { input }), ...(output !== undefined && { output }) };
      return [{ type, part, callId, name, ...more }];
    }
    default:
      return [];
  }
}

function rest(before: string, after: string): string | undefined {
  return after.startsWith(before) ? after.slice(before.length) : undefined;
}
