import type { DecoderEvent } from '../../chat/event.ts';
import type { Json } from '../../chat/json.ts';
import { type CallCounts, endOfCall, idSuffix, madeUpCallId } from '../tool-call.ts';
import { fieldsOf, listOf, said } from '../values.ts';

/** One call on its way. */
export interface Call {
  readonly part: number;
  callId: string;
  /** '' until it is told. */
  name: string;
  /** Grows by concatenation and is looked at once, at the end. */
  text: string;
  /** Arguments told whole; deltas behind them would only repeat them. */
  told: boolean;
  raw: Json | undefined;
  /** Nothing was said of it yet: it has no name, or may be several calls in one. */
  held: boolean;
}

export interface ToolCalls {
  /** @param order position among the calls */
  begin(callId: string | undefined, name: string): Call;
  /** A name that comes late, with the end of the call (quirk 66). */
  named(call: Call, name: string | undefined, callId: string | undefined): void;
  /** Is there a call of this id? */
  has(callId: string | undefined): boolean;
  addDelta(call: Call, delta: string): void;
  /** The whole arguments, where they come at the end (quirk 63). */
  tell(call: Call, whole: string): void;
  /** Says `tool-call-end` for each call; called once, when the provider has said it is done (quirk 43). */
  settle(): CallCounts;
}

/** Quirk 71: a tool of OpenAI's own that wraps calls made at once, sometimes handed through as if it were the user's. */
const WRAPPERS: ReadonlySet<string> = new Set(['parallel', 'multi_tool_use.parallel']);
/** Shorter ids than this are counted, not random: they come again in the next response (quirk 77). */
const SHORTEST_UNIQUE = 16;

/**
 * @param newPart claims the next part of the message
 * @param responseId of this response, '' where it has none
 */
export function createToolCalls(
  emit: (event: DecoderEvent) => void,
  newPart: () => number,
  responseId: () => string,
): ToolCalls {
  const calls: Call[] = [];

  const idOf = (given: string | undefined): string => {
    if (given !== undefined && given.length >= SHORTEST_UNIQUE) return given;
    return given === undefined ? madeUpCallId(responseId(), calls.length) : `${given}_${idSuffix(responseId())}`;
  };

  const say = (call: Call, delta: string) => {
    call.text += delta;
    if (!call.held) emit({ type: 'tool-call-arguments', part: call.part, delta });
  };

  const start = ({ part, callId, name, text }: Call) => {
    emit({ type: 'tool-call-start', part, callId, name });
    if (text !== '') emit({ type: 'tool-call-arguments', part, delta: text });
  };

  return {
    begin: (given, name) => {
      const held = name === '' || WRAPPERS.has(name);
      const call: Call = {
        part: WRAPPERS.has(name) ? -1 : newPart(),
        callId: idOf(given),
        name,
        text: '',
        told: false,
        raw: undefined,
        held,
      };
      calls.push(call);
      if (!held) start(call);
      return call;
    },
    named: (call, name, callId) => {
      if (call.name !== '' || name === undefined) return;
      call.name = name;
      if (callId !== undefined) call.callId = idOf(callId);
      call.held = false;
      start(call);
    },
    has: (callId) => callId !== undefined && calls.some((call) => call.callId === idOf(callId)),
    addDelta: (call, delta) => {
      if (!call.told) say(call, delta);
    },
    tell: (call, whole) => {
      call.told = true;
      // What no delta has said; where it says something else, the deltas hold.
      if (whole.length > call.text.length && whole.startsWith(call.text)) say(call, whole.slice(call.text.length));
    },
    settle: () => {
      let complete = 0;
      let broken = 0;
      for (const call of calls) {
        const end = endOfCall(call.part, call.callId, call.name, call.text);
        if (!end) {
          broken++;
          continue;
        }
        if (!call.held) {
          if (call.raw !== undefined) emit({ type: 'raw-part', part: call.part, of: 'tool-call', raw: call.raw });
          emit(end);
          complete++;
          continue;
        }
        const inside = wrapped(end.arguments) ?? [{ name: call.name, text: end.arguments }];
        for (const [n, one] of inside.entries()) {
          const part = newPart();
          const callId = inside.length > 1 ? `${call.callId}_${n}` : call.callId;
          emit({ type: 'tool-call-start', part, callId, name: one.name });
          emit({ type: 'tool-call-arguments', part, delta: one.text });
          emit({ type: 'tool-call-end', part, callId, name: one.name, arguments: one.text });
          complete++;
        }
      }
      return { complete, broken };
    },
  };
}

/** The calls inside of a wrapper, undefined where it is none. */
function wrapped(text: string): { readonly name: string; readonly text: string }[] | undefined {
  const calls = listOf(fieldsOf(JSON.parse(text)).tool_uses).map((use) => {
    const { recipient_name: name, parameters } = fieldsOf(use);
    return { name: said(name)?.replace(/^functions\./, '') ?? '', text: JSON.stringify(parameters ?? {}) };
  });
  return calls.length > 0 && calls.every(({ name }) => name !== '') ? calls : undefined;
}
