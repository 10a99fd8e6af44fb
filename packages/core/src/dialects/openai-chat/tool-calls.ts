import type { DecoderEvent } from '../../chat/event.ts';
import type { Json } from '../../chat/json.ts';
import { type CallCounts, endOfCall, objectIn } from '../tool-call.ts';
import { countOf, isFields, said } from '../values.ts';

interface Call {
  readonly part: number;
  readonly order: number;
  id: string;
  name: string;
  /** Grows by concatenation and is looked at once, at the end, so that a long call costs time linear in its length. */
  text: string;
  started: boolean;
  extra: Json | undefined;
}

/** How the calls of one answer ended. */
export interface SettledCalls extends CallCounts {
  /** For each call that is whole its `tool-call-end`, and before it what its provider wants back. */
  readonly events: readonly DecoderEvent[];
}

/** Puts streamed tool calls together, whatever a provider does with ids, indices and names (quirks 40–46, 130–135). */
export interface ToolCalls {
  /** One entry of `delta.tool_calls`. */
  add(entry: unknown): void;
  /** What the calls came to, for when the provider has said that it is done (quirk 43). */
  settle(): SettledCalls;
}

/**
 * @param emit where events go
 * @param newPart claims the next part of the message
 * @param fallbackId makes an id for the call of this order, where the provider gives none (quirk 131)
 */
export function createToolCalls(
  emit: (event: DecoderEvent) => void,
  newPart: () => number,
  fallbackId: (order: number) => string,
): ToolCalls {
  const calls: Call[] = [];
  const byId = new Map<string, Call>();
  const byIndex = new Map<number, Call>();
  let latest: Call | undefined;

  const begin = (id: string, index: number | undefined): Call => {
    const call: Call = {
      part: newPart(),
      order: calls.length,
      id,
      name: '',
      text: '',
      started: false,
      extra: undefined,
    };
    calls.push(call);
    if (id !== '') byId.set(id, call);
    if (index !== undefined) byIndex.set(index, call);
    return call;
  };

  /** Quirk 130: the id if it was seen, else the index, else the latest call; another id is another call. */
  const callFor = (id: string, index: number | undefined, name: string, hasArguments: boolean): Call => {
    const there = index === undefined ? latest : byIndex.get(index);
    if (id !== '') {
      const known = byId.get(id);
      if (known) {
        // The same id for another call, which has an index and a name of its own.
        const another =
          index !== undefined && !there && name !== '' && hasArguments && objectIn(known.text) !== undefined;
        return another ? begin('', index) : known;
      }
      if (there && there.id === '') {
        // Quirk 131: the id of a call may come late.
        there.id = id;
        byId.set(id, there);
        return there;
      }
      // Some make up another id for each delta; a call of its own has a name.
      if (there && there.name !== '' && name === '' && index !== undefined) return there;
      return begin(id, index);
    }
    if (!there) return begin('', index);
    // Parallel calls with neither ids nor indices: a named call behind a whole one is a new one.
    if (name !== '' && hasArguments && there.name !== '' && objectIn(there.text) !== undefined) return begin('', index);
    return there;
  };

  const start = (call: Call) => {
    call.started = true;
    emit({ type: 'tool-call-start', part: call.part, callId: call.id || fallbackId(call.order), name: call.name });
    if (call.text !== '') emit({ type: 'tool-call-arguments', part: call.part, delta: call.text });
  };

  return {
    add: (entry) => {
      if (!isFields(entry)) return;
      const fn = isFields(entry.function) ? entry.function : undefined;
      const name = said(fn?.name) ?? '';
      const given = fn?.arguments;
      // Quirk 134: arguments may come as an object.
      const text = typeof given === 'string' ? given : isFields(given) ? JSON.stringify(given) : '';
      const index = countOf(entry.index);
      const call = callFor(said(entry.id) ?? '', index, name, text !== '');
      latest = call;
      // Quirk 133: a name that comes again, or empty, changes nothing.
      if (call.name === '') call.name = name;
      if (text !== '') call.text += text;
      if (isFields(entry.extra_content)) call.extra = entry.extra_content as Json;
      if (call.started) {
        if (text !== '') emit({ type: 'tool-call-arguments', part: call.part, delta: text });
      } else if (call.name !== '') start(call); // quirk 132: not before the name is known
    },
    settle: () => {
      const events: DecoderEvent[] = [];
      let complete = 0;
      for (const call of calls) {
        // Google over this protocol wants its signature back with the call.
        if (call.extra !== undefined)
          events.push({ type: 'raw-part', part: call.part, of: 'tool-call', raw: { extra_content: call.extra } });
        const end = endOfCall(call.part, call.id || fallbackId(call.order), call.name, call.text);
        if (!end) continue;
        complete++;
        events.push(end);
      }
      return { events, complete, broken: calls.length - complete };
    },
  };
}
